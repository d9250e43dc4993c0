"""What is stored, what holds between records, and the state machine, broken."""

from mutation import (
    ENTITIES,
    SCHEMA,
    mutation,
)

RECORDS = (
    mutation(
        "defaults are forgotten",
        "tickets::Creating",
        (
            "filling.py",
            "else native(one, one.default)",
            "else None",
        ),
    ),
    mutation(
        "a time keeps the clock of its zone",
        "tickets::Creating",
        (
            "wire.py",
            "return value if value.tzinfo is UTC else value.astimezone(UTC)",
            "return value.replace(tzinfo=UTC)",
        ),
    ),
    mutation(
        "a decimal is answered as a number",
        "sla_policies::Creating",
        ("links.py", 'shown[name] = format(value, "f")', "shown[name] = float(value)"),
    ),
    mutation(
        "durations are kept as they were written",
        "sla_policies::Creating",
        (
            "wire.py",
            "return duration_text(*duration_parts(text))",
            "duration_parts(text)\n    return text",
        ),
    ),
    mutation(
        "numbers leave gaps",
        "agents::Creating",
        ("sequences.py", "value = counter.value + 1", "value = counter.value + 2"),
    ),
    mutation(
        "updated_at is forgotten",
        "agents::Updating",
        (
            "writes.py",
            "        if field.computed is Computed.NOW_ON_UPDATE:\n            record",
            "        if field.computed is None:\n            pass\n"
            "        elif field.computed is Computed.NOW_ON_UPDATE and not record:\n"
            "            record",
        ),
        (
            "lone_updates.py",
            "    return field.computed is Computed.NOW_ON_UPDATE or (",
            "    return (",
        ),
    ),
    mutation(
        "an expression subtracts the wrong way round",
        "tickets::Creating",
        (ENTITIES, "ops.subtract(", "ops.add("),
    ),
    mutation(
        "a sensitive field leaks",
        "customers::Creating",
        (
            "entity.py",
            "return tuple(f for f in self.fields if not f.sensitive)",
            "return self.fields",
        ),
    ),
    mutation(
        "a create answers a wrong location",
        "agents::Creating",
        (
            "writing.py",
            'place = (b"location", context.path_of(record).encode())',
            'place = (b"location", b"/")',
        ),
    ),
    mutation(
        "a repeated value is not explained",
        "agents::Refusing",
        (
            "violations.py",
            "return UniqueConflict(repeated or _reported(entity, fault))",
            "return fault",
        ),
    ),
    mutation(
        "a value that may occur once occurs twice",
        "sla_policies::Refusing",
        (SCHEMA, '    CONSTRAINT "sla_policies_name_key" UNIQUE ("name"),\n', ""),
    ),
    mutation(
        "a reference may lead to a deleted record",
        "tickets::Referring",
        (
            "references.py",
            "return target is not None and bool(target.soft_delete or target.tenant)",
            "return False",
        ),
    ),
    mutation(
        "a record in use can be deleted",
        "tickets::Referring",
        (
            SCHEMA,
            'REFERENCES "sla_policies" ("id") ON DELETE RESTRICT',
            'REFERENCES "sla_policies" ("id") ON DELETE SET NULL',
        ),
    ),
    mutation(
        "a delete does not cascade",
        "reviews::Referring",
        (
            SCHEMA,
            'REFERENCES "tickets" ("id") ON DELETE CASCADE',
            'REFERENCES "tickets" ("id") ON DELETE RESTRICT',
        ),
    ),
    mutation(
        "a delete cascades instead of clearing the reference",
        "tickets::Referring",
        (
            SCHEMA,
            'REFERENCES "agents" ("id") ON DELETE SET NULL',
            'REFERENCES "agents" ("id") ON DELETE CASCADE',
        ),
    ),
    mutation(
        "deleted records stay visible",
        "customers::Deleting",
        (
            "visibility.py",
            "if entity.soft_delete and sight.deleted is not Deleted.INCLUDE:",
            "if False:",
        ),
    ),
)

STEPS = (
    mutation(
        "any step is possible",
        "tickets::Transitions",
        (
            "transitions.py",
            "if wanted not in allowed:",
            "if wanted not in workflow.transitions:",
        ),
    ),
    mutation(
        "the fields of a guard are not required",
        "tickets::Transitions",
        ("transitions.py", 'if record[name] in (None, ""))', "if record[name] == 0)"),
    ),
    mutation(
        "the condition of a guard is not checked",
        "tickets::Transitions",
        (
            "transitions.py",
            "holds = guard.condition is None or guard.condition(record, caller) is True",
            "holds = True",
        ),
    ),
    mutation(
        "side effects do not happen",
        "tickets::Transitions",
        ("transitions.py", "after[field.name] = value_of(", "value_of("),
    ),
    mutation(
        "the legal states are not told",
        "tickets::Transitions",
        ("problems.py", '"allowed_states": fault.allowed,', '"allowed_states": [],'),
    ),
    mutation(
        "one step of the contract is missing",
        "tickets::Transitions",
        (
            ENTITIES,
            '"waiting_customer": ("in_progress", "closed"),',
            '"waiting_customer": ("closed",),',
        ),
    ),
    mutation(
        "a record begins in another state",
        "knowledge_articles::Creating",
        (ENTITIES, 'initial="draft",', 'initial="submitted",'),
    ),
)
