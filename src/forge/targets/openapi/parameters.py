"""The parameters of operations: filters, sorting, paging, keys and preconditions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cache
from typing import Any, Final, TypeAlias

from forge.emit.sql_names import searched
from forge.ir.application import Application, Endpoint
from forge.ir.entities import Entity, Field
from forge.ir.types import FieldType, Operation
from forge.targets.openapi import patterns, values
from forge.targets.openapi.components import Components
from forge.targets.openapi.values import Schema

MAX_LIMIT: Final = 1000
DEFAULT_LIMIT: Final = 100
MAX_SORTS: Final = 16
RESERVED: Final = frozenset(
    {"limit", "offset", "cursor", "sort", "count", "q", "fields", "expand"}
)
"""Names that mean something else than the field of that name."""

_EQUALITY = ("eq", "ne", "in", "nin", "null")
_ORDER = ("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "null", "between")
_PATTERN = (*_ORDER[:-2], "contains", "startswith", "endswith", "null", "between")

OPERATORS: Final[dict[FieldType, tuple[str, ...]]] = {
    FieldType.STRING: _PATTERN,
    FieldType.TEXT: _PATTERN,
    FieldType.EMAIL: _PATTERN,
    FieldType.UUID: _ORDER,
    FieldType.INTEGER: _ORDER,
    FieldType.NUMBER: _ORDER,
    FieldType.DECIMAL: _ORDER,
    FieldType.DATETIME: _ORDER,
    FieldType.DATE: _ORDER,
    FieldType.TIME: _ORDER,
    FieldType.BOOLEAN: _EQUALITY,
    FieldType.DURATION: _ORDER,
    FieldType.ARRAY: ("contains", "null"),
    FieldType.OBJECT: ("null",),
    FieldType.JSON: ("null",),
    FieldType.BINARY: ("null",),
}
"""The operators that the service knows for each type."""

SORTABLE: Final = frozenset(
    {t for t, operators in OPERATORS.items() if "gt" in operators} | {FieldType.BOOLEAN}
)
_NO_ELEMENTS = frozenset(
    {FieldType.ARRAY, FieldType.OBJECT, FieldType.JSON, FieldType.BINARY}
)
_LISTS = frozenset({"in", "nin", "between"})
_PARTIAL = frozenset({"contains", "startswith", "endswith"})
_TEXTUAL = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.EMAIL})
_TENANT: Schema = {"type": "string", "pattern": patterns.TENANT}
_TEXT: Schema = {"type": "string", "pattern": patterns.NO_NUL}

PAGING: Final[dict[str, dict[str, Any]]] = {
    "limit": {
        "name": "limit",
        "in": "query",
        "description": "How many items a page has at most.",
        "schema": {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_LIMIT,
            "default": DEFAULT_LIMIT,
        },
    },
    "offset": {
        "name": "offset",
        "in": "query",
        "description": "How many items to leave out. Not together with `cursor`.",
        "schema": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1, "default": 0},
    },
    "cursor": {
        "name": "cursor",
        "in": "query",
        "description": "`next_cursor` of the page before, for the same order and filters.",
        "schema": {"type": "string"},
    },
}
COUNT: Final = {
    "name": "count",
    "in": "query",
    "description": "What `total` tells: `exact`, `estimated` (the database's guess where it has "
    "one, no less than what was seen), or `none`, which leaves it out.",
    "schema": {
        "type": "string",
        "enum": ["exact", "none", "estimated"],
        "default": "exact",
    },
}
SEARCH: Final = {
    "name": "q",
    "in": "query",
    "description": "Words that all occur, whole and in any case, in the fields that are searched. "
    "Without `sort`, records with words in earlier fields come first.",
}
IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` that was read: if the record has another one, the answer is 412.",
    "schema": {"type": "string", "examples": ["*"]},
}
IF_MATCH_REQUIRED: Final = IF_MATCH | {"required": True}
PREFER: Final = {
    "name": "Prefer",
    "in": "header",
    "description": "`return=minimal` for an answer without the record.",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same request with the same key takes effect once in 24 hours: "
    "its answer is given again, with `Idempotent-Replayed: true`.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "pattern": "^[!-~]([ -~]*[!-~])?$",
    },
}
IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` that is known: if the record still has it, the answer is 304.",
    "schema": {"type": "string"},
}


DELETED: Final = {
    "name": "deleted",
    "in": "query",
    "description": "Which deleted records are shown, to those who may delete.",
    "schema": {
        "type": "string",
        "enum": ["exclude", "only", "include"],
        "default": "exclude",
    },
}


def tenant(header: str, field: Field | None, *, required: bool) -> dict[str, Any]:
    """The header that holds `field`: it names whose records a request is about."""
    about = (
        "The tenant that the record belongs to."
        if required
        else "The tenant whose records are read; where it names none there are none."
    )
    schema: Schema = {"type": "string"}
    if required:
        kind = FieldType.STRING if field is None else field.type
        schema = _TENANT if kind is FieldType.STRING else _typed(kind)
    return {
        "name": header,
        "in": "header",
        **({"required": True} if required else {}),
        "description": about,
        "schema": schema,
    }


@dataclass(slots=True)
class Filters:
    """The filters of all lists: those of fields that several lists have are components."""

    ir: Application
    components: Components
    _made: dict[Signature, list[Schema]] = dataclass_field(default_factory=dict)
    described: bool = True
    """Whether those that are shared are added to the components, not only referred to."""
    uses: Counter[Signature] = dataclass_field(default_factory=Counter)
    """How many lists have a filter on a field, by what the filter depends on."""

    def __post_init__(self) -> None:
        self.uses.update(signatures(self.ir))

    def of(self, entity: Entity, endpoint: Endpoint) -> list[Schema]:
        """Every parameter that a list takes."""
        section = self.components.parameters
        found: list[Schema] = [section.add(part, name) for name, part in PAGING.items()]
        sortable = [f.name for f in _visible(entity) if f.type in SORTABLE]
        if sortable:
            found.append(_sort(sortable))
        found += [self.fields(entity), section.add(COUNT, "count")]
        if searched(entity):
            found.append(section.add(_search(), "q"))
        for field in filterable(entity, endpoint):
            found += self._of(field, entity)
        return found

    def fields(self, entity: Entity) -> Schema:
        """The choice of fields, which a list and a single record share."""
        part = _fields([field.name for field in _visible(entity)])
        name = f"{entity.name}.fields"
        return self.components.parameters.add(part, name, f"{name}.shown")

    def _of(self, field: Field, entity: Entity) -> list[Schema]:
        signature = _signature(field)
        made = self._made.get(signature)
        if made is None:
            operators = operators_of(field)
            if self.uses[signature] > 1 and not self.described:
                made = _references(signature)
            elif self.uses[signature] > 1:
                made = [self._shared(field, entity, one) for one in operators]
            else:
                made = [_filter(field, one) for one in operators]
            self._made[signature] = made
        return made

    def _shared(self, field: Field, entity: Entity, operator: str) -> dict[str, str]:
        short = f"{field.name}.{operator}"
        part = _filter(field, operator)
        return self.components.parameters.add(part, short, f"{entity.name}.{short}")


@cache
def _references(signature: Signature) -> list[Schema]:
    section = Components().parameters
    return [dict(section.reference(name)) for name in shared_filters(signature)]


def shared_filters(signature: Signature) -> dict[str, Schema]:
    """The components that the lists with a filter on such a field share."""
    name, kind, items, enum = signature
    field = Field(name=name, type=kind, column=name, items_type=items, enum=enum)
    return {
        f"{name}.{operator}": _filter(field, operator)
        for operator in operators_of(field)
    }


Signature: TypeAlias = tuple[
    str, FieldType, FieldType | None, tuple[str | int | float, ...]
]


def signatures(ir: Application) -> Iterator[Signature]:
    """What the filters of all lists depend on, once for each list."""
    for route in ir.routes:
        entity = ir.entity(route.entity)
        endpoint = route.endpoint(Operation.LIST)
        if entity is not None and endpoint is not None:
            yield from map(_signature, filterable(entity, endpoint))


def _signature(field: Field) -> Signature:
    """All of a field that its filters depend on."""
    return field.name, field.type, field.items_type, field.enum


def operators_of(field: Field) -> tuple[str, ...]:
    """The operators by which a list can be filtered on a field."""
    if field.type is FieldType.ARRAY and field.items_type in _NO_ELEMENTS:
        return ("null",)
    return OPERATORS[field.type]


def parameter_name(field: Field, operator: str) -> str:
    """How a query string names a filter: `price[gte]`, and `price` for equality."""
    if operator == "eq" and field.name not in RESERVED:
        return field.name
    return f"{field.name}[{operator}]"


def path_parameters(path: str, entity: Entity, key_in: str | None) -> list[Schema]:
    """The parameters of a path; the one called `key_in` holds the record's key."""
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            **(_key(entity) if name == key_in else {"schema": {"type": "string"}}),
        }
        for name in names_in(path)
    ]


