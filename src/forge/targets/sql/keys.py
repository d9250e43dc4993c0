"""Keys and indexes of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from forge.emit.literals import Code, sql_name
from forge.emit.sql_names import (
    ConstraintNames,
    columns_of,
    index_keys,
    unique_keys,
)
from forge.ir.application import Application
from forge.ir.entities import Entity, Field, ForeignKey
from forge.ir.types import OnDelete
from forge.targets.sql.columns import counts_in_key
from forge.targets.sql.dialect import INDEX_BYTES, Dialect, unbounded

_FIXED = 16
"""Bytes to keep for a column of bounded size beside a text in one key."""

_ON_DELETE = {
    OnDelete.RESTRICT: "RESTRICT",
    OnDelete.CASCADE: "CASCADE",
    OnDelete.SET_NULL: "SET NULL",
}

Key = tuple[str, frozenset[str]]
"""FQN of an entity and fields that identify a record of it."""


@dataclass(frozen=True, slots=True)
class TableConstraint:
    """One line of a table that is a constraint."""

    name: str
    definition: Code


@dataclass(frozen=True, slots=True)
class Index:
    """An index, unique or not."""

    name: str
    table: str
    unique: bool
    method: Code | None
    terms: tuple[Code, ...]
    where: Code | None


def primary_key(
    entity: Entity, dialect: Dialect, names: ConstraintNames
) -> Iterator[TableConstraint]:
    """The primary key, unless its column declares it."""
    fields = [field for name in entity.primary_key if (field := entity.field(name))]
    inline = dialect.counts_inline and any(counts_in_key(entity, f) for f in fields)
    if fields and not inline:
        columns = _listed(entity, entity.primary_key)
        definition = Code(f"PRIMARY KEY ({columns})")
        yield TableConstraint(names.primary_key(entity), definition)


def unique_constraints(
    entity: Entity, names: ConstraintNames, referenced: frozenset[Key]
) -> Iterator[TableConstraint]:
    """The unique keys that hold for all rows."""
    for fields in unique_keys(entity):
        if not _partial(entity, fields, referenced):
            definition = Code(f"UNIQUE ({_listed(entity, fields)})")
            yield TableConstraint(names.unique(entity, fields), definition)


def unique_indexes(
    entity: Entity, names: ConstraintNames, referenced: frozenset[Key]
) -> Iterator[Index]:
    """The unique keys that a deleted row gives free."""
    for fields in unique_keys(entity):
        if _partial(entity, fields, referenced):
            (deleted,) = columns_of(entity, (entity.soft_delete or "",))
            yield Index(
                name=names.unique(entity, fields),
                table=entity.table,
                unique=True,
                method=None,
                terms=tuple(sql_name(c) for c in columns_of(entity, fields)),
                where=Code(f"{sql_name(deleted)} IS NULL"),
            )


def foreign_key(
    entity: Entity, key: ForeignKey, target: Entity, names: ConstraintNames
) -> TableConstraint:
    """A reference as a constraint."""
    there = f"{sql_name(target.table)} ({_listed(target, referred(key, target))})"
    here = f"FOREIGN KEY ({_listed(entity, key.fields)})"
    reaction = f"ON DELETE {_ON_DELETE[key.on_delete]}"
    definition = Code(f"{here} REFERENCES {there} {reaction}")
    return TableConstraint(names.foreign_key(entity, key.fields), definition)


def plan_indexes(
    app: Application, entity: Entity, dialect: Dialect, names: ConstraintNames
) -> Iterator[Index]:
    """The indexes that make queries fast."""
    for key in index_keys(app, entity):
        fields = [field for name in key if (field := entity.field(name)) is not None]
        terms = _terms(fields, dialect)
        if terms:
            yield Index(
                name=names.index(entity, key),
                table=entity.table,
                unique=False,
                method=dialect.index_method(fields),
                terms=terms,
                where=None,
            )


def referenced_keys(app: Application) -> frozenset[Key]:
    """All keys that some reference points to."""
    return frozenset(
        (target.fqn, frozenset(referred(key, target)))
        for entity in app.entities
        for key, target in references(app, entity)
    )


def references(app: Application, entity: Entity) -> Iterator[tuple[ForeignKey, Entity]]:
    """The references of an entity with the entities they point to."""
    seen: set[tuple[object, ...]] = set()
    for key in entity.all_foreign_keys():
        target = app.entity(key.entity)
        if target is not None and (key.fields, key.entity) not in seen:
            seen.add((key.fields, key.entity))
            yield key, target


def referred(key: ForeignKey, target: Entity) -> tuple[str, ...]:
    """The fields of the target that a reference holds."""
    return key.references or target.primary_key


def is_key(target: Entity, fields: Iterable[str]) -> bool:
    """Whether fields identify a record."""
    keys = (target.primary_key, *unique_keys(target))
    return frozenset(fields) in {frozenset(key) for key in keys if key}


def key_room(entity: Entity) -> Mapping[str, int]:
    """Most bytes of each field in a key that could outgrow an entry of an index."""
    room: dict[str, int] = {}
    for key in (entity.primary_key, *unique_keys(entity)):
        fields = [field for name in key if (field := entity.field(name)) is not None]
        for name, most in _shares(fields):
            room[name] = min(most, room.get(name, most))
    return room


def _shares(fields: Sequence[Field]) -> Iterator[tuple[str, int]]:
    wide = [field for field in fields if unbounded(field, 0)]
    if not wide:
        return
    most = (INDEX_BYTES - _FIXED * (len(fields) - len(wide))) // len(wide)
    for field in wide:
        if unbounded(field, most):
            yield field.name, most


def _terms(fields: Sequence[Field], dialect: Dialect) -> tuple[Code, ...]:
    if len(fields) == 1:
        return (sql_name(fields[0].column),)
    sharing = max(1, sum(unbounded(field, 0) for field in fields))
    terms = (dialect.index_term(field, sharing) for field in fields)
    return tuple(term for term in terms if term is not None)


def _partial(
    entity: Entity, fields: tuple[str, ...], referenced: frozenset[Key]
) -> bool:
    # A foreign key needs a key of all rows to point to.
    pointed_at = (entity.fqn, frozenset(fields)) in referenced
    return entity.soft_delete is not None and not pointed_at


def _listed(entity: Entity, fields: Iterable[str]) -> Code:
    return Code(", ".join(sql_name(c) for c in columns_of(entity, fields)))
