"""How a service reaches its records: the interface, and the one implementation of it."""

from __future__ import annotations

import builtins
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from .changes import Change
from .cursor import scope, seal, unseal
from .database import POSTGRESQL, Database, Row
from .effects import NOTHING, Extra
from .entity import ANONYMOUS, Caller, Entity, Record
from .errors import BadQuery
from .filters import filters_of
from .identity import parse_key
from .key_reads import key_reads_of
from .listing import key_field, order_of
from .lone_updates import update_alone
from .page_text import TextPage, is_told_by_text, page_texts
from .query import DEFAULT_LIMIT, MAX_OFFSET, Count, Page, Query
from .relations import Expansion
from .search import RANK
from .sql import Table, planned_rows, table_of
from .sql_graph import graph_statement, read_nodes
from .visibility import Deleted, Sight, sight_of
from .walks import Node, Walk


class Repository(ABC):
    """Records of one entity. Whatever a write does, it does in one transaction.

    `id` is the key as a path writes it: the key fields joined by a comma. A key that
    cannot be read is a record that does not exist. `extra` is what an endpoint does besides.
    """

    entity: ClassVar[Entity]

    @abstractmethod
    async def list(
        self,
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
        filters: dict[str, Any] | None = None,
        *,
        query: Query | None = None,
        caller: Caller = ANONYMOUS,
    ) -> tuple[builtins.list[Record], int]:
        """Some records and how many there are on all pages.

        `filters` maps `field` or `field[op]` to a value; `query` replaces the other
        arguments.
        """

    @abstractmethod
    async def page(self, query: Query, *, caller: Caller = ANONYMOUS) -> Page:
        """One page of records and the cursor of the next one. Raises `BadQuery`."""

    async def page_text(
        self, query: Query, item: str, *, caller: Caller = ANONYMOUS
    ) -> TextPage | None:
        """The page with its records as the JSON that `item` makes of them (`json_text`).

        `None` where `page` has to be asked. Raises `BadQuery`.
        """
        return None

    @abstractmethod
    async def get(
        self,
        id: str,
        *,
        caller: Caller = ANONYMOUS,
        deleted: Deleted = Deleted.EXCLUDE,
        expand: tuple[Expansion, ...] = (),
    ) -> Record | None:
        """The record, or `None`; `deleted` says whether it may be a deleted one.

        What `expand` names is in the record under `RELATED`, in its order.
        """

    @abstractmethod
    async def graph(
        self, id: str, walk: Walk, *, caller: Caller = ANONYMOUS
    ) -> builtins.list[Node]:
        """The record and what `walk` reaches from it; nothing without a record."""

    @abstractmethod
    async def create(
        self,
        data: Mapping[str, Any],
        *,
        caller: Caller = ANONYMOUS,
        extra: Extra = NOTHING,
    ) -> Record:
        """Store a record and return it.

        Raises `Invalid`, `UniqueConflict`, `UnknownReference`.
        """

    @abstractmethod
    async def update(
        self,
        id: str,
        data: Mapping[str, Any],
        *,
        caller: Caller = ANONYMOUS,
        if_match: str | None = None,
        extra: Extra = NOTHING,
    ) -> Record | None:
        """Change the fields in `data` and return the record; `None` without one.

        Raises `Invalid`, `UniqueConflict`, `UnknownReference`, `StaleVersion`, `InUse`.
        """

    @abstractmethod
    async def delete(
        self,
        id: str,
        *,
        caller: Caller = ANONYMOUS,
        if_match: str | None = None,
        extra: Extra = NOTHING,
    ) -> bool:
        """Delete the record; `False` without one.

        Raises `InUse`, `StaleVersion`.
        """

    @abstractmethod
    async def transition(
        self,
        id: str,
        new_state: str,
        data: Mapping[str, Any] | None = None,
        *,
        caller: Caller = ANONYMOUS,
        if_match: str | None = None,
        extra: Extra = NOTHING,
    ) -> Record | None:
        """Take one step of the workflow and return the record; `None` without one.

        What `data` holds is stored with the step, before its guard is asked. Raises
        `RoleRequired`, `IllegalTransition`, `GuardUnmet`, and what `update` raises.
        """

    @abstractmethod
    async def restore(
        self, id: str, *, caller: Caller = ANONYMOUS, if_match: str | None = None
    ) -> Record | None:
        """Take back a soft delete and return the record; `None` without a deleted one.

        Raises `UniqueConflict`, `UnknownReference`, `StaleVersion`.
        """

    async def prepare(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What a create or an update stores of `data`: a hash, where it holds a password.

        Raises `Invalid`.
        """
        return data


class SqlRepository(Repository):
    """Records in a table of `database`, the same on PostgreSQL, SQLite and memory."""

    database: ClassVar[Database]

    async def list(
        self,
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
        filters: dict[str, Any] | None = None,
        *,
        query: Query | None = None,
        caller: Caller = ANONYMOUS,
    ) -> tuple[builtins.list[Record], int]:
        if query is None:
            wanted = filters_of(self.entity, filters or {})
            query = Query(filters=wanted, limit=limit, offset=offset)
        query = replace(query, count=Count.EXACT)
        sight = sight_of(caller, query.deleted)
        rows, _ = await self._rows(query, query.limit, sight)
        return rows, await self._total(query, len(rows), sight) or 0

    async def page(self, query: Query, *, caller: Caller = ANONYMOUS) -> Page:
        # One row more than asked for tells whether there is a next page.
        sight = sight_of(caller, query.deleted)
        rows, ranks = await self._rows(query, query.limit + 1, sight)
        more = len(rows) > query.limit
        items = rows[: query.limit]
        keys = order_of(self.entity, query)
        next_cursor = None
        if more and items:
            last = items[-1] | {RANK.name: ranks[query.limit - 1] if ranks else None}
            bound_to = scope(self.entity, query, keys)
            next_cursor = seal(bound_to, [last[key.field] for key in keys])
        return Page(items, await self._total(query, len(rows), sight), next_cursor)

    async def page_text(
        self, query: Query, item: str, *, caller: Caller = ANONYMOUS
    ) -> TextPage | None:
        table = self._table
        if table.dialect is not POSTGRESQL or not is_told_by_text(query):
            return None
        after = None if query.cursor is None else self._after(query, query.cursor)
        sight = sight_of(caller, query.deleted)
        text, parameters = page_texts(table, item).statement(query, sight, after)
        row = (await self.database.fetch(text, *parameters))[0]
        items, found, next_cursor = row.pop("items"), row.pop("found"), None
        if found > query.limit:
            bound_to = scope(self.entity, query, order_of(self.entity, query))
            next_cursor = seal(bound_to, [*row.values()])
        total = await self._total(query, found, sight)
        return TextPage(Page([], total, next_cursor), items or b"")

    async def get(
        self,
        id: str,
        *,
        caller: Caller = ANONYMOUS,
        deleted: Deleted = Deleted.EXCLUDE,
        expand: tuple[Expansion, ...] = (),
    ) -> Record | None:
        key = parse_key(self.entity, id)
        if key is None:
            return None
        table = self._table
        sight = sight_of(caller, deleted)
        asked = None if expand else self._asked(table, key, sight)
        if asked is not None:
            row = await asked
        else:
            text, parameters = table.get(key, sight, expand=expand)
            row = await self.database.fetch_one(text, *parameters)
        return None if row is None else table.reader(expand)(row)

    async def graph(
        self, id: str, walk: Walk, *, caller: Caller = ANONYMOUS
    ) -> builtins.list[Node]:
        key = parse_key(self.entity, id)
        if key is None:
            return []
        text, parameters = graph_statement(self._table, key, walk, sight_of(caller))
        rows = await self.database.fetch(text, *parameters)
        return read_nodes(walk, self.database.dialect, rows)

    async def create(
        self,
        data: Mapping[str, Any],
        *,
        caller: Caller = ANONYMOUS,
        extra: Extra = NOTHING,
    ) -> Record:
        # Before the transaction, so that nobody waits for a lock while a hash is made.
        data = await self.prepare(data)
        change = Change(self.database, self.entity, caller, extra=extra)
        return await change.create(data)

    async def update(
        self,
        id: str,
        data: Mapping[str, Any],
        *,
        caller: Caller = ANONYMOUS,
        if_match: str | None = None,
        extra: Extra = NOTHING,
    ) -> Record | None:
        key = parse_key(self.entity, id)
        if key is None:
            return None
        data = await self.prepare(data)
        if if_match is None and extra is NOTHING:
            record = await update_alone(self.database, self.entity, key, data, caller)
            if record is not None:
                return record
        change = Change(self.database, self.entity, caller, if_match, extra)
        return await change.update(key, data)

    async def delete(
        self,
        id: str,
        *,
        caller: Caller = ANONYMOUS,
        if_match: str | None = None,
        extra: Extra = NOTHING,
    ) -> bool:
        key = parse_key(self.entity, id)
        if key is None:
            return False
        change = Change(self.database, self.entity, caller, if_match, extra)
        return await change.delete(key)

    async def transition(
        self,
        id: str,
        new_state: str,
        data: Mapping[str, Any] | None = None,
        *,
        caller: Caller = ANONYMOUS,
        if_match: str | None = None,
        extra: Extra = NOTHING,
    ) -> Record | None:
        key = parse_key(self.entity, id)
        if key is None:
            return None
        data = await self.prepare(data) if data else {}
        change = Change(self.database, self.entity, caller, if_match, extra)
        return await change.transition(key, new_state, data)

    async def restore(
        self, id: str, *, caller: Caller = ANONYMOUS, if_match: str | None = None
    ) -> Record | None:
        key = parse_key(self.entity, id)
        if key is None:
            return None
        change = Change(self.database, self.entity, caller, if_match)
        return await change.restore(key)

    def _asked(
        self, table: Table, key: tuple[Any, ...], sight: Sight
    ) -> Awaitable[Row | None] | None:
        """The row of `key` along with those that others ask for; `None` if not so."""
        read = key_reads_of(table).of(sight)
        if read is None:
            return None
        # Keys of the types that arrays carry are parameters as they are.
        return self.database.look_up(read, key[0], tuple(table.seen(sight)))

    @property
    def _table(self) -> Table:
        return table_of(self.entity, self.database.dialect)

    async def _rows(
        self, query: Query, limit: int, sight: Sight
    ) -> tuple[builtins.list[Record], builtins.list[int]]:
        """The records of a page, and their ranks where a search orders them."""
        if not (0 <= limit <= MAX_OFFSET and 0 <= query.offset <= MAX_OFFSET):
            raise BadQuery("limit", "`limit` and `offset` count rows", "out-of-range")
        table = self._table
        after = None if query.cursor is None else self._after(query, query.cursor)
        text, parameters = table.page(query, limit, sight, after)
        rows = await self.database.fetch(text, *parameters)
        ranked = bool(query.search) and not query.sort
        ranks = [row.pop(RANK.name) for row in rows] if ranked else []
        read = table.reader(query.expand)
        return [read(row) for row in rows], ranks

    def _after(self, query: Query, cursor: str) -> tuple[Any, ...]:
        keys = order_of(self.entity, query)
        fields = [key_field(self.entity, key.field) for key in keys]
        return unseal(scope(self.entity, query, keys), fields, cursor)

    async def _total(self, query: Query, found: int, sight: Sight) -> int | None:
        if query.count is Count.NONE:
            return None
        # Rows that end before the limit end the collection, and need no second statement.
        ended = found < query.limit and (found or not query.offset)
        if ended and query.cursor is None:
            return query.offset + found
        if query.count is Count.ESTIMATED and self._table.estimates:
            text, parameters = self._table.estimate(query, sight)
            planned = await self.database.fetch(text, *parameters)
            seen = query.offset + found if found else 0
            return max(planned_rows(planned[0]["QUERY PLAN"]), seen)
        text, parameters = self._table.count(query, sight)
        counted = await self.database.fetch(text, *parameters)
        return int(counted[0]["total"])