def names_in(path: str) -> list[str]:
    """The names of a path's parameters, in order."""
    return [
        part[1:-1] for part in path.split("/") if part[:1] == "{" and part[-1:] == "}"
    ]


def _key(entity: Entity) -> Schema:
    """The schema of the key in a path. What cannot be a key is a record that does not exist."""
    fields = [f for f in map(entity.field, entity.primary_key) if f is not None]
    if len(fields) == 1 and fields[0].type not in _TEXTUAL:
        return {"schema": values.parameter(fields[0])}
    schema: Schema = {"type": "string", "minLength": 1, "pattern": patterns.NO_NUL}
    if len(fields) == 1:
        return {"schema": schema}
    joined = ", ".join(f"`{f.name}`" for f in fields)
    return {
        "description": f"The values of {joined}, joined by commas; `\\,` is a comma in a value.",
        "schema": schema,
    }


def _visible(entity: Entity) -> Iterable[Field]:
    return (f for f in entity.fields if not f.sensitive)


def filterable(entity: Entity, endpoint: Endpoint) -> Iterable[Field]:
    chosen = endpoint.filters
    return (f for f in _visible(entity) if chosen is None or f.name in chosen)


def _sort(names: list[str]) -> dict[str, Any]:
    legal = "|".join(map(re.escape, names))
    return {
        "name": "sort",
        "in": "query",
        "description": "Fields to sort by, each at most once; `-` in front reverses the order, "
        "`:nullsfirst` or `:nullslast` behind places nulls.",
        "explode": False,
        "schema": {
            "type": "array",
            "items": {
                "type": "string",
                "pattern": f"^-?({legal})(:nullsfirst|:nullslast)?$",
            },
            "minItems": 1,
            "maxItems": MAX_SORTS,
            "uniqueItems": True,
        },
    }


