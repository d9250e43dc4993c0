"""Tables that take columns over from others: `INHERITS`, `LIKE`."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from factory.importers.sql.catalog import Catalog, Check, Column, Key, Table
from factory.importers.sql.parsing import name_of


def inherit(catalog: Catalog, table: Table, parents: list[exp.Expr]) -> bool:
    """Put the parents' columns before the table's own; false where a parent is not known."""
    found = [catalog.table(name_of(parent)) for parent in parents]
    columns: dict[str, Column] = {}
    for parent in found:
        if parent is not None:
            columns |= {
                n: replace(c, identity=False) for n, c in parent.columns.items()
            }
            table.checks += _checks(parent)
    table.columns = columns | table.columns
    return all(parent is not None for parent in found)


def copy(
    catalog: Catalog, table: Table, like: exp.LikeProperty, *, everything: bool = False
) -> bool:
    """Add the columns of another table, and what else the clause includes."""
    source = catalog.table(name_of(like.this))
    if source is None:
        return False
    included = {
        str(p.args.get("value")).upper()
        for p in like.expressions
        if str(p.this) == "INCLUDING"
    }
    every = everything or "ALL" in included
    for name, column in source.columns.items():
        taken = replace(column, place=table.place)
        if not (every or "DEFAULTS" in included):
            taken.default = None
        if not (every or "IDENTITY" in included):
            taken.identity = False
        if not (every or "GENERATED" in included):
            taken.generated = None
        if not (every or "COMMENTS" in included):
            taken.comment = ""
        table.columns[name] = taken
    if every or "CONSTRAINTS" in included:
        table.checks += _checks(source)
    if every or "INDEXES" in included:
        table.primary_key = table.primary_key or source.primary_key
        table.unique += [Key(k.columns, "", k.is_index) for k in source.unique]
        table.indexes += [Key(k.columns) for k in source.indexes]
    return True


def _checks(table: Table) -> list[Check]:
    return [replace(check, condition=check.condition.copy()) for check in table.checks]
