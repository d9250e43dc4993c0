"""Agent: what a model may do on an event."""

from __future__ import annotations

from forge.contracts.fields import NAME, NAMES, fqn
from forge.contracts.shapes import (
    Anything,
    Boolean,
    Key,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Record,
    Text,
)

INPUT = Record(
    "input",
    (
        Key("entity", fqn("entity"), "The entity looked at.", True),
        Key("fields", NAMES, "The fields it sees; all where left out."),
        Key("context", ListOf(Text(), 0, True), "What else it sees."),
    ),
)

OUTPUT = Record(
    "output",
    (Key("updates", MapOf(Anything(), NAME, 1), "Fields it may set.", True),),
)

FEEDBACK = Record(
    "feedback",
    (
        Key("enabled", Boolean(), "Whether corrections are kept."),
        Key("endpoint", Text(), "Path that takes corrections."),
    ),
)

SPEC = Record(
    "an agent",
    (
        Key("trigger", Text(), "The event that starts it.", True),
        Key(
            "threshold", Number(False, 0, 1), "Least confidence to apply a result; 0.7."
        ),
        Key(
            "input",
            INPUT,
            "What the agent sees.",
            True,
        ),
        Key(
            "output",
            OUTPUT,
            "What the agent may change.",
            True,
        ),
        Key("approach", Text(), "How it works, for people and models."),
        Key("constraints", ListOf(Text()), "Rules it keeps."),
        Key(
            "fallback",
            OneOf((MapOf(Anything()), Text())),
            "What to do when it is not sure.",
        ),
        Key(
            "feedback",
            FEEDBACK,
            "How people correct it.",
        ),
    ),
)
