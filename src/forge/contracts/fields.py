"""The shape of a field, shared by entities, mixins and request bodies."""

from __future__ import annotations

from forge.contracts.rules.contract import bad_fqn, bad_name
from forge.contracts.rules.entity import unknown_field_type
from forge.contracts.shapes import (
    SNAKE,
    Anything,
    Boolean,
    Key,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Record,
    Shape,
    Text,
    Word,
)
from forge.contracts.vocabulary import FieldType, GraphDirection, OnDelete

NAME = Text("a name in snake_case", SNAKE, "sla_policy", bad_name.RULE)


def fqn(kind: str) -> Text:
    """A fully qualified name of one kind."""
    article = "an" if kind[0] in "aei" else "a"
    return Text(
        f"{article} {kind}",
        rf"{kind}/{SNAKE}/{SNAKE}",
        f"{kind}/helpdesk/example",
        bad_fqn.RULE,
    )


ANY_FQN = Text(
    "a contract",
    rf"(entity|workflow|route|page|agent|mixin|infra)/{SNAKE}/{SNAKE}",
    "entity/helpdesk/ticket",
    bad_fqn.RULE,
)
NAMES = ListOf(NAME, minimum=1, unique=True)
NAME_LISTS = ListOf(NAMES)
FORMER: Shape = OneOf((NAME, NAMES))
SCALAR: Shape = OneOf((Text(), Number(), Boolean()))
BOUND: Shape = OneOf((Number(), Text("a number, or a date or time as text")))

CONSTRAINTS = Record(
    "constraints",
    (
        Key("min", BOUND, "Smallest value of a number, a date or a time."),
        Key("max", BOUND, "Greatest value of a number, a date or a time."),
        Key("minLength", Number(True, 0), "Fewest characters of a text."),
        Key("maxLength", Number(True, 0), "Most characters of a text."),
        Key("minItems", Number(True, 0), "Fewest elements of an array."),
        Key("maxItems", Number(True, 0), "Most elements of an array."),
        Key(
            "pattern",
            Text(),
            "Regular expression that a text has to contain a match of.",
        ),
        Key("precision", Number(True, 1, 1000), "Most digits of a decimal."),
        Key(
            "scale", Number(True, 0, 1000), "Most digits of a decimal after the point."
        ),
    ),
)

EDGE = Text(
    "an edge name in UPPER_SNAKE_CASE", r"[A-Z][A-Z0-9_]*", "ASSIGNED_TO", bad_name.RULE
)

REFERENCES = Record(
    "references",
    (
        Key("entity", fqn("entity"), "The entity whose key this field holds.", True),
        Key("field", NAME, "The field referred to; the entity's key where left out."),
        Key("display", NAME, "The field that stands for the record on a page."),
        Key("graph_edge", EDGE, "Name of the relation in the graph."),
        Key(
            "graph_direction",
            Word("a direction", tuple(GraphDirection)),
            "Which way the relation points; `forward` where left out.",
        ),
        Key(
            "on_delete",
            Word("a reaction to deletion", tuple(OnDelete)),
            "What happens when the record referred to is deleted; `restrict` where left out.",
        ),
    ),
)

FIELD = Record(
    "a field",
    (
        Key(
            "type",
            Word("a field type", tuple(FieldType), unknown_field_type.RULE),
            "What the field holds.",
            True,
        ),
        Key("description", Text(), "What the field means, for people."),
        Key("required", Boolean(), "Whether every record has a value."),
        Key("immutable", Boolean(), "Whether the value stays as it was created."),
        Key(
            "sensitive",
            Boolean(),
            "Accepted and stored, never sent, logged or filtered by.",
        ),
        Key("unique", Boolean(), "Whether no two records share a value."),
        Key("default", Anything(), "Stored when a create leaves the field out."),
        Key(
            "format", Text(), "A narrower form: `int16`, `int32`, `uri`, `hostname` ..."
        ),
        Key("enum", ListOf(SCALAR, minimum=1, unique=True), "The legal values."),
        Key(
            "enum_name",
            Text(),
            "Name of the enum type, to share it or keep a database's.",
        ),
        Key(
            "items_type",
            Word("a field type", tuple(FieldType), unknown_field_type.RULE),
            "Type of an array's elements.",
        ),
        Key(
            "computed",
            Text(),
            "How the service fills the field: `now`, `now_on_update`, `uuid`, `identity`, "
            "`current_user`, `sequence(FMT)` or an expression. No client may set it.",
        ),
        Key("constraints", CONSTRAINTS, "Bounds on the value."),
        Key(
            "references",
            REFERENCES,
            "The record of another entity that the value points to.",
        ),
        Key(
            "renamed_from",
            FORMER,
            "The field's former name, or names with the latest first, so that its values are kept.",
        ),
        Key("column", Text("a column name", r"[^\x00]{1,63}"), "Name of the column."),
    ),
)

FIELDS = MapOf(FIELD, NAME)
