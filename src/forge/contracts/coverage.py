"""What becomes of every key of the language, by target, as data.

The reference page and the rule `contract/not-carried-out` are made from these tables; a test keeps
them in step with the shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from forge.contracts import (
    agent,
    entity,
    envelope,
    fields,
    infra,
    page,
    route,
    workflow,
)
from forge.contracts import mixin as mixins
from forge.contracts.shapes import Key, Record
from forge.contracts.vocabulary import InfraCategory


class Fate(StrEnum):
    """What a target makes of a key."""

    ENFORCED = "E"
    LATER = "L"
    """Read and checked; using it gives `contract/not-carried-out`."""
    REFUSED = "R"
    """Where it would do something, `target/fastapi-prod/not-carried-out` says that it does not."""
    DOES_NOT_APPLY = "-"


TARGETS = (
    ("service", "fastapi-prod"),
    ("schema", "postgres, sqlite"),
    ("interface", "openapi, typescript, python-client"),
    ("containers", "docker"),
)
"""The columns: a letter of a row for each."""

SERVICE, STORED, SHOWN, NOWHERE, LATER = "E---", "EE--", "EEE-", "----", "L---"
DESCRIBED, SPOKEN, SERVED = "--E-", "E-E-", "E-EE"
NAMED = "EEEE"


@dataclass(frozen=True, slots=True)
class Section:
    """The keys of one record, each with a letter per target."""

    title: str
    record: Record
    rows: Mapping[str, str]
    note: str = ""

    def fates(self, key: str) -> tuple[Fate, ...]:
        """What each target makes of a key."""
        return tuple(Fate(letter) for letter in self.rows[key])

    def is_later(self, key: str) -> bool:
        """Whether no target carries the key out yet."""
        return Fate.LATER in self.fates(key)


def _all(record: Record, row: str) -> dict[str, str]:
    return {key.name: row for key in record.keys}


_BOUNDS: Iterable[str] = (key.name for key in fields.CONSTRAINTS.keys)
_ENVELOPE = Record(
    "a contract",
    (*envelope.ENVELOPE_KEYS, Key("spec", Record("spec", ()), "What it says.", True)),
)
_PAGES_COME_LATER = "Pages are checked; the target that shows them comes later."
_AGENTS_COME_LATER = "A contract of this kind gives the warning as a whole."

SECTIONS: tuple[Section, ...] = (
    Section(
        "Every contract",
        _ENVELOPE,
        {
            "apiVersion": NOWHERE, "kind": NAMED, "metadata": NAMED, "requires": NOWHERE,
            "spec": NAMED,
        },
        "`requires` orders contracts; what is needed follows from `spec`.",
    ),
    Section(
        "`metadata`",
        envelope.METADATA,
        {
            "name": NAMED, "domain": NAMED, "description": SHOWN, "tags": NOWHERE,
            "version": NOWHERE,
        },
    ),
    Section(
        "Entity `spec`",
        entity.SPEC,
        {
            "fields": SHOWN, "mixins": SHOWN, "state_machine": SHOWN, "table": STORED,
            "primary_key": SHOWN, "foreign_keys": SHOWN, "number_prefix": SHOWN, "icon": NOWHERE,
            "unique": STORED, "indexes": "-E--", "search": SHOWN, "tenant_scoped": SHOWN,
            "policies": LATER, "renamed_from": "-E--",
        },
    ),
    Section(
        "Field",
        fields.FIELD,
        {
            "type": SHOWN, "description": SHOWN, "required": SHOWN, "immutable": SPOKEN,
            "sensitive": SPOKEN, "unique": STORED, "default": SHOWN, "format": SHOWN,
            "enum": SHOWN, "enum_name": DESCRIBED, "items_type": SHOWN, "computed": SHOWN,
            "constraints": SHOWN, "references": SHOWN, "renamed_from": "-E--", "column": STORED,
        },
        "The formats of integers are enforced, and of texts `hostname ipv4 ipv6 slug uri`; the "
        "others give `entity/format-not-enforced`.",
    ),
    Section("`constraints`", fields.CONSTRAINTS, dict.fromkeys(_BOUNDS, SHOWN)),
    Section(
        "`references`",
        fields.REFERENCES,
        {
            "entity": STORED, "field": STORED, "display": NOWHERE, "graph_edge": SPOKEN,
            "graph_direction": SERVICE, "on_delete": STORED,
        },
        "`display` is for pages, whose target comes later.",
    ),
    Section(
        "Foreign key",
        entity.FOREIGN_KEY,
        {
            "fields": STORED, "entity": STORED, "references": STORED, "on_delete": STORED,
            "graph_edge": SPOKEN, "graph_direction": SERVICE,
        },
    ),
    Section(
        "Workflow `spec`",
        workflow.SPEC,
        {
            "initial": SHOWN, "states": SHOWN, "transitions": SERVICE, "guards": SERVICE,
            "side_effects": SERVICE, "type_overrides": SERVICE,
        },
    ),
    Section("State", workflow.STATE, _all(workflow.STATE, NOWHERE), _PAGES_COME_LATER),
    Section("Guard", workflow.GUARD, _all(workflow.GUARD, SERVICE)),
    Section(
        "Side effect of a transition",
        workflow.EFFECT,
        {"set_field": SERVICE, "emit_event": SERVICE, "call": SERVICE, "dispatch": LATER},
    ),
    Section("Type override", workflow.TYPE_OVERRIDE, {"transitions": SERVICE}),
    Section(
        "Route `spec`",
        route.SPEC,
        {
            "entity": SPOKEN, "base_path": SPOKEN, "endpoints": SPOKEN,
            "expose_transitions": SPOKEN, "global_behaviors": SPOKEN,
        },
    ),
    Section(
        "`global_behaviors`",
        route.GLOBAL_BEHAVIORS,
        _all(route.GLOBAL_BEHAVIORS, SPOKEN),
        "Operations that follow from others come after the listed ones, with their roles, rules "
        "and effects. Each operation of a bulk is the endpoint's own.",
    ),
    Section(
        "Endpoint",
        route.ENDPOINT,
        {
            "method": SPOKEN, "path": SPOKEN, "summary": DESCRIBED, "description": DESCRIBED,
            "roles": SPOKEN, "request_body": SPOKEN, "validation": SPOKEN, "auto_fields": SPOKEN,
            "side_effects": SERVICE, "response": SPOKEN, "hateoas": LATER, "filters": "EEE-",
            "rate_limit": LATER, "handler": SPOKEN,
        },
    ),
    Section(
        "`request_body`",
        route.REQUEST_BODY,
        {"required_fields": SPOKEN, "optional_fields": SPOKEN, "fields": SPOKEN},
    ),
    Section(
        "Validation rule",
        route.VALIDATION,
        {"rule": SERVICE, "message": SERVICE, "field": SERVICE, "on_fail": SERVICE},
    ),
    Section(
        "`on_fail`",
        route.ON_FAIL,
        {"status": SPOKEN, "error": SERVICE, "message": SERVICE},
    ),
    Section(
        "Side effect of an endpoint",
        route.SIDE_EFFECT,
        {
            "name": NOWHERE, "trigger": "R---", "set_field": SERVICE, "emit_event": SERVICE,
            "call": SERVICE, "dispatch": LATER, "graph_sync": LATER,
        },
    ),
    Section(
        "`response`",
        route.RESPONSE,
        {"status": SPOKEN, "shape": SPOKEN, "fields": SPOKEN, "body_example": DESCRIBED},
    ),
    Section("Rate limit", route.RATE_LIMIT_RECORD, _all(route.RATE_LIMIT_RECORD, LATER)),
    Section("Page `spec`", page.SPEC, _all(page.SPEC, NOWHERE), _PAGES_COME_LATER),
    Section("Data source", page.DATA_SOURCE, _all(page.DATA_SOURCE, NOWHERE)),
    Section("`display_rules`", page.DISPLAY_RULES, _all(page.DISPLAY_RULES, NOWHERE)),
    Section("View", page.VIEW, _all(page.VIEW, NOWHERE)),
    Section("Section", page.SECTION, _all(page.SECTION, NOWHERE)),
    Section("Agent `spec`", agent.SPEC, _all(agent.SPEC, LATER), _AGENTS_COME_LATER),
    Section("`input`", agent.INPUT, _all(agent.INPUT, LATER)),
    Section("`output`", agent.OUTPUT, _all(agent.OUTPUT, LATER)),
    Section("`feedback`", agent.FEEDBACK, _all(agent.FEEDBACK, LATER)),
    Section("Mixin `spec`", mixins.SPEC, {"fields": SHOWN}),
    Section(
        "Infra `spec`",
        infra.SPEC,
        {"category": SERVED, "config": SPOKEN, "env_vars": "E--E", "bootstrap": SERVICE},
        "What becomes of `config` and `bootstrap` depends on the category.",
    ),
    Section("Environment variable", infra.ENV_VAR, _all(infra.ENV_VAR, "E--E")),
)  # fmt: skip

_CARRIED_OUT = (InfraCategory.AUTH, InfraCategory.TENANCY)

CATEGORIES: Mapping[InfraCategory, str] = {
    category: SPOKEN if category in _CARRIED_OUT else LATER
    for category in InfraCategory
}
"""What becomes of the settings of each category of infra contracts."""

_BY_RECORD = {id(section.record): section for section in SECTIONS}
_LATER = {
    id(section.record): frozenset(key for key in section.rows if section.is_later(key))
    for section in SECTIONS
}


def section_of(record: Record) -> Section | None:
    """The rows of a record."""
    return _BY_RECORD.get(id(record))


def later_keys(record: Record) -> frozenset[str]:
    """The keys of a record that no target carries out yet."""
    return _LATER.get(id(record), frozenset())


def coverage_page() -> str:
    """The reference page in Markdown: key by target."""
    return "\n\n".join((_LEGEND, *map(_table, SECTIONS), _categories())) + "\n"


_MEANS = {
    Fate.ENFORCED: "enforced",
    Fate.LATER: "refused: `contract/not-carried-out`",
    Fate.REFUSED: "refused: `target/fastapi-prod/not-carried-out`",
    Fate.DOES_NOT_APPLY: "does not apply",
}

_LEGEND = """\
What becomes of every key of every contract, by target. *Enforced*: the target carries it \
out, or prints it. *Refused*: it is read and checked, nothing more, and the named diagnostic \
says so. *Does not apply*: the key has nothing to say to the target.

Targets: """ + ", ".join(f"{column} (`{targets}`)" for column, targets in TARGETS)


def _table(section: Section) -> str:
    rows = [(f"`{key}`", section.fates(key)) for key in section.rows]
    note = f"\n\n{section.note}" if section.note else ""
    return f"### {section.title}{note}\n\n" + "\n".join(_lines("key", rows))


def _categories() -> str:
    rows = [
        (f"`{category}`", tuple(Fate(letter) for letter in row))
        for category, row in CATEGORIES.items()
    ]
    return "### Settings by infra category\n\n" + "\n".join(_lines("category", rows))


def _lines(what: str, rows: Iterable[tuple[str, tuple[Fate, ...]]]) -> Iterator[str]:
    yield f"| {what} | " + " | ".join(column for column, _ in TARGETS) + " |"
    yield "|---" * (len(TARGETS) + 1) + "|"
    for name, fates in rows:
        yield f"| {name} | " + " | ".join(_MEANS[fate] for fate in fates) + " |"
