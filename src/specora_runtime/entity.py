"""The shape of stored records, as data: what generated `entities.py` declares.

An `Entity` says what a table holds and how a record behaves. Wire constraints (lengths, patterns,
bounds) are in the generated Pydantic models and in the schema's CHECKs; they are not repeated here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

Record = dict[str, Any]
"""One row, by field name, in native values (see `Type`)."""

Function = Callable[[Record, "Caller"], Any]
"""A compiled expression or condition: `(record, caller) -> value`."""


class Type(StrEnum):
    """What a field holds. The comment gives the Python value in a `Record` and its JSON form."""

    STRING = "string"  # str
    TEXT = "text"  # str
    EMAIL = "email"  # str
    UUID = "uuid"  # str, lower case with hyphens
    INTEGER = "integer"  # int, 64-bit
    NUMBER = "number"  # float
    DECIMAL = "decimal"  # Decimal; a string in JSON
    BOOLEAN = "boolean"  # bool
    DATETIME = "datetime"  # aware UTC datetime; RFC 3339 with `Z` in JSON
    DATE = "date"  # date
    TIME = "time"  # naive time; `HH:MM:SS[.ffffff]` in JSON
    DURATION = "duration"  # canonical ISO 8601 str
    BINARY = "binary"  # bytes; base64 in JSON
    ARRAY = "array"  # list of JSON values
    OBJECT = "object"  # dict of JSON values
    JSON = "json"  # any JSON value


class Computed(StrEnum):
    """How the service fills a field that no client may set."""

    NOW = "now"  # when the record is created
    NOW_ON_UPDATE = "now_on_update"  # on every write
    UUID = "uuid"  # UUIDv7
    IDENTITY = "identity"  # an integer that the database counts
    CURRENT_USER = "current_user"  # the caller's id; on create only where immutable
    SEQUENCE = "sequence"  # `Field.sequence`
    EXPRESSION = "expression"  # `Field.expression`, on every write


class OnDelete(StrEnum):
    """What happens to a record when the record it refers to is deleted."""

    RESTRICT = "restrict"
    CASCADE = "cascade"
    SET_NULL = "set_null"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking. Anonymous when authentication is off or no token came."""

    id: str | None = None
    email: str | None = None
    role: str | None = None
    unrestricted: bool = False
    """Has every role, because authentication is switched off."""
    tenant: str | None = None
    """The tenant that the caller acts for, as the request writes it."""
    every_tenant: bool = False
    """Sees the records of all tenants: the service itself, and never a client."""

    def has_one_of(self, roles: tuple[str, ...]) -> bool:
        """Whether the caller may do what `roles` may; everyone may where none are named."""
        return not roles or self.unrestricted or self.role in roles


