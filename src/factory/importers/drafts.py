"""What an importer finds: entities, routes and the rest, each with its evidence.

Names are those of the source; `naming` makes contract names of them. Values of `keys` are the keys
of the contract language, so that an importer says in full what it has understood, and whatever
it cannot say is an `Unmapped` with the place and the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Keys = Mapping[str, Any]
"""Keys of a contract with JSON values."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a source file; lines count from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact stands, and the rule by which it was read: `sql/create-table`."""

    place: Place
    rule: str


@dataclass(frozen=True, slots=True, order=True)
class Unmapped:
    """What the source says and no contract can, or does not yet."""

    place: Place
    what: str
    """As the source writes it, shortened."""
    reason: str
    entity: str = ""
    """The entity's name in the source, whose contract gets the note; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A field that holds the key of another record."""

    entity: str
    """Its name in the source."""
    field: str = ""
    """The field referred to; empty for the key."""
    on_delete: str = ""
    """`cascade`, `set_null`, `restrict`, or empty where the source says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDraft:
    """A field as the source names it."""

    name: str
    keys: Keys
    """`type` and what else the language says of a field, but for `references` and `column`."""
    evidence: Evidence
    called: str = ""
    """Its name in the contract where that does not follow from `name`."""
    column: str = ""
    """The column's name where it is not the field's."""
    reference: Reference | None = None
    neutral: str = ""
    """The type as the report's facts name it, where it does not follow from `type`."""
    neutral_required: bool = False
    """Whether the source requires it, also where null is a value and the contract does not."""
    mentions: str = ""
    """The entity whose records it holds without being a reference: a list of them."""
    inherited: bool = False
    """Taken over from another schema, or composed of one, so that the facts tell it there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKeyDraft:
    """A reference of several fields together."""

    fields: tuple[str, ...]
    entity: str
    references: tuple[str, ...] = ()
    on_delete: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityDraft:
    """A table, a model or a schema."""

    name: str
    """In the source; unique among the entities of an import."""
    fields: tuple[FieldDraft, ...]
    evidence: Evidence
    table: str = ""
    """The table's name where the source has tables."""
    primary_key: tuple[str, ...] = ()
    """Empty where the source names none: the entity then gets an `id` of its own."""
    foreign_keys: tuple[ForeignKeyDraft, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    unique_indexes: tuple[tuple[str, ...], ...] = ()
    """Unique keys that the source declares as indexes; in a contract there is no difference."""
    description: str = ""
    keys: Keys = field(default_factory=dict)
    """What else the entity's contract says: `mixins`, `tenant_scoped`."""
    paged: bool = True
    """Whether people look at its records: not where it only carries operations."""
    workflow: str = ""
    """Name of the `ContractDraft` whose states its records have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointDraft:
    """One method on one path below a route's base path."""

    method: str
    path: str
    evidence: Evidence
    keys: Keys = field(default_factory=dict)
    """`summary`, `roles`, `request_body`, `response`, `handler` ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDraft:
    """A collection under a path. `endpoints` empty stands for the standard ones."""

    entity: str
    base_path: str
    endpoints: tuple[EndpointDraft, ...] = ()
    name: str = ""
    """Of the contract; from the path where empty."""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDraft:
    """A contract of another kind, written as it is: `Workflow`, `Infra`, `Agent`."""

    kind: str
    name: str
    spec: Keys
    evidence: Evidence
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """All that an importer makes of a source."""

    entities: tuple[EntityDraft, ...] = ()
    routes: tuple[RouteDraft, ...] = ()
    """Entities without one get a route with the standard endpoints where `routed` holds."""
    contracts: tuple[ContractDraft, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    enums: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """Named enums of the source."""
    operations: tuple[tuple[str, str], ...] = ()
    """Method and full path of every operation that the source names."""
    checklist: tuple[str, ...] = ()
    """What a person has to see to, such as success criteria."""
    routed: bool = True
    others: tuple[str, ...] = ()
    """Named things of the source that are no entities: enums, lists."""
    place: Place = Place("", 1)
    """Where a part of a source begins."""
    parts: Mapping[str, Imported] = field(default_factory=dict)
    """Services of one source, each a domain of its own; nothing but `unmapped` stands beside."""
    lists_single_unique: bool = True
    """Whether the source counts a unique field among its unique keys; Prisma does not."""


class Unreadable(Exception):
    """The source is no document of the format at all. The text says where and why."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason
