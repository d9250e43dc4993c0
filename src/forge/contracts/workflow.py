"""Workflow: states, and the steps between them."""

from __future__ import annotations

from forge.contracts.fields import NAME, NAMES
from forge.contracts.rules.contract import bad_name, bad_text
from forge.contracts.shapes import (
    SNAKE,
    Anything,
    Boolean,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Text,
    Word,
)
from forge.contracts.vocabulary import Category

STATE_NAME = Text("a state name in snake_case", SNAKE, "in_progress", bad_name.RULE)
STEP = Text(
    "a transition like `new -> closed`",
    rf"(\*|{SNAKE})\s*->\s*(\*|{SNAKE})|\*",
    "new -> closed",
    bad_text.RULE,
)

STATE = Record(
    "a state",
    (
        Key("label", Text(), "What people read."),
        Key(
            "category", Word("a category", tuple(Category)), "Open, on hold or closed."
        ),
        Key("terminal", Boolean(), "Whether the state is an end."),
        Key("color", Text(), "A colour for people."),
        Key("description", Text(), "What the state means."),
    ),
)

GUARD = Record(
    "a guard",
    (
        Key("require_fields", NAMES, "Fields that need a value."),
        Key("condition", Text(), "A condition in CEL over the record and `user`."),
        Key("roles", ListOf(Text(), 1, True), "Roles that may take the step."),
    ),
)

EFFECT = Record(
    "a side effect",
    (
        Key(
            "set_field", MapOf(Anything(), NAME, 1), "Fields to set: a value, or `now`."
        ),
        Key("emit_event", Text(), "Name of an event to write to the outbox."),
        Key("call", Text(), "A function of the domain's behaviors."),
        Key("dispatch", Text(), "An agent to run."),
    ),
)

TRANSITIONS = MapOf(ListOf(STATE_NAME, 0, True), STATE_NAME)

TYPE_OVERRIDE = Record(
    "a type override",
    (Key("transitions", TRANSITIONS, "The steps of this type.", True),),
)

SPEC = Record(
    "a workflow",
    (
        Key("initial", STATE_NAME, "The state of a new record.", True),
        Key(
            "states", MapOf(OneOf((STATE, Text())), STATE_NAME, 1), "The states.", True
        ),
        Key(
            "transitions",
            TRANSITIONS,
            "From each state, the states it may go to.",
            True,
        ),
        Key("guards", MapOf(GUARD, STEP), "What must hold before a step."),
        Key("side_effects", MapOf(ListOf(EFFECT), STEP), "What happens with a step."),
        Key(
            "type_overrides",
            MapOf(TYPE_OVERRIDE, Text()),
            "Other steps for records whose field `type` has this value.",
        ),
    ),
)
