"""From the IR to tables with finished names and expressions: all decisions of a schema."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from forge.diagnostics import Diagnostic, ordered
from forge.emit.sql_names import ConstraintNames
from forge.ir.application import Application
from forge.ir.entities import Entity
from forge.ir.naming import plural
from forge.targets.sql.columns import Column, Note, plan_checks, plan_columns
from forge.targets.sql.dialect import Dialect
from forge.targets.sql.faults import find_faults
from forge.targets.sql.keys import (
    Index,
    Key,
    TableConstraint,
    foreign_key,
    is_key,
    key_room,
    plan_indexes,
    primary_key,
    referenced_keys,
    references,
    referred,
    unique_constraints,
    unique_indexes,
)
from forge.targets.sql.order import references_first
from forge.targets.sql.search import vector, vector_index


@dataclass(frozen=True, slots=True)
class Table:
    """A table with all its lines, and its indexes."""

    name: str
    description: str
    renamed_from: tuple[str, ...]
    columns: tuple[Column, ...]
    constraints: tuple[TableConstraint, ...]
    indexes: tuple[Index, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class LaterKey:
    """A reference whose target comes further down."""

    table: str
    constraint: TableConstraint


@dataclass(frozen=True, slots=True)
class Schema:
    """Everything that a schema file holds, in order."""

    tables: tuple[Table, ...]
    later_keys: tuple[LaterKey, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is left to the API."""
        return tuple(note for table in self.tables for note in table.notes)


def plan(app: Application, dialect: Dialect) -> Schema:
    """The schema of an application in one dialect."""
    diagnostics = ordered(find_faults(app, dialect))
    order = in_order(app)
    planner = TablePlanner(
        app,
        dialect,
        ConstraintNames(app),
        referenced_keys(app),
        further_down(app, order),
    )
    return Schema(
        tables=tuple(map(planner.table, order)),
        later_keys=tuple(
            LaterKey(entity.table, constraint)
            for entity in order
            for constraint in planner.references(entity, later=True)
        ),
        diagnostics=diagnostics,
    )


class TablePlanner:
    """One dialect, and what of an application a table depends on besides its own entity."""

    def __init__(
        self,
        app: Application,
        dialect: Dialect,
        names: ConstraintNames,
        referenced: frozenset[Key],
        later: Collection[tuple[str, str]],
    ) -> None:
        self._app = app
        self._dialect = dialect
        self._names = names
        self._referenced = referenced
        self._later = later
        """Pairs of an entity and one that it refers to, whose table comes further down."""

    def table(self, entity: Entity) -> Table:
        names, dialect = self._names, self._dialect
        holds = dialect.holds_words
        checks = tuple(plan_checks(entity, dialect, key_room(entity)))
        return Table(
            name=entity.table,
            description=entity.description,
            renamed_from=tuple(map(plural, entity.renamed_from)),
            columns=(
                *plan_columns(entity, dialect),
                *(vector(entity) if holds else ()),
            ),
            constraints=(
                *primary_key(entity, dialect, names),
                *unique_constraints(entity, names, self._referenced),
                *self.references(entity, later=False),
                *(
                    TableConstraint(names.check(entity, check.field), check.condition)
                    for check in checks
                    if check.condition is not None
                ),
            ),
            indexes=(
                *unique_indexes(entity, names, self._referenced),
                *plan_indexes(self._app, entity, dialect, names),
                *(vector_index(entity, names) if holds else ()),
            ),
            notes=tuple(note for check in checks for note in check.notes),
        )

    def references(self, entity: Entity, *, later: bool) -> tuple[TableConstraint, ...]:
        """The foreign keys that stand in the table, or those that have to wait."""
        return tuple(
            foreign_key(entity, key, target, self._names)
            for key, target in references(self._app, entity)
            if self._waits(entity, target) is later
            and is_key(target, referred(key, target))
        )

    def _waits(self, entity: Entity, target: Entity) -> bool:
        return self._dialect.later_keys and (entity.fqn, target.fqn) in self._later


def further_down(
    app: Application, order: Iterable[Entity]
) -> frozenset[tuple[str, str]]:
    """The references whose target comes later in `order`."""
    position = {entity.fqn: index for index, entity in enumerate(order)}
    return frozenset(
        (entity.fqn, target.fqn)
        for entity in app.entities
        for _, target in references(app, entity)
        if position[target.fqn] > position[entity.fqn]
    )


def in_order(app: Application) -> tuple[Entity, ...]:
    by_fqn = {entity.fqn: entity for entity in app.entities}
    targets = {e.fqn: [t.fqn for _, t in references(app, e)] for e in app.entities}
    return tuple(by_fqn[fqn] for fqn in references_first(list(by_fqn), targets))
