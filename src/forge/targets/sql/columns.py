"""Columns of a table and what the schema checks of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from forge.emit.literals import Code, sql_name
from forge.ir.entities import Entity, Field
from forge.ir.types import ComputedKind
from forge.targets.sql.dialect import Condition, Dialect


@dataclass(frozen=True, slots=True)
class Column:
    """One line of a table that is a column."""

    name: str
    type: Code
    not_null: bool
    default: Code | None
    """A literal, so that a required column can join a table that has rows."""
    counting: Code | None
    """What makes the database fill the column."""
    description: str
    renamed_from: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A key of the contract that the schema leaves to the API."""

    entity: str
    """FQN."""
    field: str
    key: str


@dataclass(frozen=True, slots=True)
class Check:
    """What is checked of one field, and what is not."""

    field: str
    condition: Code | None
    notes: tuple[Note, ...]


def plan_columns(entity: Entity, dialect: Dialect) -> tuple[Column, ...]:
    """The columns, in the order of the contract."""
    return tuple(_column(entity, field, dialect) for field in entity.fields)


def counts_in_key(entity: Entity, field: Field) -> bool:
    """Whether the database counts the field and it alone is the primary key."""
    return is_identity(field) and entity.primary_key == (field.name,)


def is_identity(field: Field) -> bool:
    """Whether the database counts the field."""
    computed = field.computed
    return computed is not None and computed.kind is ComputedKind.IDENTITY


def _column(entity: Entity, field: Field, dialect: Dialect) -> Column:
    inline = dialect.counts_inline and counts_in_key(entity, field)
    return Column(
        name=field.column,
        type=dialect.type(field),
        not_null=(field.required or field.name in entity.primary_key) and not inline,
        default=_default(field, dialect),
        counting=_counting(field, inline, dialect),
        description=field.description,
        renamed_from=field.renamed_from,
    )


def _default(field: Field, dialect: Dialect) -> Code | None:
    if field.default is None or field.computed is not None:
        return None
    return dialect.literal(field, field.default)


def _counting(field: Field, inline: bool, dialect: Dialect) -> Code | None:
    counting = inline or (is_identity(field) and not dialect.counts_inline)
    return dialect.identity() if counting else None


def plan_checks(
    entity: Entity, dialect: Dialect, room: Mapping[str, int]
) -> Iterator[Check]:
    """What is checked, field by field; `room` bounds the bytes of fields in keys."""
    for field in entity.fields:
        conditions = list(dialect.conditions(field, _legal(entity, field)))
        if field.name in room:
            octets = dialect.octets(sql_name(field.column), field)
            most = Code(f"{octets} <= {room[field.name]}")
            conditions.append(Condition("unique", most))
        if conditions:
            yield _check(entity, field, conditions)


def _check(entity: Entity, field: Field, conditions: Sequence[Condition]) -> Check:
    stated = [c.sql for c in conditions if c.sql is not None]
    return Check(
        field.name,
        Code(f"CHECK ({' AND '.join(stated)})") if stated else None,
        tuple(Note(entity.fqn, field.name, c.key) for c in conditions if c.sql is None),
    )


def _legal(entity: Entity, field: Field) -> Sequence[object]:
    workflow = entity.state_machine
    if workflow is not None and field.name == entity.state_field:
        return tuple(state.name for state in workflow.states)
    return field.enum
