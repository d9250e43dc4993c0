"""What has to change in a database, from the schema it has and the schema it should have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .schema_text import Column, Constraint, Index, Kind, Table, Tables


@dataclass(frozen=True, slots=True)
class Change:
    """A table that exists and its next form."""

    old: Table
    new: Table
    renamed: dict[str, str]
    """New name of a column -> the name it has in the database."""

    def stored_as(self, column: Column) -> str | None:
        """The name that `column` has in the database; `None` for an added one."""
        name = self.renamed.get(column.name, column.name)
        return name if self.old.column(name) is not None else None

    def before(self, column: Column) -> Column | None:
        """What `column` is in the database; `None` for an added one."""
        stored = self.stored_as(column)
        return None if stored is None else self.old.column(stored)

    @property
    def added(self) -> tuple[Column, ...]:
        """Columns that the database does not have."""
        stored = (c for c in self.new.columns if self.stored_as(c) is None)
        return (*(c for c in stored if not c.is_derived), *self._derived_anew)

    @property
    def dropped(self) -> tuple[Column, ...]:
        """Columns that follow from others and have to be made anew, or not at all."""
        return _derived(self.old) if self._derives_anew else ()

    @property
    def _derived_anew(self) -> tuple[Column, ...]:
        return _derived(self.new) if self._derives_anew else ()

    @property
    def _derives_anew(self) -> bool:
        # A column that another one follows from cannot change its type.
        return _derived(self.old) != _derived(self.new) or bool(self.retyped)

    @property
    def altered(self) -> tuple[tuple[Column, Column], ...]:
        """Columns that differ in more than their name, as (old, new)."""
        pairs = ((self.before(column), column) for column in self.new.columns)
        return tuple(
            (old, new)
            for old, new in pairs
            if old and not new.is_derived and _form(old) != _form(new)
        )

    @property
    def retyped(self) -> tuple[tuple[Column, Column], ...]:
        """Columns whose type differs, as (old, new)."""
        return tuple((old, new) for old, new in self.altered if old.type != new.type)

    @property
    def dropped_constraints(self) -> tuple[Constraint, ...]:
        """Constraints that the next form does not have in the same words."""
        return tuple(c for c in self.old.constraints if c not in self.new.constraints)

    @property
    def added_constraints(self) -> tuple[Constraint, ...]:
        """Constraints that the database does not have in the same words."""
        return tuple(c for c in self.new.constraints if c not in self.old.constraints)

    @property
    def is_empty(self) -> bool:
        """Nothing differs."""
        return not (
            self.old.name != self.new.name
            or self.renamed
            or self.added
            or self.dropped
            or self.altered
            or self.dropped_constraints
            or self.added_constraints
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps from one schema to another."""

    old: Tables
    new: Tables
    """The wanted schema together with the tables and columns that are kept."""
    created: tuple[Table, ...]
    changed: tuple[Change, ...]
    dropped_indexes: tuple[Index, ...]
    created_indexes: tuple[Index, ...]
    others: tuple[str, ...]

    def change(self, table: str) -> Change | None:
        """The change of the table that will have this name."""
        return next((c for c in self.changed if c.new.name == table), None)

    @property
    def sources(self) -> dict[str, str]:
        """Next name of every table that exists -> the name it has in the database."""
        kept = {table.name: table.name for table in self.new.tables}
        for table in self.created:
            del kept[table.name]
        return kept | {change.new.name: change.old.name for change in self.changed}


def _derived(table: Table) -> tuple[Column, ...]:
    return tuple(column for column in table.columns if column.is_derived)


def _form(column: Column) -> Column:
    return replace(column, name="", renamed_from=())


def plan(old: Tables, wanted: Tables) -> Plan:
    """The steps from `old` to `wanted`: nothing that holds rows or values goes."""
    created: list[Table] = []
    changed: list[Change] = []
    for table in wanted.tables:
        before = _before(old, wanted, table)
        if before is None:
            created.append(_plain(table))
        else:
            changed.append(_change(before, table))
    taken = {change.old.name for change in changed}
    kept = [table for table in old.tables if table.name not in taken]
    changed += [Change(table, _unlinked(table), {}) for table in kept]
    new = _next(old, wanted, created, changed, kept)
    return Plan(
        old=old,
        new=new,
        created=tuple(created),
        changed=tuple(change for change in changed if not change.is_empty),
        dropped_indexes=tuple(
            index for index in old.indexes if index not in new.indexes
        ),
        created_indexes=tuple(
            index for index in new.indexes if index not in old.indexes
        ),
        others=tuple(text for text in wanted.others if text not in old.others),
    )


def _next(
    old: Tables,
    wanted: Tables,
    created: list[Table],
    changed: list[Change],
    kept: list[Table],
) -> Tables:
    by_name = {table.name: table for table in created}
    by_name |= {change.new.name: change.new for change in changed}
    order = dict.fromkeys(table.name for table in (*wanted.tables, *kept))
    names = {table.name for table in kept}
    indexes = (*wanted.indexes, *(i for i in old.indexes if i.table in names))
    return Tables(tuple(by_name[name] for name in order), indexes, wanted.others)


def _before(old: Tables, wanted: Tables, table: Table) -> Table | None:
    same = old.table(table.name)
    if same is not None:
        return same
    free = (name for name in table.renamed_from if wanted.table(name) is None)
    return next(filter(None, map(old.table, free)), None)


def _change(old: Table, wanted: Table) -> Change:
    renamed = dict(_renames(old, wanted))
    taken = {renamed.get(column.name, column.name) for column in wanted.columns}
    kept = tuple(
        _loosened(column)
        for column in old.columns
        if column.name not in taken and not column.is_derived
    )
    columns = (*_plain(wanted).columns, *kept)
    return Change(old, replace(_plain(wanted), columns=columns), renamed)


def _renames(old: Table, wanted: Table) -> Iterator[tuple[str, str]]:
    for column in wanted.columns:
        if old.column(column.name) is not None:
            continue
        for source in column.renamed_from:
            if old.column(source) is not None and wanted.column(source) is None:
                yield column.name, source
                break


def _plain(table: Table) -> Table:
    """`table` without the notes about names that it had."""
    columns = tuple(replace(column, renamed_from=()) for column in table.columns)
    return replace(table, columns=columns, renamed_from=())


def _loosened(column: Column) -> Column:
    """A column that is kept for its values: it demands nothing of new rows."""
    return Column(column.name, column.type)


def _unlinked(table: Table) -> Table:
    """A table that is kept for its rows: they hold on to no row of another table."""
    constraints = tuple(c for c in table.constraints if c.kind is not Kind.FOREIGN)
    columns = tuple(
        replace(
            column,
            extras=tuple(
                e for e in column.extras if not e.upper().startswith("REFERENCES")
            ),
        )
        for column in table.columns
    )
    return replace(table, columns=columns, constraints=constraints)
