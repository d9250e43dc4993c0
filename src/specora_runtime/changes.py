"""One write, in one transaction, with its faults in the terms of the domain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, TypeVar

from . import deletes, transitions
from .database import Connection, Database, retrying
from .effects import NOTHING, Extra, set_plain, value_of
from .entity import Call, Caller, Computed, Effect, EmitEvent, Entity, Record
from .errors import (
    VIOLATIONS,
    Fault,
    Retry,
    StaleVersion,
)
from .events import Event
from .filling import filling_of, of_time
from .hooks import Around, is_hooked
from .identity import matches
from .merge import merged
from .outbox import deliver, deliver_after, record_events
from .references import Relations, relations_of
from .row_inserts import store
from .sequences import next_number
from .sql import table_of
from .violations import explain
from .visibility import Deleted, Sight, sight_of
from .writes import (
    changed_record,
    changes,
    express,
    moment,
    new_record,
    require,
    touch,
)

T = TypeVar("T")


class Change:
    """A write to one record of `entity`, by `caller`, at one moment."""

    def __init__(
        self,
        database: Database,
        entity: Entity,
        caller: Caller,
        if_match: str | None = None,
        extra: Extra = NOTHING,
    ) -> None:
        self._database = database
        self._entity = entity
        self._caller = caller
        self._if_match = if_match
        self._extra = extra
        self._table = table_of(entity, database.dialect)
        self._sight = sight_of(caller)
        self._at = moment()
        self._before: Record | None = None
        self._attempted: Record | None = None
        self._events: tuple[Event, ...] = ()

    @cached_property
    def _relations(self) -> Relations:
        return relations_of(self._database)

    @cached_property
    def _around(self) -> Around:
        return Around(self._database, self._entity, self._caller)

    async def create(self, data: Mapping[str, Any]) -> Record:
        """Store a record made of `data`."""
        if self._is_single_statement() and self._database._running() is None:
            try:
                return await self._insert_alone(data)
            except Retry:
                pass
        return await self._commit(lambda connection: self._insert(connection, data))

    async def update(
        self, key: Sequence[Any], data: Mapping[str, Any]
    ) -> Record | None:
        """Store `data` in the record of `key`."""

        async def work(connection: Connection) -> Record | None:
            before = await self._locked(connection, key)
            if before is None:
                return None
            wanted = await self._around.changed(
                "update", before, merged(before, data), self._at
            )
            after = changed_record(self._entity, before, wanted)
            await self._apply(connection, after, self._extra.fills)
            if not changes(self._entity, before, after):
                return before
            events = await self._apply(connection, after, self._extra.effects)
            record = await self._store(connection, before, after)
            return await self._followed(connection, "update", record, events, before)

        return await self._commit(work)

    async def transition(
        self, key: Sequence[Any], wanted: str, data: Mapping[str, Any]
    ) -> Record | None:
        """Take the record of `key`, with `data` in it, to the state `wanted`."""
        workflow = self._entity.workflow
        if workflow is None:
            raise TypeError(f"{self._entity.name} has no workflow")

        async def work(connection: Connection) -> Record | None:
            before = await self._found(connection, key)
            if before is None:
                return None
            if wanted in workflow.transitions:
                # What is no state at all is wrong in every version of the record.
                self._demand_version(before)
            stored = data
            if transitions.is_open(workflow, before, wanted, self._caller):
                stored = await self._around.changed(
                    "transition", before, data, self._at, wanted
                )
            filled = changed_record(self._entity, before, stored)
            await self._apply(connection, filled, self._extra.fills)
            transitions.admit(workflow, filled, wanted, self._caller)
            after, events = transitions.apply(
                self._entity, workflow, filled, wanted, self._caller, self._at
            )
            events += await self._apply(connection, after, self._extra.effects)
            record = await self._store(connection, before, after)
            return await self._followed(
                connection, "transition", record, events, before, wanted
            )

        return await self._commit(work)

    async def delete(self, key: Sequence[Any]) -> bool:
        """Delete the record of `key`."""
        alone = self._database._running() is None and self._extra is NOTHING
        hooked = is_hooked(self._database, self._entity, "delete")
        bound = hooked or self._relations.tangled(self._entity)
        alone = alone and not (bound or self._entity.soft_delete)
        if alone and self._if_match is None:
            # Where it is refused, the transaction below finds out who refers to the record.
            with suppress(*VIOLATIONS, Retry):
                text, parameters = self._table.delete(key, self._sight)
                return await self._database.execute(text, *parameters) > 0

        async def work(connection: Connection) -> bool:
            record = await self._locked(connection, key)
            if record is None:
                return False
            await self._around.asked("delete", record, self._at)
            last = dict(record)
            events = await self._apply(connection, last, self._extra.fills)
            events += await self._apply(connection, last, self._extra.effects)
            if self._entity.soft_delete and changes(self._entity, record, last):
                last = await self._store(connection, record, last)
            await deletes.delete(
                connection,
                self._relations,
                self._entity,
                last,
                self._at,
                self._sight,
            )
            if self._entity.soft_delete:
                marked = self._entity.by_name[self._entity.soft_delete]
                last = last | {marked.name: of_time(marked, self._at)}
            await self._record(connection, last, events, record)
            await self._around.after("delete", last, self._at, record)
            return True

        return await self._commit(work)

    async def restore(self, key: Sequence[Any]) -> Record | None:
        """Take back the deletion of the record of `key`."""
        buried = sight_of(self._caller, Deleted.ONLY)

        async def work(connection: Connection) -> Record | None:
            before = await self._locked(connection, key, buried)
            if before is None or not self._entity.soft_delete:
                return None
            await self._around.asked("restore", before, self._at)
            after = before | {self._entity.soft_delete: None}
            check = self._relations.check  # What it refers to may be deleted by now.
            await check(connection, self._entity, after, after.keys(), self._sight)
            record = await self._store(connection, before, after, buried)
            return await self._followed(connection, "restore", record, (), before)

        return await self._commit(work)

    async def _commit(self, work: Callable[[Connection], Awaitable[T]]) -> T:
        async def attempt(connection: Connection) -> T:
            self._at = moment()
            self._before, self._attempted, self._events = None, None, ()
            return await work(connection)

        outer = self._database._running()
        try:
            result = await retrying(self._database, attempt)
        except VIOLATIONS as fault:
            raise await self._explained(fault) from fault
        if self._events and outer is not None:
            deliver_after(self._database, outer, self._events)
        elif self._events:
            await deliver(self._database, self._events)
        return result

    async def _explained(self, fault: Fault) -> Fault:
        return await explain(
            self._relations,
            self._database.fetch,
            self._entity,
            (self._before, self._attempted),
            self._sight,
            fault,
        )

    async def _apply(
        self, connection: Connection, record: Record, effects: Sequence[Effect]
    ) -> tuple[EmitEvent | Call, ...]:
        """Set in `record`, in order, what `effects` set; those that follow the write."""
        events: list[EmitEvent | Call] = []
        for effect in effects:
            if isinstance(effect, EmitEvent | Call):
                events.append(effect)
                continue
            field = self._entity.by_name[effect.field]
            if effect.sequence is None:
                value = value_of(field, effect, record, self._caller, self._at)
            else:
                value = await next_number(
                    connection,
                    self._database.dialect,
                    self._entity,
                    field,
                    self._at,
                    record,
                    effect.sequence,
                )
            record[field.name] = value
        return tuple(events)

    async def _record(
        self,
        connection: Connection,
        record: Record,
        events: Sequence[EmitEvent | Call],
        before: Record | None,
    ) -> bool:
        """Write the events of this change to the outbox; whether functions were called."""
        names = [event.name for event in events if isinstance(event, EmitEvent)]
        self._events = await record_events(
            connection, self._database, self._entity, record, names, self._at
        )
        calls = [event for event in events if isinstance(event, Call)]
        return await self._around.call(calls, record, self._at, before)

    async def _followed(
        self,
        connection: Connection,
        step: str,
        record: Record,
        events: Sequence[EmitEvent | Call],
        before: Record | None,
        state: str = "",
    ) -> Record:
        """The record once everything that follows a write of it is done."""
        called = await self._record(connection, record, events, before)
        hooked = await self._around.after(step, record, self._at, before, state)
        if not (called or hooked):
            return record
        # What they did may have changed this very record.
        key = [record[name] for name in self._entity.key]
        return await self._found(connection, key) or record

    def _is_single_statement(self) -> bool:
        plain = self._extra is NOTHING or self._extra.is_plain
        return (
            plain
            and not filling_of(self._entity).is_counted
            and not is_hooked(self._database, self._entity, "create")
            and not self._relations.needs_check(self._entity)
        )

    async def _insert_alone(self, data: Mapping[str, Any]) -> Record:
        """A create without reading needs no transaction: one round trip instead of three."""
        record = new_record(self._entity, data, self._caller, self._at)
        if self._extra.fills:
            set_plain(self._entity, record, self._extra.fills, self._caller, self._at)
        express(self._entity, record, self._caller)
        if self._extra.effects:
            set_plain(self._entity, record, self._extra.effects, self._caller, self._at)
            express(self._entity, record, self._caller)
        require(self._entity, record)
        self._attempted = record
        try:
            await store(self._database, self._table, self._table.row(record))
        except VIOLATIONS as fault:
            raise await self._explained(fault) from fault
        return record

    async def _insert(self, connection: Connection, data: Mapping[str, Any]) -> Record:
        entity = self._entity
        data = await self._around.created(data, self._at)
        record = new_record(entity, data, self._caller, self._at)
        self._attempted = record
        await self._apply(connection, record, self._extra.fills)
        await self._check(connection, record)
        for field in entity.fields:
            if field.computed is Computed.SEQUENCE:
                record[field.name] = await next_number(
                    connection,
                    self._database.dialect,
                    entity,
                    field,
                    self._at,
                    record,
                )
        express(entity, record, self._caller)
        events = await self._apply(connection, record, self._extra.effects)
        if self._extra.effects:
            # What they set may be a reference, and expressions may read it.
            await self._check(connection, record)
            express(entity, record, self._caller)
        require(entity, record)
        text = self._table.insert_returning
        row = await connection.fetch_one(text, *self._table.row(record))
        assert row is not None  # an insert answers its row
        stored = self._table.read(row)
        return await self._followed(connection, "create", stored, events, None)

    async def _check(self, connection: Connection, record: Record) -> None:
        """Raise `UnknownReference` where a new record refers to what its caller cannot."""
        names = record.keys()
        await self._relations.check(
            connection, self._entity, record, names, self._sight
        )

    async def _locked(
        self, connection: Connection, key: Sequence[Any], seen: Sight | None = None
    ) -> Record | None:
        record = await self._found(connection, key, seen)
        if record is not None:
            self._demand_version(record)
        return record

    async def _found(
        self, connection: Connection, key: Sequence[Any], seen: Sight | None = None
    ) -> Record | None:
        text, parameters = self._table.get(key, seen or self._sight, for_update=True)
        row = await connection.fetch_one(text, *parameters)
        return None if row is None else self._table.read(row)

    def _demand_version(self, record: Record) -> None:
        if not matches(record, self._entity, self._if_match):
            raise StaleVersion

    async def _store(
        self,
        connection: Connection,
        before: Record,
        after: Record,
        seen: Sight | None = None,
    ) -> Record:
        entity = self._entity
        touch(entity, after, self._caller, self._at)
        require(entity, after)
        names = changes(entity, before, after)
        if not names:
            return before
        self._before, self._attempted = before, after
        await self._relations.check(connection, entity, after, names, self._sight)
        text, parameters = self._table.update(names, after, before, seen or self._sight)
        row = await connection.fetch_one(text, *parameters)
        assert row is not None  # the row is locked
        return self._table.read(row)
