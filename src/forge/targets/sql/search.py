"""What full-text search needs of a schema: words that the database itself keeps up to date.

The rule by which texts are cut into words is written as SQL here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from forge.emit import search_words
from forge.emit.literals import Code, sql, sql_name
from forge.emit.sql_names import ConstraintNames, search_column, searched
from forge.ir.entities import Entity
from forge.targets.sql.columns import Column
from forge.targets.sql.keys import Index

FUNCTION = "specora_words"
_WEIGHTS = "ABCD"
_BLOCKS = (range(0x80, 0x370), range(0x370, 0x590), range(0x590, 0x110000))
"""Letters that one text seldom mixes; looking one up takes as long as its block has letters."""


@dataclass(frozen=True, slots=True)
class Searched:
    """A searched field on SQLite."""

    name: Code
    """Of the column in the table of words."""
    value: Code
    old: Code
    new: Code


@dataclass(frozen=True, slots=True)
class SqliteSearch:
    """Everything that the statements of one searched table name."""

    index: Code
    source: Code
    table: Code
    on_insert: Code
    on_delete: Code
    on_update: Code
    changed: Code
    """The columns whose change changes words."""
    fields: tuple[Searched, ...]
    content: Code
    names: Code
    old: Code
    new: Code


@dataclass(frozen=True, slots=True)
class Fold:
    """Letters of one block and what they are compared as."""

    present: Code
    """A regular expression that finds such a letter."""
    letters: Code
    folded: Code


@dataclass(frozen=True, slots=True)
class Words:
    """The function of PostgreSQL that cuts a text into words."""

    name: Code
    folds: tuple[Fold, ...]
    separators: Code
    longest: Code


def vector(entity: Entity) -> Iterator[Column]:
    """The column of PostgreSQL that holds a record's words."""
    fields = searched(entity)
    if not fields:
        return
    most = _share(len(fields))
    parts = (
        f"{sql_name(FUNCTION)}({sql_name(field.column)}, '{_weight(place)}', {most})"
        for place, field in enumerate(fields)
    )
    yield Column(
        name=search_column(entity),
        type=Code("tsvector"),
        not_null=False,
        default=None,
        counting=Code(f"GENERATED ALWAYS AS ({' || '.join(parts)}) STORED"),
        description="",
        renamed_from=(),
    )


def vector_index(entity: Entity, names: ConstraintNames) -> Iterator[Index]:
    """The index over the words."""
    if searched(entity):
        yield Index(
            name=names.search(entity),
            table=entity.table,
            unique=False,
            method=Code("gin"),
            terms=(sql_name(search_column(entity)),),
            where=None,
        )


def sqlite_search(entity: Entity, names: ConstraintNames) -> SqliteSearch | None:
    """The table of words of an entity, and what keeps it up to date."""
    fields = searched(entity)
    if not fields:
        return None
    index, most = names.search(entity), _share(len(fields))
    parts = tuple(
        Searched(
            name=Code(f"w{place}"),
            value=_cut("", field.column, most),
            old=_cut("old.", field.column, most),
            new=_cut("new.", field.column, most),
        )
        for place, field in enumerate(fields)
    )
    return SqliteSearch(
        index=sql_name(index),
        source=sql_name(f"{index}_source"),
        table=sql_name(entity.table),
        on_insert=sql_name(f"{index}_insert"),
        on_delete=sql_name(f"{index}_delete"),
        on_update=sql_name(f"{index}_update"),
        changed=_listed(sql_name(field.column) for field in fields),
        fields=parts,
        content=sql(f"{index}_source"),
        names=_listed(part.name for part in parts),
        old=_listed(part.old for part in parts),
        new=_listed(part.new for part in parts),
    )


@cache
def words() -> Words:
    """The function of PostgreSQL, from the runtime's tables."""
    ranges = "".join(_range(*ends) for ends in search_words.separators())
    return Words(
        name=sql_name(FUNCTION),
        folds=tuple(_fold(block) for block in _BLOCKS),
        separators=sql(f"[{ranges}]+"),
        longest=sql(f"([^ ]{{1,{search_words.longest()}}})[^ ]*"),
    )


def _fold(block: Sequence[int]) -> Fold:
    pairs = [pair for pair in search_words.folds() if pair[0] in block]
    return Fold(
        present=sql(f"[{''.join(_range(point, point) for point, _ in pairs)}]"),
        letters=_escaped(point for point, _ in pairs),
        folded=_escaped(folded for _, folded in pairs),
    )


def _escaped(points: Iterator[int]) -> Code:
    text = "".join(
        f"\\{point:04x}" if point < 0x10000 else f"\\+{point:06x}" for point in points
    )
    return Code(f"U&'{text}'")


def _range(first: int, last: int) -> str:
    ends = [f"\\u{p:04x}" if p < 0x10000 else f"\\U{p:08x}" for p in (first, last)]
    return ends[0] if first == last else "-".join(ends)


def _share(fields: int) -> int:
    return search_words.searched() // fields


def _weight(place: int) -> str:
    return _WEIGHTS[min(place, len(_WEIGHTS) - 1)]


def _cut(row: str, column: str, most: int) -> Code:
    return Code(f"substr({row}{sql_name(column)}, 1, {most})")


def _listed(parts: Iterator[Code]) -> Code:
    return Code(", ".join(parts))
