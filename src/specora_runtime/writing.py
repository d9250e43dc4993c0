"""The operations that change a record, as requests and the items of a bulk ask for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, TypeAlias, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from .bodies import wire_names
from .effects import set_plain
from .endpoints import Answer, Context, Endpoint
from .entity import Caller, Entity, Record
from .errors import FieldError, RuleBroken, StaleVersion
from .headers import header
from .identity import etag
from .merge import merged, patches
from .operations import (
    Create,
    Delete,
    Operation,
    Replace,
    Restore,
    Rules,
    Transition,
    Update,
    Write,
)
from .preferences import written
from .writes import moment

T = TypeVar("T")
Act: TypeAlias = Callable[[str | None], Awaitable[T | None]]
"""What is done to the version of a record that `If-Match` names; `None` without a record."""

_ATTEMPTS: Final = 3


class Target(NamedTuple):
    """Which record is to be changed, in which version, and who asks for it."""

    key: str
    caller: Caller
    if_match: str | None = None


def create_endpoint(context: Context, operation: Create) -> Endpoint:
    """The endpoint that stores a record."""

    async def serve(request: Request, _key: str) -> Response:
        caller = await context.admit(request, operation)
        data = await context.body(request, operation.body)
        record = await create(context, operation, data, caller)
        place = (b"location", context.path_of(record).encode())
        return written(context, request, operation.status, record, place)

    return serve


def update_endpoint(context: Context, operation: Update) -> Endpoint:
    """The endpoint that changes the fields that a body names."""

    async def serve(request: Request, key: str) -> Response:
        target = await _target(context, operation, request, key)
        data = await context.body(request, operation.body)
        record = await change(context, operation, data, target)
        return written(context, request, operation.status, record)

    return serve


def replace_endpoint(context: Context, operation: Replace) -> Endpoint:
    """The endpoint that sets every field that may change."""
    named = wire_names(operation.body)
    cleared = {
        field.name: field.default
        for field in context.entity.fields
        if field.name in named and not field.sensitive
    }

    async def serve(request: Request, key: str) -> Response:
        target = await _target(context, operation, request, key)
        data = cleared | await context.body(request, operation.body)
        record = await change(context, operation, data, target)
        return written(context, request, operation.status, record)

    return serve


def delete_endpoint(context: Context, operation: Delete) -> Endpoint:
    """The endpoint that deletes a record."""

    async def serve(request: Request, key: str) -> Response:
        target = await _target(context, operation, request, key)
        await delete(context, operation, target)
        return Answer(operation.status, b"")

    return serve


def restore_endpoint(context: Context, operation: Restore) -> Endpoint:
    """The endpoint that takes back the deletion of a record."""

    async def serve(request: Request, key: str) -> Response:
        target = await _target(context, operation, request, key)
        record = await context.repository.restore(
            key, caller=target.caller, if_match=target.if_match
        )
        if record is None:
            raise context.missing()
        return written(context, request, operation.status, record)

    return serve


def transition_endpoint(context: Context, operation: Transition) -> Endpoint:
    """The endpoint that takes one step of the workflow."""
    extra, workflow = operation.extra, context.entity.workflow

    async def serve(request: Request, key: str) -> Response:
        target = await _target(context, operation, request, key)
        data = await context.body(request, operation.body)
        state = data.pop("state")

        async def act(if_match: str | None) -> Record | None:
            return await context.repository.transition(
                key, state, data, caller=target.caller, if_match=if_match, extra=extra
            )

        stored = data | {workflow.field: state} if workflow else data
        record = await _ruled(context, operation, stored, target, act)
        return written(context, request, operation.status, record)

    return serve


async def create(
    context: Context, operation: Create, data: dict[str, Any], caller: Caller
) -> Record:
    """Store a record of `data`, for which the operation's rules hold."""
    entity = context.entity
    if operation.validation:
        wanted = _filled(entity, blank(entity) | data, operation, caller)
        check(operation.validation, wanted, caller)
    return await context.repository.create(data, caller=caller, extra=operation.extra)


async def change(
    context: Context,
    operation: Update | Replace,
    data: dict[str, Any],
    target: Target,
) -> Record:
    """Store `data` in a record. Raises `NotFound` without one."""
    if isinstance(operation, Update):
        data = patches(context.entity, data)

    update, caller, extra = context.repository.update, target.caller, operation.extra
    if not operation.validation:
        record = await update(
            target.key, data, caller=caller, if_match=target.if_match, extra=extra
        )
        if record is None:
            raise context.missing()
        return record

    async def act(if_match: str | None) -> Record | None:
        return await update(
            target.key, data, caller=caller, if_match=if_match, extra=extra
        )

    return await _ruled(context, operation, data, target, act)


async def delete(context: Context, operation: Delete, target: Target) -> None:
    """Delete a record. Raises `NotFound` without one."""

    async def act(if_match: str | None) -> bool | None:
        done = await context.repository.delete(
            target.key,
            caller=target.caller,
            if_match=if_match,
            extra=operation.extra,
        )
        return done or None

    await _ruled(context, operation, {}, target, act)


async def _target(
    context: Context, operation: Operation, request: Request, key: str
) -> Target:
    caller = await context.admit(request, operation)
    version = context.demand_version(header(request.scope, b"if-match"))
    return Target(key, caller, version)


async def _ruled(
    context: Context,
    operation: Write,
    data: dict[str, Any],
    target: Target,
    act: Act[T],
) -> T:
    """What `act` does to the record of `target`, for which the operation's rules hold."""
    wanted = if_match = target.if_match
    caller = target.caller
    for attempt in range(_ATTEMPTS):
        if operation.validation:
            present = await context.repository.get(target.key, caller=caller)
            if present is None:
                raise context.missing()
            wanted_now = present | dict(merged(present, data))
            candidate = _filled(context.entity, wanted_now, operation, caller)
            check(operation.validation, candidate, caller)
            # The rules hold for this version, so no other one may be written.
            if_match = wanted or etag(present, context.entity)
        try:
            result = await act(if_match)
        except StaleVersion:
            if wanted is not None or attempt + 1 == _ATTEMPTS:
                raise
            continue
        if result is None:
            raise context.missing()
        return result
    raise AssertionError("unreachable")


def check(rules: Rules, record: Record, caller: Caller) -> None:
    """Raise `RuleBroken` where `record` breaks a rule.

    The first broken rule decides on the status; all that share it are named.
    """
    broken = [rule for rule in rules if not rule.function(record, caller)]
    if broken:
        status = broken[0].status
        errors = tuple(
            FieldError(rule.field, rule.code, rule.detail)
            for rule in broken
            if rule.status == status
        )
        raise RuleBroken(errors, status)


def _filled(entity: Entity, record: Record, operation: Write, caller: Caller) -> Record:
    """`record` with what the operation fills, but for numbers that are not drawn yet."""
    set_plain(entity, record, operation.fills, caller, moment())
    return record


def blank(entity: Entity) -> Record:
    """A record of its defaults alone, so that rules may read any field."""
    state = {entity.workflow.field: entity.workflow.initial} if entity.workflow else {}
    return {field.name: field.default for field in entity.fields} | state