def _fields(names: list[str]) -> dict[str, Any]:
    return {
        "name": "fields",
        "in": "query",
        "description": "The fields to show; the key and `_links` always come along.",
        "explode": False,
        "schema": {
            "type": "array",
            "items": {"type": "string", "enum": names},
            "minItems": 1,
            "uniqueItems": True,
        },
    }


def _filter(field: Field, operator: str) -> dict[str, Any]:
    name = parameter_name(field, operator)
    if operator == "null":
        return _single(name, {"type": "boolean"})
    if field.type is FieldType.ARRAY:
        return _comma_list(name, values.element(field), operator)
    schema = _TEXT if operator in _PARTIAL else _value(field)
    if operator in _LISTS:
        return _comma_list(name, schema, operator)
    return _single(name, schema)


def _value(field: Field) -> Schema:
    return values.parameter(field) if field.enum else _typed(field.type)


@cache
def _typed(type: FieldType) -> Schema:
    """One schema per type, so that its many users share it."""
    return values.parameter(Field(name="value", type=type, column="value"))


def _single(name: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def _comma_list(name: str, items: Schema, operator: str) -> dict[str, Any]:
    """The elements of a comma list. How long a URL may be bounds their number first."""
    schema: Schema = {"type": "array", "items": items}
    if operator == "between":
        schema |= {"minItems": 2, "maxItems": 2}
    elif items.get("pattern") != patterns.NO_NUL:
        # No element at all reads as one empty text, which only a text can be.
        schema["minItems"] = 1
    return {"name": name, "in": "query", "explode": False, "schema": schema}


@cache
def _search() -> Schema:
    return SEARCH | {"schema": {"type": "string", "pattern": patterns.words()}}
