"""Infra: configuration of what a service stands on."""

from __future__ import annotations

from forge.contracts.rules.contract import bad_name
from forge.contracts.shapes import (
    Anything,
    Boolean,
    Key,
    MapOf,
    Number,
    OneOf,
    Record,
    Text,
    Word,
)
from forge.contracts.vocabulary import InfraCategory

ENV_NAME = Text(
    "a variable name in UPPER_SNAKE_CASE",
    r"[A-Z][A-Z0-9_]*",
    "AUTH_SECRET",
    bad_name.RULE,
)

ENV_VAR = Record(
    "an environment variable",
    (
        Key("description", Text(), "What it is for."),
        Key(
            "default",
            OneOf((Text(), Number(), Boolean())),
            "Its value where it is not set.",
        ),
        Key("required", Boolean(), "Whether the service refuses to start without it."),
        Key("secret", Boolean(), "Whether its value is never shown."),
    ),
)

SPEC = Record(
    "an infra contract",
    (
        Key(
            "category",
            Word("a category", tuple(InfraCategory)),
            "What it is about.",
            True,
        ),
        Key("config", MapOf(Anything()), "Settings of the category."),
        Key(
            "env_vars",
            MapOf(OneOf((ENV_VAR, Text())), ENV_NAME),
            "Environment variables.",
        ),
        Key("bootstrap", MapOf(Anything()), "Records to create in an empty database."),
    ),
)
