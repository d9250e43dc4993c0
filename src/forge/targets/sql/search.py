"""What full-text search needs of a schema: words that the database itself keeps up to date.

The rule by which texts are cut into words stands in the runtime, which cuts searches by it;
here it is read as data and written as SQL.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from forge.emit.literals import Code, sql, sql_name
from forge.emit.sql_names import ConstraintNames, search_column, searched
from forge.ir.entities import Entity
from forge.targets.sql.columns import Column
from forge.targets.sql.keys import Index

FUNCTION = "specora_words"
_WEIGHTS = "ABCD"
_RUN = re.compile(r"([0-9a-f]+)(?:-([0-9a-f]+))?(?:/(\d))?(?::(-?[0-9a-f]+))?")
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
        renamed_from=None,
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
    rule = _rule()
    folds = [_fold(block, rule["FOLDS"]) for block in _BLOCKS]
    gaps = _RUN.findall(str(rule["SEPARATORS"]))
    ranges = "".join(_range(int(a, 16), int(b or a, 16)) for a, b, _, _ in gaps)
    return Words(
        name=sql_name(FUNCTION),
        folds=tuple(folds),
        separators=sql(f"[{ranges}]+"),
        longest=sql(f"([^ ]{{1,{rule['LONGEST']}}})[^ ]*"),
    )


def _fold(block: Sequence[int], runs: object) -> Fold:
    pairs = [
        (point, point + int(delta, 16))
        for first, last, step, delta in _RUN.findall(str(runs))
        for point in range(int(first, 16), int(last or first, 16) + 1, int(step or 1))
        if point in block
    ]
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


def _rule() -> dict[str, object]:
    # Finding a top-level package does not import it.
    spec = find_spec("specora_runtime")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "words.py"
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.target.id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Constant)
    }


def _share(fields: int) -> int:
    most = _rule()["SEARCHED"]
    assert isinstance(most, int)
    return most // fields


def _weight(place: int) -> str:
    return _WEIGHTS[min(place, len(_WEIGHTS) - 1)]


def _cut(row: str, column: str, most: int) -> Code:
    return Code(f"substr({row}{sql_name(column)}, 1, {most})")


def _listed(parts: Iterator[Code]) -> Code:
    return Code(", ".join(parts))
