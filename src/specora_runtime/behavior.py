"""Code of one's own: what functions in `behaviors/` are given, and how they are run.

Whatever such a function does through repositories and `Context.emit` belongs to the
transaction of the write that it is part of: what it raises undoes that write.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NoReturn, TypeAlias

from .database import Connection, Database
from .entity import Caller, Entity, Record
from .errors import Fault, FieldError, RuleBroken
from .outbox import deliver_after, record_events

_log = logging.getLogger(__name__)

Function: TypeAlias = Callable[..., Awaitable[Any]]
"""An async function of `behaviors/`."""

REFUSALS: Final = (400, 403, 404, 409, 422)
"""The statuses by which a function may refuse; every operation that runs one declares them."""


class Refused(RuleBroken):
    """What a function in `behaviors/` does not allow."""


class Unfinished(Fault):
    """A function in `behaviors/` that is not written yet."""

    def __init__(self, name: str) -> None:
        self.detail = f"`{name}` is not written yet"
        super().__init__(self.detail)


class BehaviorError(Exception):
    """A function in `behaviors/` returned what does not fit: a fault of the service."""


class Context:
    """What a function in `behaviors/` is given; `backend.context` adds what is typed."""

    def __init__(
        self,
        database: Database,
        entity: Entity,
        caller: Caller,
        now: datetime,
        *,
        before: Record | None = None,
        state: str = "",
    ) -> None:
        self.database = database
        self.entity = entity
        """The kind of record that this is about."""
        self.caller = caller
        """Who sent the request, to be passed on: `create(data, caller=ctx.caller)`."""
        self.now = now
        """The time of the write: every timestamp in it is the same."""
        self.before = before
        """In a hook, the record as it is stored before the write; `None` on create."""
        self.state = state
        """In a hook of a transition, the state that is wanted."""

    @property
    def connection(self) -> Connection | None:
        """The running transaction, for statements of one's own; `None` outside of one."""
        return self.database.running

    async def emit(self, name: str, record: Record, *, entity: str = "") -> None:
        """Write the event `name` about `record` to the outbox, with the transaction.

        `entity` names its kind where that is not the context's own.
        """
        about = self.entity
        if entity:
            about = next(e for e in self.database.entities if e.name == entity)
        async with self.database.transaction() as connection:
            outer = self.database.running or connection
            events = await record_events(
                connection, self.database, about, record, (name,), self.now
            )
            if events:
                deliver_after(self.database, outer, events)

    def refuse(
        self,
        detail: str,
        *,
        field: str = "",
        code: str = "refused",
        status: Literal[400, 403, 404, 409, 422] = 422,
    ) -> NoReturn:
        """Refuse the request: `detail` is what the client reads, as problem+json.

        `field` is what the error points at. Everything done so far is undone.
        """
        if status not in REFUSALS:
            raise BehaviorError(f"refuse with one of {REFUSALS}, not {status}")
        raise Refused((FieldError(field, code, detail),), status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What runs around the writes of one entity, in their transaction."""

    before_create: Function | None = None
    after_create: Function | None = None
    before_update: Function | None = None
    after_update: Function | None = None
    before_delete: Function | None = None
    after_delete: Function | None = None
    before_restore: Function | None = None
    after_restore: Function | None = None
    before_transition: Function | None = None
    after_transition: Function | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviors:
    """What a service runs of `behaviors/`."""

    context: type[Context]
    hooks: Mapping[str, Hooks]
    """By the name of the entity."""
    functions: Mapping[str, Function]
    """What side effects call, by `module.name`."""


_active: ContextVar[frozenset[Function]] = ContextVar("active", default=frozenset())


def is_running(function: Function) -> bool:
    """Whether what runs now is part of a run of `function`, which is not entered again."""
    return function in _active.get()


async def run(function: Function, *arguments: Any) -> Any:
    """Call a function of `behaviors/`. Raises `Unfinished` for one that is a stub."""
    token = _active.set(_active.get() | {function})
    try:
        return await function(*arguments)
    except NotImplementedError as fault:
        refuse_stub(function, fault)
        raise
    finally:
        _active.reset(token)


def refuse_stub(function: Callable[..., object], fault: NotImplementedError) -> None:
    """Raise `Unfinished` where the function itself is what is not written yet."""
    trace = fault.__traceback__
    inner = trace.tb_next if trace else None
    if inner is None or inner.tb_next is None:
        _log.warning("%s is not written yet", place_of(function))
        raise Unfinished(function.__name__) from fault


def place_of(function: Callable[..., object]) -> str:
    """The module and the name of a function, for logs."""
    return f"{function.__module__}.{function.__qualname__}"
