"""References between records: who refers to whom, and what a violation means.

The database keeps references whole. What it cannot know (a target that is deleted softly)
or does not tell (which reference broke) is asked here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from weakref import WeakKeyDictionary

from .database import Connection, Database, Row
from .entity import Entity, ForeignKey, OnDelete, Record
from .errors import Fault, ForeignKeyViolation, InUse, UnknownReference
from .sql import Table, table_of
from .visibility import EVERYTHING, Sight

Fetch: TypeAlias = Callable[..., Awaitable[list[Row]]]

Versions: TypeAlias = tuple[Record | None, Record | None]
"""A record before and after a write; `None` where there is none."""

MAX_CASCADE: Final = 10_000
"""Most records that one delete takes with it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """One foreign key, with the entity that holds it."""

    child: Entity
    key: ForeignKey

    def values(self, target: Mapping[str, Any]) -> Record | None:
        """What a child's fields hold when it refers to `target`."""
        pairs = zip(self.key.fields, self.key.target_fields, strict=True)
        values = {mine: target[theirs] for mine, theirs in pairs}
        return None if None in values.values() else values

    def target_values(self, child: Mapping[str, Any]) -> Record | None:
        """What the target's fields hold when `child` refers to it."""
        pairs = zip(self.key.fields, self.key.target_fields, strict=True)
        values = {theirs: child[mine] for mine, theirs in pairs}
        return None if None in values.values() else values


class Blocked(ForeignKeyViolation):
    """The database refuses to delete `record`, because other rows refer to it."""

    def __init__(self, constraint: str | None, entity: Entity, record: Record) -> None:
        super().__init__(constraint)
        self.entity = entity
        self.record = record


