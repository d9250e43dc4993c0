"""What bodies may hold, broken."""

from mutation import (
    ENTITIES,
    MODELS,
    NO_CHECKS,
    SCHEMA,
    Edit,
    mutation,
)

BODIES = (
    mutation(
        "a required field may be left out",
        "reviews::Refusing",
        Edit(
            MODELS,
            "    rating: Annotated[Int16, Bounds(ge=1, le=5)]\n",
            "    rating: Int16 = 1\n",
            2,
        ),
        (
            ENTITIES,
            'Field(name="rating", type=Type.INTEGER, required=True)',
            'Field(name="rating", type=Type.INTEGER, required=True, default=1)',
        ),
    ),
    mutation(
        "a value outside the enum is stored",
        "customers::Refusing",
        (
            MODELS,
            '    plan: Literal["free", "pro", "enterprise"] = "free"',
            '    plan: Text = "free"',
        ),
        NO_CHECKS,
    ),
    mutation(
        "a text may be shorter than its bound",
        "tickets::Refusing",
        Edit(
            MODELS,
            "subject: Annotated[Text, Length(min=3",
            "subject: Annotated[Text, Length(min=2",
            3,
        ),
        NO_CHECKS,
    ),
    mutation(
        "a text may be longer than its bound",
        "customers::Refusing",
        (
            "constraints.py",
            "max_length=most)",
            "max_length=None if most is None else most + 1)",
        ),
        NO_CHECKS,
    ),
    mutation(
        "an update does not check lengths",
        "tickets::Refusing",
        (
            MODELS,
            "    subject: Annotated[Text, Length(min=3, max=300)] = UNSET",
            "    subject: Text = UNSET",
        ),
        NO_CHECKS,
    ),
    mutation(
        "patterns are not checked",
        "customers::Refusing",
        ("constraints.py", "if self._compiled.search(value) is None:", "if False:"),
        NO_CHECKS,
    ),
    mutation(
        "a number may exceed its bound",
        "reviews::Refusing",
        Edit(MODELS, "Bounds(ge=1, le=5)", "Bounds(ge=1, le=6)", 3),
        NO_CHECKS,
    ),
    mutation(
        "a number may lie below its bound",
        "sla_policies::Refusing",
        Edit(MODELS, "Bounds(ge=1, le=8760)", "Bounds(ge=0, le=8760)", 2),
        NO_CHECKS,
    ),
    mutation(
        "a bound excludes the value on it",
        "reviews::Creating",
        Edit(MODELS, "Bounds(ge=1, le=5)", "Bounds(ge=1, le=4)", 3),
    ),
    mutation(
        "excess digits are rounded away",
        "sla_policies::Refusing",
        (
            "constraints.py",
            "if self.scale is not None and scale > self.scale:",
            "if False:",
        ),
    ),
    mutation(
        "an array may hold more elements than its bound",
        "knowledge_articles::Refusing",
        Edit(MODELS, "Items(max=20)", "Items(max=21)", 3),
        NO_CHECKS,
    ),
    mutation(
        "elements of an array are not checked",
        "tickets::Refusing",
        (
            MODELS,
            "    tags: list[Text] | None = None\n"
            "    comments: list[JsonObject] | None = None\n\n\nclass TicketUpdate",
            "    tags: list[object] | None = None\n"
            "    comments: list[JsonObject] | None = None\n\n\nclass TicketUpdate",
        ),
        (
            "values.py",
            "[json_form(items, item) for item in _list(value)]",
            "_list(value)",
        ),
    ),
    mutation(
        "unknown fields are ignored",
        "agents::Creating",
        ("types.py", 'extra="forbid", strict', 'extra="ignore", strict'),
        ("bodies.py", "    if found:\n        raise Invalid(tuple(found))\n", ""),
    ),
    mutation(
        "a text may hold NUL",
        "agents::Refusing",
        (
            "types.py",
            r'NO_NUL: Final = r"\A[^\x00]*\z"',
            r'NO_NUL: Final = r"\A[\s\S]*\z"',
        ),
        ("wire.py", r'if "\x00" in text:', "if False:"),
    ),
    mutation(
        "an update stores null in a required field",
        "tickets::Refusing",
        (
            MODELS,
            "    customer_id: Uuid = UNSET\n    assigned",
            "    customer_id: Uuid | None = UNSET\n    assigned",
        ),
        (
            "writes.py",
            "    if missing:\n",
            "    if False:\n",
        ),
        (
            SCHEMA,
            '"customer_id" TEXT NOT NULL,\n    "assigned_agent_id"',
            '"customer_id" TEXT,\n    "assigned_agent_id"',
        ),
    ),
    mutation(
        "an immutable field can be changed",
        "tickets::Refusing",
        (
            MODELS,
            "    customer_id: Uuid = UNSET\n    assigned",
            "    channel: Text = UNSET\n    customer_id: Uuid = UNSET\n    assigned",
        ),
        ("writes.py", "            or entity.by_name[name].immutable\n", ""),
    ),
    mutation(
        "malformed JSON counts as a broken contract",
        "agents::Refusing",
        (
            "problem_kinds.py",
            '            "malformed-json",\n            400,',
            '            "malformed-json",\n            422,',
        ),
    ),
    mutation(
        "a body may be as large as it likes",
        "agents::Refusing",
        (
            "bodies.py",
            "    if length.isdigit() and int(length[:20]) > limit:\n"
            "        raise BodyTooLarge(limit)\n",
            "",
        ),
        (
            "bodies.py",
            "    if len(raw) > limit:\n        raise BodyTooLarge(limit)\n",
            "",
        ),
    ),
)
