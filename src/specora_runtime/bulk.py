"""Several creates, updates and deletes of a collection in one request.

Each item is the collection's own operation, with its roles, its rules and its effects. All
of them take place in one transaction, unless the client wants each for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from .bodies import MAX_ERRORS, BodyError, parse, pointer, read_body, validated
from .database import Connection, retrying
from .endpoints import JSON, Answer, Context, Endpoint
from .entity import Caller, Record
from .errors import Fault, Invalid, ItemFailed, NotOffered, Retry, RoleRequired
from .links import encode
from .operations import Bulk, Create, Delete, Operation, Update
from .problems import content_of
from .writing import Target, change, create, delete

MAX_OPERATIONS: Final = 1000

_KINDS: Final[dict[str, type[Operation]]] = {
    "create": Create,
    "update": Update,
    "delete": Delete,
}
_MEMBERS: Final = ("operations", "atomic")
_KEYS: Final = ("op", "id", "body", "if_match")
_DEMANDED: Final = {"create": ("body",), "update": ("id", "body"), "delete": ("id",)}
_REFUSED: Final = {"create": ("id", "if_match"), "update": (), "delete": ("body",)}


@dataclass(frozen=True, slots=True)
class Item:
    """One operation as the client asks for it."""

    place: str
    """JSON pointer of the item."""
    op: str
    key: str
    body: Any
    if_match: str | None


@dataclass(frozen=True, slots=True)
class Ready:
    """An item whose caller and values are checked."""

    item: Item
    operation: Operation
    data: dict[str, Any]


def bulk_endpoint(context: Context, operation: Bulk) -> Endpoint:
    """The endpoint of several operations."""
    offered = {
        name: found
        for name, kind in _KINDS.items()
        for found in context.collection.operations
        if isinstance(found, kind)
    }

    async def serve(request: Request, _key: str) -> Response:
        caller = await context.admit(request, operation)
        value = parse(await read_body(request, context.max_body_bytes))
        items = read_items(value)
        run = _Run(context, offered, caller, request.scope)
        apart = value.get("atomic") is False
        results = await (run.apart(items) if apart else run.together(items))
        return Answer(operation.status, encode({"results": results}), JSON)

    return serve


def read_items(value: Any) -> list[Item]:
    """The operations that a body asks for. Raises `Invalid` with every fault of their form."""
    errors = list(_faults(value))
    if errors:
        raise Invalid(tuple(errors[:MAX_ERRORS]))
    items = []
    for index, item in enumerate(value["operations"]):
        place = pointer(("operations", index))
        key, version = item.get("id"), item.get("if_match")
        items.append(Item(place, item["op"], key or "", item.get("body"), version))
    return items


def _faults(value: Any) -> Iterator[BodyError]:
    if not isinstance(value, dict):
        yield BodyError("", "wrong-type", "the body must be an object", "")
        return
    yield from _unknown(value, _MEMBERS, ())
    if not isinstance(value.get("atomic", True), bool):
        yield _fault(("atomic",), "wrong-type", "must be true or false")
    operations = value.get("operations")
    if "operations" not in value:
        yield _fault(("operations",), "required", "is required")
    elif not isinstance(operations, list):
        yield _fault(("operations",), "wrong-type", "must be an array")
    elif len(operations) > MAX_OPERATIONS:
        most = f"must have at most {MAX_OPERATIONS} elements"
        yield _fault(("operations",), "too-long", most)
    else:
        for index, item in enumerate(operations):
            yield from _faults_of_item(item, ("operations", index))


def _faults_of_item(item: Any, place: tuple[str | int, ...]) -> Iterator[BodyError]:
    if not isinstance(item, dict):
        yield _fault(place, "wrong-type", "must be an object")
        return
    yield from _unknown(item, _KEYS, place)
    op = item.get("op")
    if "op" not in item:
        yield _fault((*place, "op"), "required", "is required")
    elif not isinstance(op, str) or op not in _KINDS:
        legal = " or ".join(f"`{name}`" for name in _KINDS)
        yield _fault((*place, "op"), "not-an-enum-value", f"must be {legal}")
    else:
        yield from (
            _fault((*place, name), "required", f"is required to {op} a record")
            for name in _DEMANDED[op]
            if item.get(name) is None
        )
        yield from (
            _fault((*place, name), "not-allowed", f"means nothing to {op} a record")
            for name in _REFUSED[op]
            if name in item
        )
    if not isinstance(item.get("id"), str | None):
        yield _fault((*place, "id"), "wrong-type", "must be a string")
    if not isinstance(item.get("if_match", ""), str):
        yield _fault((*place, "if_match"), "wrong-type", "must be a string")


def _unknown(
    value: dict[str, Any], legal: tuple[str, ...], place: tuple[str | int, ...]
) -> Iterator[BodyError]:
    for name in value:
        if name not in legal:
            near = get_close_matches(name[:64], legal, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            yield _fault((*place, name), "unknown-field", f"is not a member{hint}")


def _fault(place: tuple[str | int, ...], code: str, message: str) -> BodyError:
    where = pointer(place)
    return BodyError("", code, f"`{where.rpartition('/')[2]}` {message}", where)


@dataclass(frozen=True, slots=True)
class _Run:
    context: Context
    offered: dict[str, Operation]
    caller: Caller
    scope: Scope

    async def together(self, items: list[Item]) -> list[dict[str, Any]]:
        """Every item in one transaction. Raises `ItemFailed` for the first that fails."""
        ready = await self._all_ready(items)

        async def work(_connection: Connection) -> list[dict[str, Any]]:
            results = []
            for one in ready:
                try:
                    results.append(await self._perform(one))
                except Retry:
                    raise
                except Fault as fault:
                    raise ItemFailed(one.item.place, fault) from fault
            return results

        return await retrying(self.context.database, work)

    async def apart(self, items: list[Item]) -> list[dict[str, Any]]:
        """Every item for itself: what fails is told, and undoes nothing else."""
        results = []
        for item in items:
            try:
                results.append(await self._perform(await self._ready(item)))
            except Retry:
                # Only a transaction around all items raises it, and has to start anew.
                raise
            except Fault as fault:
                failed = ItemFailed(item.place, fault)
                content, _ = content_of(self.scope, failed)
                # It is the request's, which the client knows, and not the item's.
                del content["instance"]
                results.append({"status": content["status"], "body": content})
        return results

    async def _all_ready(self, items: list[Item]) -> list[Ready]:
        """All items, checked. Where a body is invalid, so are all others told that are."""
        ready: list[Ready] = []
        invalid: list[BodyError] = []
        for item in items:
            try:
                ready.append(await self._ready(item))
            except Invalid as fault:
                invalid += (_placed(error, item.place) for error in fault.errors)
            except Fault as fault:
                if not invalid:
                    raise ItemFailed(item.place, fault) from fault
        if invalid:
            raise Invalid(tuple(invalid[:MAX_ERRORS]))
        return ready

    async def _ready(self, item: Item) -> Ready:
        operation = self.offered.get(item.op)
        if operation is None:
            raise NotOffered(item.op)
        if not self.caller.has_one_of(operation.roles):
            raise RoleRequired(operation.roles)
        if not isinstance(operation, Create):
            self.context.demand_version(item.if_match)
        if isinstance(operation, Delete):
            return Ready(item, operation, {})
        assert isinstance(operation, Create | Update)
        data = validated(operation.body, self.context.entity, item.body)
        # Before a transaction, so that nobody waits for a lock while a hash is made.
        return Ready(item, operation, dict(await self.context.repository.prepare(data)))

    async def _perform(self, ready: Ready) -> dict[str, Any]:
        operation, context = ready.operation, self.context
        if isinstance(operation, Create):
            record = await create(context, operation, ready.data, self.caller)
            return self._result(operation, record)
        target = Target(ready.item.key, self.caller, ready.item.if_match)
        if isinstance(operation, Delete):
            await delete(context, operation, target)
            return {"status": operation.status, "body": None}
        assert isinstance(operation, Update)
        return self._result(
            operation, await change(context, operation, ready.data, target)
        )

    def _result(self, operation: Operation, record: Record) -> dict[str, Any]:
        body = None if operation.status == 204 else self.context.render(record)
        return {"status": operation.status, "body": body}


def _placed(error: Any, place: str) -> BodyError:
    own = error.pointer if isinstance(error, BodyError) else pointer((error.field,))
    return BodyError(error.field, error.code, error.detail, f"{place}/body{own}")