class Relations:
    """All references between the entities of a database."""

    def __init__(self, database: Database) -> None:
        self.dialect = database.dialect
        self.entities = {entity.name: entity for entity in database.entities}
        self.incoming: dict[str, list[Reference]] = {name: [] for name in self.entities}
        self.by_constraint: dict[str, Reference] = {}
        self._tangled: dict[str, bool] = {}
        self._checked: dict[str, frozenset[str]] = {}
        for entity in database.entities:
            for key in entity.foreign_keys:
                reference = Reference(entity, key)
                self.incoming.setdefault(key.target, []).append(reference)
                if key.constraint:
                    self.by_constraint[key.constraint] = reference

    def table(self, entity: Entity) -> Table:
        """The table of `entity` in this database's dialect."""
        return table_of(entity, self.dialect)

    def needs_check(self, entity: Entity) -> bool:
        """Whether the database may take a reference of `entity` that is none."""
        return bool(self.checked(entity))

    def checked(self, entity: Entity) -> frozenset[str]:
        """The fields of the references that the database alone may take wrongly."""
        found = self._checked.get(entity.name)
        if found is None:
            keys = (key for key in entity.foreign_keys if self._hides(key))
            found = frozenset(name for key in keys for name in key.fields)
            self._checked[entity.name] = found
        return found

    def _hides(self, key: ForeignKey) -> bool:
        """Whether rows may be in the target's table that nobody, or not everybody, sees."""
        target = self.entities.get(key.target)
        return target is not None and bool(target.soft_delete or target.tenant)

    async def check(
        self,
        connection: Connection,
        entity: Entity,
        record: Record,
        changed: Collection[str],
        sight: Sight,
    ) -> None:
        """Raise `UnknownReference` where a changed reference leads to what `sight` does not
        reach: a deleted record, or one of another tenant.

        The target stays locked, so that it cannot be deleted before the commit.
        """
        for key in entity.foreign_keys:
            if not self._hides(key) or not any(name in changed for name in key.fields):
                continue
            target = self.entities[key.target]
            wanted = Reference(entity, key).target_values(record)
            if wanted is None or (target is entity and _holds(record, wanted)):
                continue
            text, parameters = self.table(target).exists(wanted, sight, hold=True)
            if not await connection.fetch(text, *parameters):
                raise UnknownReference(key.fields[0], key.target)

    async def explain_write(
        self,
        fetch: Fetch,
        entity: Entity,
        versions: Versions,
        sight: Sight,
        fault: ForeignKeyViolation,
    ) -> Fault:
        """The domain's fault for a create or update that broke a reference."""
        before, after = versions
        for key in entity.foreign_keys if after is not None else ():
            target = self.entities.get(key.target)
            wanted = Reference(entity, key).target_values(after or {})
            if target is None or wanted is None:
                continue
            if not await self._count(fetch, target, wanted, EVERYTHING):
                return UnknownReference(key.fields[0], key.target)
        for reference in (
            self.incoming.get(entity.name, ()) if before is not None else ()
        ):
            wanted = reference.values(before or {})
            used = wanted and await self.used(
                fetch, reference.child, wanted, EVERYTHING, sight
            )
            if used:
                return used
        named = self.by_constraint.get(fault.constraint or "")
        if named is not None and named.child is not entity:
            return InUse(named.child.name)
        return UnknownReference(*(named.key.fields[:1] if named else ("",)))

    def tangled(self, entity: Entity) -> bool:
        """Whether records may both go with a record of `entity` and keep it from going.

        Databases then do what comes first to them, and do not agree on that.
        """
        found = self._tangled.get(entity.name)
        if found is None:
            every = {entity.name} | self._taken(entity.name)
            found = any(
                reference.child.name in self._taken(entity.name)
                for name in every
                for reference in self.incoming.get(name, ())
                if reference.key.on_delete is OnDelete.RESTRICT
            )
            self._tangled[entity.name] = found
        return found

    def _taken(self, name: str) -> set[str]:
        """The entities whose records may go with one of `name`."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for reference in self.incoming.get(waiting.pop(), ()):
                child = reference.child.name
                if reference.key.on_delete is OnDelete.CASCADE and child not in found:
                    found.add(child)
                    waiting.append(child)
        return found

    async def explain_delete(self, fetch: Fetch, sight: Sight, fault: Blocked) -> InUse:
        """Who refers to the record that could not be deleted."""
        found = await self.kept_by(fetch, sight, fault.entity, fault.record)
        named = self.by_constraint.get(fault.constraint or "")
        return found or InUse(named.child.name if named else "")

    async def kept_by(
        self, fetch: Fetch, sight: Sight, entity: Entity, record: Record
    ) -> InUse | None:
        """The fault for a record that others keep, or keep what would go with it."""
        seen: set[tuple[Any, ...]] = set()
        waiting = [(entity, record)]
        while waiting and len(seen) < MAX_CASCADE:
            parent, row = waiting.pop()
            one = (parent.name, *(row[name] for name in parent.key))
            if one in seen:
                continue
            seen.add(one)
            for reference in self.incoming.get(parent.name, ()):
                wanted = reference.values(row)
                if wanted is None or reference.key.on_delete is OnDelete.SET_NULL:
                    continue
                if reference.key.on_delete is OnDelete.CASCADE:
                    rows = await self._rows(fetch, reference.child, wanted)
                    waiting += ((reference.child, row) for row in rows)
                    continue
                own = (
                    reference.target_values(row) if reference.child is parent else None
                )
                used = await self.used(
                    fetch,
                    reference.child,
                    wanted,
                    EVERYTHING,
                    sight,
                    but=int(own is not None and _holds(row, own)),
                )
                if used is not None:
                    return used
        return None

    async def used(
        self,
        fetch: Fetch,
        child: Entity,
        wanted: Record,
        among: Sight,
        sight: Sight,
        *,
        but: int = 0,
    ) -> InUse | None:
        """The fault for a record that children of `among` hold as `wanted`, if any does.

        It tells how many there are where `sight` reaches them; it never counts the records
        of other tenants. As many as `but` of them do not count: the record itself, which its
        own reference does not keep.
        """
        count = await self._count(fetch, child, wanted, among) - but
        if count <= 0:
            return None
        if child.tenant and not sight.every_tenant:
            mine = Sight(sight.tenant, among.deleted)
            count = await self._count(fetch, child, wanted, mine) - but
        return InUse(child.name, count or None)

    async def _count(
        self, fetch: Fetch, entity: Entity, wanted: Record, sight: Sight
    ) -> int:
        text, parameters = self.table(entity).count_of(wanted, sight)
        rows = await fetch(text, *parameters)
        return int(rows[0]["total"])

    async def _rows(self, fetch: Fetch, entity: Entity, wanted: Record) -> list[Record]:
        table = self.table(entity)
        text, parameters = table.rows_with(wanted, EVERYTHING)
        rows = await fetch(text, *parameters)
        return [table.read(row) for row in rows]


def _holds(record: Record, wanted: Record) -> bool:
    return all(record.get(name) == value for name, value in wanted.items())


_relations: WeakKeyDictionary[Database, Relations] = WeakKeyDictionary()


def relations_of(database: Database) -> Relations:
    """The one `Relations` of a database."""
    found = _relations.get(database)
    if found is None:
        found = _relations[database] = Relations(database)
    return found
