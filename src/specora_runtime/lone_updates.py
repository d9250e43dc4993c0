"""Updates of one statement, for what needs no look at the record that is there.

Such a statement changes the row of a key only where a value differs. One that finds no row
tells nothing: the transaction of `changes` then finds out why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from .database import Database
from .entity import Caller, Computed, Entity, Field, Record, Type
from .errors import VIOLATIONS, Invalid, Retry
from .filling import managed, of_time, stored
from .hooks import is_hooked
from .references import relations_of
from .row_updates import RowUpdate, row_update
from .sql import Table, kind_of
from .visibility import Sight, sight_of
from .writes import moment

_KEPT = 256
"""Statements kept per table; clients choose the sets of columns."""
_JSON = frozenset({Type.ARRAY, Type.OBJECT, Type.JSON})


@dataclass(frozen=True, slots=True)
class LoneUpdate:
    """The statement for one set of fields."""

    table: Table
    text: str
    fields: tuple[Field, ...]
    """Those that the client sends; their values come first."""
    touched: tuple[Field, ...]
    """Those that every write fills anew."""
    together: RowUpdate | None = None
    """The statement that does the same to several records."""

    async def run(
        self,
        database: Database,
        key: Sequence[Any],
        data: Mapping[str, Any],
        caller: Caller,
        sight: Sight,
        at: datetime,
    ) -> Record | None:
        """The changed record; `None` where this statement cannot tell what happens."""
        parameters = self._parameters(data, caller, at)
        if parameters is None:
            return None
        table = self.table
        seen = table.seen(sight)
        if self.together is not None:
            # Keys of the types that share statements are parameters as they are.
            row = [*key, *parameters]
            along = database.update_along(self.together, row, tuple(seen))
            told = None if along is None else await along
            if told is not None and not told.alone:
                return None if told.row is None else table.read(told.row)
        keys = table.key_parameters(key)
        rows = await database.write(self.text, *parameters, *keys, *seen)
        return table.read(rows[0]) if rows else None

    def _parameters(
        self, data: Mapping[str, Any], caller: Caller, at: datetime
    ) -> list[Any] | None:
        encoders = self.table.encoders
        found = []
        for field in self.fields:
            value = data[field.name]
            if value is None and field.required:
                return None
            try:
                found.append(encoders[field.name](value))
            except ValueError:
                return None
        for field in self.touched:
            value = at
            if field.computed is Computed.CURRENT_USER:
                try:
                    value = stored(field, caller.id)
                except Invalid:
                    return None
                if value is None and field.required:
                    return None
            elif field.type is not Type.DATETIME:
                value = of_time(field, at)
            found.append(encoders[field.name](value))
        return found


class LoneUpdates:
    """The statements of one table, by the names of the fields that they set."""

    def __init__(self, table: Table, checked: frozenset[str]) -> None:
        self._table = table
        self._checked = checked
        """Fields whose values a look at other records has to admit."""
        self._kept = lru_cache(_KEPT)(self._made)

    def of(self, names: tuple[str, ...], sight: Sight) -> LoneUpdate | None:
        """The statement that sets `names`; `None` where one does not suffice."""
        return self._kept(names, kind_of(sight))

    def _made(self, names: tuple[str, ...], kind: Sight) -> LoneUpdate | None:
        entity = self._table.entity
        if not names or not all(self._plain(entity, name) for name in names):
            return None
        if any(one.computed is Computed.EXPRESSION for one in entity.fields):
            return None
        if not self._checked.isdisjoint(names):
            return None
        fields = tuple(entity.by_name[name] for name in names)
        touched = tuple(one for one in entity.fields if _is_touched(one))
        text = self._text(fields, touched, kind)
        together = None
        if self._table.dialect.name == "postgresql":
            together = row_update(self._table, (*fields, *touched), fields, kind)
        return LoneUpdate(self._table, text, fields, touched, together)

    @staticmethod
    def _plain(entity: Entity, name: str) -> bool:
        field = entity.by_name.get(name)
        return (
            field is not None
            and field.computed is None
            and not field.immutable
            # Equality of JSON is finer than what every database compares.
            and field.type not in _JSON
            and name not in managed(entity)
            and name != entity.tenant
        )

    def _text(
        self, fields: Sequence[Field], touched: Sequence[Field], kind: Sight
    ) -> str:
        dialect = self._table.dialect
        assigned = ", ".join(
            f"{dialect.column(field)} = {dialect.parameter(field, n)}"
            for n, field in enumerate((*fields, *touched), 1)
        )
        differs = " OR ".join(
            dialect.differs(field, n) for n, field in enumerate(fields, 1)
        )
        table, first = self._table, len(fields) + len(touched) + 1
        same = table.reached(table.entity.key, kind, first)
        return (
            f"UPDATE {table.name} SET {assigned} WHERE {same} AND ({differs})"
            f" RETURNING {table.returned}"
        )


_known: WeakKeyDictionary[Database, dict[str, LoneUpdates]] = WeakKeyDictionary()


def lone_update(
    database: Database, entity: Entity, data: Mapping[str, Any], sight: Sight
) -> LoneUpdate | None:
    """The statement that sets the fields of `data`; `None` where one does not suffice."""
    known = _known.get(database)
    if known is None:
        known = _known[database] = {}
    found = known.get(entity.name)
    if found is None:
        relations = relations_of(database)
        table, checked = relations.table(entity), relations.checked(entity)
        found = known[entity.name] = LoneUpdates(table, checked)
    return found.of(tuple(data), sight)


async def update_alone(
    database: Database,
    entity: Entity,
    key: Sequence[Any],
    data: Mapping[str, Any],
    caller: Caller,
) -> Record | None:
    """The record of `key` with `data` stored in it, where one statement does that.

    `None` where it takes the transaction of `changes`, or that has to find out why not.
    """
    if database.running or is_hooked(database, entity, "update"):
        return None
    sight = sight_of(caller)
    lone = lone_update(database, entity, data, sight)
    if lone is None:
        return None
    try:
        return await lone.run(database, key, data, caller, sight, moment())
    except (*VIOLATIONS, Retry):
        return None


def _is_touched(field: Field) -> bool:
    return field.computed is Computed.NOW_ON_UPDATE or (
        field.computed is Computed.CURRENT_USER and not field.immutable
    )
