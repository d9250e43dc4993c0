"""The keys and indexes of a generated schema, and their names.

The schema's targets print them and the app's entities carry them, because a database
reports a violation by name: both ask here, so they cannot differ.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from forge.emit.memo import Slice, memo, slices
from forge.ir.application import Application
from forge.ir.entities import Entity, Field
from forge.ir.types import TEXTUAL

MAX_BYTES = 63
"""What PostgreSQL keeps of a name; it cuts the rest without an error."""

_HASH_LENGTH = 8


class Kind(StrEnum):
    """What a name is for: the last part of it."""

    PRIMARY_KEY = "pkey"
    UNIQUE = "key"
    FOREIGN_KEY = "fkey"
    CHECK = "check"
    INDEX = "idx"
    SEARCH = "fts"


def constraint_name(table: str, columns: Iterable[str], kind: Kind) -> str:
    """`<table>_<columns>_<kind>` in at most 63 bytes; of a primary key `<table>_pkey`.

    A longer name is cut and gets a hash of all of it, so that it stays distinct. Two
    keys of one schema can still meet in one name; `ConstraintNames` keeps them apart.

    >>> constraint_name("tickets", ["customer_id"], Kind.FOREIGN_KEY)
    'tickets_customer_id_fkey'
    >>> constraint_name("tickets", ["id"], Kind.PRIMARY_KEY)
    'tickets_pkey'
    >>> constraint_name("t" * 40, ["c" * 40], Kind.CHECK)[-16:]
    'c_4bdda309_check'
    """
    parts = (table,) if kind is Kind.PRIMARY_KEY else (table, *columns)
    name = "_".join((*parts, kind))
    return name if len(name.encode()) <= MAX_BYTES else _hashed(parts, kind)


def unique_keys(entity: Entity) -> tuple[tuple[str, ...], ...]:
    """The fields, or lists of fields, that are unique besides the primary key.

    Those of a tenant-scoped entity are unique within a tenant, which leads them.
    """
    single = ((f.name,) for f in entity.fields if f.unique)
    keys = dict.fromkeys(_scoped(entity, key) for key in (*single, *entity.unique))
    return tuple(key for key in keys if key and key != entity.primary_key)


def _scoped(entity: Entity, fields: tuple[str, ...]) -> tuple[str, ...]:
    """A key, led by the tenant where records belong to one."""
    if entity.tenant is None or not fields or entity.tenant in fields:
        return fields
    return (entity.tenant, *fields)


def within_tenant(entity: Entity, key: tuple[str, ...]) -> tuple[str, ...]:
    """What of a unique key tells the records of one tenant apart."""
    return tuple(name for name in key if name != entity.tenant) or key


def index_keys(app: Application, entity: Entity) -> tuple[tuple[str, ...], ...]:
    """The lists of fields that have an index: references, declared, state, filters.

    What leads the primary key, a unique key or a longer index has no index of its own.
    """
    wanted = dict.fromkeys(key for key in _wanted_indexes(app, entity) if key)
    # A partial unique index says nothing about deleted rows.
    unique = () if entity.soft_delete else unique_keys(entity)
    leading = (entity.primary_key, *unique, *wanted)
    return tuple(
        key
        for key in wanted
        if not any(key == other[: len(key)] for other in leading if other is not key)
    )


def _wanted_indexes(app: Application, entity: Entity) -> Iterator[tuple[str, ...]]:
    # A reference is followed from the record that it leads to, whoever asks.
    yield from (key.fields for key in entity.all_foreign_keys())
    yield from (_scoped(entity, key) for key in _filtered(app, entity))
    if entity.tenant is not None:
        yield _scoped(entity, entity.primary_key)


def _filtered(app: Application, entity: Entity) -> Iterator[tuple[str, ...]]:
    """The lists of fields by which requests choose records."""
    yield from entity.indexes
    if entity.state_machine is not None:
        yield (entity.state_field,)
    for route in app.routes:
        if route.entity == entity.fqn:
            for endpoint in route.endpoints:
                yield from ((name,) for name in endpoint.filters or ())
    if entity.field("created_at") is not None:
        yield ("created_at",)


def searched(entity: Entity) -> tuple[Field, ...]:
    """The fields that full-text search looks at, in the order of their weight."""
    found = (entity.field(name) for name in dict.fromkeys(entity.search))
    return tuple(f for f in found if f and f.type in TEXTUAL and not f.sensitive)


def search_column(entity: Entity) -> str:
    """The column of PostgreSQL that holds the words of a record."""
    name, taken = "search_vector", {field.column for field in entity.fields}
    while name in taken:
        name += "_"
    return name


class ConstraintNames:
    """The names of one application's keys, by entity and field names.

    PostgreSQL and SQLite share one namespace between the tables and the unique keys
    and indexes of all tables: `order(item_no)` and `order_item(no)` meet in
    `order_item_no_key`. Such names get a hash.
    """

    def __init__(self, app: Application) -> None:
        self._met = _ambiguous(app)

    def __repr__(self) -> str:
        """All that a name depends on besides its table and columns."""
        return f"ConstraintNames({sorted(self._met)})"

    def primary_key(self, entity: Entity) -> str:
        """The name of the primary key."""
        return self._name(entity, (), Kind.PRIMARY_KEY)

    def unique(self, entity: Entity, fields: Iterable[str]) -> str:
        """The name of the unique constraint, or partial unique index, on `fields`."""
        return self._name(entity, fields, Kind.UNIQUE)

    def foreign_key(self, entity: Entity, fields: Iterable[str]) -> str:
        """The name of the foreign key on `fields`."""
        return self._name(entity, fields, Kind.FOREIGN_KEY)

    def check(self, entity: Entity, field: str) -> str:
        """The name of what is checked of one field."""
        return self._name(entity, (field,), Kind.CHECK)

    def index(self, entity: Entity, fields: Iterable[str]) -> str:
        """The name of the index on `fields`."""
        return self._name(entity, fields, Kind.INDEX)

    def search(self, entity: Entity) -> str:
        """The name of what full-text search looks words up in."""
        return self._name(entity, (), Kind.SEARCH)

    def _name(self, entity: Entity, fields: Iterable[str], kind: Kind) -> str:
        columns = columns_of(entity, fields)
        name = constraint_name(entity.table, columns, kind)
        met = (name.casefold(), entity.table) in self._met
        if met or (name.casefold(), "") in self._met:
            return _hashed((entity.table, *columns), kind)
        return name


def columns_of(entity: Entity, fields: Iterable[str]) -> tuple[str, ...]:
    """The columns of fields, in the order given."""
    return tuple(
        name if (field := entity.field(name)) is None else field.column
        for name in fields
    )


def _hashed(parts: tuple[str, ...], kind: Kind) -> str:
    whole = "\0".join((*parts, kind)).encode()
    digest = hashlib.sha256(whole).hexdigest()[:_HASH_LENGTH]
    tail = f"_{digest}_{kind}"
    head = "_".join(parts).encode()[: MAX_BYTES - len(tail)]
    return head.decode(errors="ignore") + tail


def _ambiguous(app: Application) -> frozenset[tuple[str, str]]:
    """Names that more than one thing has, with the table they are confined to."""
    found: Counter[tuple[str, str]] = Counter()
    for piece in slices(app):
        found.update(memo(_names, piece))
    found.update((entity.table.casefold(), "") for entity in app.entities)
    return frozenset(name for name, number in found.items() if number > 1)


def _names(piece: Slice) -> list[tuple[str, str]]:
    """The names of all that one entity has, with the table they are confined to."""
    (entity,) = piece.entities
    return [_confined(entity, *key) for key in dict.fromkeys(_keys(piece, entity))]


def _confined(entity: Entity, fields: tuple[str, ...], kind: Kind) -> tuple[str, str]:
    name = constraint_name(entity.table, columns_of(entity, fields), kind).casefold()
    shared = kind in (Kind.PRIMARY_KEY, Kind.UNIQUE, Kind.INDEX, Kind.SEARCH)
    return (name, "" if shared else entity.table)


def _keys(app: Application, entity: Entity) -> Iterator[tuple[tuple[str, ...], Kind]]:
    yield (), Kind.PRIMARY_KEY
    for fields in unique_keys(entity):
        yield fields, Kind.UNIQUE
    for key in entity.all_foreign_keys():
        yield key.fields, Kind.FOREIGN_KEY
    for field in entity.fields:
        yield (field.name,), Kind.CHECK
    for fields in index_keys(app, entity):
        yield fields, Kind.INDEX
    if searched(entity):
        yield (), Kind.SEARCH
