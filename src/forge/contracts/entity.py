"""Entity: a kind of record."""

from __future__ import annotations

from forge.contracts.fields import (
    EDGE,
    FIELDS,
    FORMER,
    NAME,
    NAME_LISTS,
    NAMES,
    fqn,
)
from forge.contracts.rules.contract import bad_name
from forge.contracts.shapes import (
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
from forge.contracts.vocabulary import GraphDirection, OnDelete

FOREIGN_KEY = Record(
    "a foreign key",
    (
        Key("fields", NAMES, "The fields of this entity.", True),
        Key("entity", fqn("entity"), "The entity referred to.", True),
        Key("references", NAMES, "The fields referred to; the key where left out."),
        Key(
            "on_delete",
            Word("a reaction to deletion", tuple(OnDelete)),
            "As for a field.",
        ),
        Key("graph_edge", EDGE, "Name of the relation in the graph."),
        Key(
            "graph_direction",
            Word("a direction", tuple(GraphDirection)),
            "Which way the relation points; `forward` where left out.",
        ),
    ),
)

POLICY = Record("a policy", (), open=True)

SPEC = Record(
    "an entity",
    (
        Key("fields", FIELDS, "The fields, in the order in which people see them."),
        Key(
            "mixins",
            ListOf(fqn("mixin"), unique=True),
            "Groups of fields to take over.",
        ),
        Key("state_machine", fqn("workflow"), "The workflow of the field `state`."),
        Key("table", Text("a table name", r"[^\x00]{1,63}"), "Name of the table."),
        Key("primary_key", OneOf((NAME, NAMES)), "The field, or fields, of the key."),
        Key(
            "foreign_keys",
            ListOf(FOREIGN_KEY),
            "References of several fields together.",
        ),
        Key(
            "number_prefix",
            Text(
                "a prefix of 2 to 6 capitals",
                r"[A-Z][A-Z0-9]{1,5}",
                "TKT",
                bad_name.RULE,
            ),
            "Gives every record a `number` such as `TKT-000001`.",
        ),
        Key("icon", Text(), "Name of an icon."),
        Key("unique", NAME_LISTS, "Lists of fields whose values together occur once."),
        Key("indexes", NAME_LISTS, "Lists of fields to index."),
        Key("search", NAMES, "Fields that a full-text search looks at."),
        Key("tenant_scoped", Boolean(), "Whether each record belongs to a tenant."),
        Key(
            "policies",
            OneOf((ListOf(POLICY), MapOf(Anything()))),
            "Who may see which rows.",
        ),
        Key(
            "renamed_from",
            FORMER,
            "The entity's former name, or names with the latest first, so that its rows are kept.",
        ),
    ),
)