ANONYMOUS = Caller()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A gapless number such as `TKT-000001`.

    `prefix` and `suffix` may hold `{year}`, `{month}` and `{day}` (UTC); numbers restart for each
    distinct text around them. `width` is the minimum number of digits.
    """

    prefix: str = ""
    width: int = 6
    suffix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a record and the column that stores it."""

    name: str
    type: Type
    column: str = ""
    """Name of the column; empty when it is the field's name."""
    required: bool = False
    """NOT NULL in the database."""
    immutable: bool = False
    sensitive: bool = False
    """Accepted on write; never in a response, a filter, a sort, a log or a link."""
    computed: Computed | None = None
    sequence: Sequence | None = None
    expression: Function | None = None
    default: Any = None
    """Stored when a create leaves the field out. JSON form; `None` means no default."""
    values: tuple[str | int | float, ...] = ()
    """The legal values of an enum."""
    items: Type | None = None
    """Type of the elements of an array."""
    scale: int | None = None
    """Digits after the point of a decimal."""

    @property
    def stored_as(self) -> str:
        """The column's name."""
        return self.column or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A reference from `fields` of this entity to `target_fields` of another one."""

    fields: tuple[str, ...]
    target: str
    """Name of the entity referred to."""
    target_fields: tuple[str, ...] = ("id",)
    on_delete: OnDelete = OnDelete.RESTRICT
    link: str = ""
    """Relation name in `_links` (`customer` for `customer_id`); empty for none."""
    expand: str = ""
    """Name in `expand` where that is not `link`."""
    inverse: str = ""
    """Name in `expand` of what refers here, for the target; empty for none."""
    edge: str = ""
    """Name of the relation in the graph; empty where it is no part of it."""
    reversed: bool = False
    """Whether the edge points from the target to the record that refers to it."""
    constraint: str = ""
    """Name of the constraint in the schema, by which PostgreSQL reports a violation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """Fields whose values together occur once."""

    fields: tuple[str, ...]
    constraint: str
    """Name of the constraint or unique index in the schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Full-text search over some fields."""

    fields: tuple[str, ...]
    """In the order of their weight."""
    index: str
    """Name of the index in the schema: on SQLite, of the table of words."""
    column: str = "search_vector"
    """On PostgreSQL, the column that holds the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetField:
    """Store a value with a write."""

    field: str
    value: Any = None
    """A JSON literal; ignored when `function` or `sequence` is set."""
    function: Function | None = None
    sequence: Sequence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmitEvent:
    """Write an event to the outbox in the write's transaction."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Run a function of `behaviors/` in the write's transaction, after it is stored."""

    function: str
    """`module.name`."""


Effect = SetField | EmitEvent | Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What must hold before a transition."""

    require_fields: tuple[str, ...] = ()
    condition: Function | None = None
    condition_text: str = ""
    """The condition as the contract writes it, for the error's detail."""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A state machine over one field."""

    field: str
    initial: str
    transitions: Mapping[str, tuple[str, ...]]
    """State -> states it may go to, in the contract's order. Every state is a key."""
    # `dataclasses.field` by its full name: here, `field` is a member of the class.
    guards: Mapping[tuple[str, str], Guard] = dataclasses.field(default_factory=dict)
    effects: Mapping[tuple[str, str], tuple[Effect, ...]] = dataclasses.field(
        default_factory=dict
    )
    """(from, to) -> effects, wildcards expanded, in order."""
    variant_field: str = ""
    """Field whose value selects one of `variants`; empty for none."""
    variants: Mapping[str, Mapping[str, tuple[str, ...]]] = dataclasses.field(
        default_factory=dict
    )

    def allowed(self, record: Record) -> tuple[str, ...]:
        """The states that `record` may go to."""
        state = record[self.field]
        if self.variant_field:
            variant = self.variants.get(str(record.get(self.variant_field)))
            if variant is not None and state in variant:
                return variant[state]
        return self.transitions.get(state, ())


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A kind of record: its table, its keys and its behaviour."""

    name: str
    table: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("id",)
    """Primary key fields. Several are joined by a comma in a path."""
    foreign_keys: tuple[ForeignKey, ...] = ()
    unique: tuple[Unique, ...] = ()
    workflow: Workflow | None = None
    soft_delete: str = ""
    """Name of the field that holds the time of deletion; empty when rows are really deleted."""
    tenant: str = ""
    """Name of the field that holds the tenant; empty when records belong to none."""
    search: Search | None = None
    path: str = ""
    """Path of the collection (`/tickets`), for links; empty when no route serves the entity."""
    expressions: tuple[str, ...] = ()
    """The fields with an expression, where one reads another that is declared behind it."""

    @cached_property
    def expressed(self) -> tuple[tuple[Field, Function], ...]:
        """Computed fields and their expressions, each behind those that it reads."""
        names = self.expressions or tuple(self.by_name)
        fields = (self.by_name[name] for name in names)
        return tuple((f, f.expression) for f in fields if f.expression is not None)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Fields by name, in order."""
        return {f.name: f for f in self.fields}

    @cached_property
    def visible(self) -> tuple[Field, ...]:
        """The fields that may leave the service."""
        return tuple(f for f in self.fields if not f.sensitive)
