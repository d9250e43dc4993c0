"""Hooks and called functions around one write.

A function is not entered again by what it does itself: a hook may write records of its
own entity, and other hooks run for them. So no chain of functions goes on for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from .behavior import (
    BehaviorError,
    Context,
    Function,
    Refused,
    is_running,
    place_of,
    run,
)
from .database import Database
from .entity import Call, Caller, Entity, Field, Record
from .errors import Fault, Invalid
from .filling import managed
from .values import native
from .writes import changed_record, natives, new_record


def is_hooked(database: Database, entity: Entity, step: str) -> bool:
    """Whether a hook runs around a step of the entity's records: `create`, `update` ..."""
    hooks = _hooks_of(database, entity)
    return hooks is not None and any(
        _hook(hooks, f"{moment}_{step}") for moment in ("before", "after")
    )


class Around:
    """What runs before and after one write to a record of `entity`."""

    def __init__(self, database: Database, entity: Entity, caller: Caller) -> None:
        self._database = database
        self._entity = entity
        self._caller = caller
        self._behaviors = database.behaviors
        self._hooks = _hooks_of(database, entity)

    async def created(self, data: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
        """What `before_create` makes of the values that a create stores."""
        hook = self._hook("before_create")
        if hook is None:
            return data
        entity = self._entity
        reserved = managed(entity)
        whole = {
            field.name: native(field, field.default)
            for field in entity.fields
            if field.computed is None and field.name not in reserved
        } | natives(entity, data)
        answer = await _run(hook, self._context(at), dict(whole))
        changed = _changed(hook, whole, answer)
        try:
            new_record(entity, changed, self._caller, at)
        except Invalid as fault:
            raise _unfit(hook, fault.detail) from fault
        _vet(hook, entity, {name: answer.get(name) for name in {*whole, *changed}})
        return dict(answer)

    async def changed(
        self,
        step: str,
        before: Record,
        data: Mapping[str, Any],
        at: datetime,
        state: str = "",
    ) -> Mapping[str, Any]:
        """What `before_update` or `before_transition` makes of the values to store."""
        hook = self._hook(f"before_{step}")
        if hook is None:
            return data
        given = natives(self._entity, data)
        context = self._context(at, before, state)
        answer = await _run(hook, context, dict(given))
        changed = _changed(hook, given, answer)
        try:
            changed_record(self._entity, before, changed)
        except Invalid as fault:
            raise _unfit(hook, fault.detail) from fault
        _vet(hook, self._entity, changed)
        return dict(answer)

    async def asked(self, step: str, record: Record, at: datetime) -> None:
        """Run `before_delete` or `before_restore`, which may refuse."""
        hook = self._hook(f"before_{step}")
        if hook is not None:
            await _run(hook, self._context(at, record), dict(record))

    async def after(
        self,
        step: str,
        record: Record,
        at: datetime,
        before: Record | None,
        state: str = "",
    ) -> bool:
        """Run the hook after a step; whether there is one."""
        hook = self._hook(f"after_{step}")
        if hook is None:
            return False
        await _run(hook, self._context(at, before, state), dict(record))
        return True

    async def call(
        self,
        calls: Iterable[Call],
        record: Record,
        at: datetime,
        before: Record | None,
    ) -> bool:
        """Run the functions that side effects name; whether any ran."""
        called = False
        for one in calls:
            if self._behaviors is None:
                raise BehaviorError(f"there is no {one.function}")
            function = self._behaviors.functions[one.function]
            if not is_running(function):
                await _run(function, self._context(at, before), dict(record))
                called = True
        return called

    def _hook(self, name: str) -> Function | None:
        return _hook(self._hooks, name)

    def _context(
        self, at: datetime, before: Record | None = None, state: str = ""
    ) -> Context:
        kind = self._behaviors.context if self._behaviors else Context
        return kind(
            self._database, self._entity, self._caller, at, before=before, state=state
        )


async def _run(function: Function, *arguments: Any) -> Any:
    """Run a hook or a called function, whose own writes no request describes."""
    try:
        return await run(function, *arguments)
    except Refused:
        raise
    except Fault as fault:
        fault.elsewhere = True
        raise


def _hooks_of(database: Database, entity: Entity) -> object:
    """The functions around the writes of an entity; `None` for none."""
    behaviors = database.behaviors
    return behaviors.hooks.get(entity.name) if behaviors else None


def _hook(hooks: object, name: str) -> Function | None:
    hook: Function | None = getattr(hooks, name, None)
    return None if hook is None or is_running(hook) else hook


def _changed(hook: Function, given: Record, answer: object) -> Record:
    """The values that a hook adds or changes. Raises `BehaviorError` for no data."""
    if not isinstance(answer, Mapping):
        kind = type(answer).__name__
        raise _unfit(hook, f"it must return the data to store, not {kind}")
    return {
        str(name): value
        for name, value in answer.items()
        if name not in given or given[name] is not value
    }


def _vet(hook: Function, entity: Entity, values: Record) -> None:
    """Refuse what only the database would: no value where one is required, no enum's."""
    for name, value in values.items():
        field = entity.by_name[name]
        if value is None:
            if field.required and field.default is None and field.computed is None:
                raise _unfit(hook, f"`{name}` must hold a value")
        elif not _is_legal(field, value):
            raise _unfit(hook, f"`{name}` is none of its values")


def _is_legal(field: Field, value: Any) -> bool:
    """Whether the value is one of an enum's, where the field has an enum."""
    if not field.values or isinstance(value, list):
        return True
    return native(field, value) in [native(field, legal) for legal in field.values]


def _unfit(hook: Function, detail: str) -> BehaviorError:
    return BehaviorError(f"what {place_of(hook)} returned cannot be stored: {detail}")
