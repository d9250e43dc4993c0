"""Operations that functions in `behaviors/` answer.

The function is given its context, the record where the path leads below one, each further
parameter of the path, and the body where the contract declares one, in this order. Unless
the method is GET, all of it is one transaction, and the record is locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import chain
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from starlette.requests import Request
from starlette.responses import Response

from .behavior import BehaviorError, place_of, run
from .behavior import Context as BehaviorContext
from .bodies import read_body, read_model
from .constraints import Precision
from .database import Connection, Database, retrying
from .endpoints import JSON, Answer, Context, Endpoint
from .entity import Caller, Entity, Record
from .errors import StaleVersion
from .headers import header
from .identity import matches, parse_key
from .links import encode
from .operations import Handler, Shape
from .problems import NotFound
from .query import Page
from .sql import table_of
from .values import native
from .visibility import sight_of
from .wire import quantize
from .writes import moment
from .writing import blank, check


def handler(context: Context, operation: Handler) -> Endpoint:
    """The endpoint that asks the operation's function."""
    database = context.database

    async def serve(request: Request, key: str) -> Response:
        caller = await context.admit(request, operation)
        values = _parameters(context, operation, request, key)
        if_match = header(request.scope, b"if-match")
        if operation.changes_record:
            context.demand_version(if_match)
        body = None
        if operation.body is not None:
            raw = await read_body(request, context.max_body_bytes)
            body = read_model(operation.body, raw)
        asked = _Asked(context, operation, database, caller, values, body)
        if operation.verb == "GET":
            return await asked.answer(None, None)

        async def work(connection: Connection) -> Response:
            return await asked.answer(connection, if_match)

        return await retrying(database, work)

    return serve


class _Asked:
    """One request to a function."""

    def __init__(
        self,
        context: Context,
        operation: Handler,
        database: Database,
        caller: Caller,
        values: tuple[str, ...],
        body: BaseModel | None,
    ) -> None:
        self._context = context
        self._operation = operation
        self._database = database
        self._caller = caller
        self._values = values
        self._body = body

    async def answer(
        self, connection: Connection | None, if_match: str | None
    ) -> Response:
        """What the function answers, as the contract wants it."""
        operation, values = self._operation, self._values
        arguments: list[Any] = [self._context_of()]
        record: Record | None = None
        if operation.takes_record:
            record = await self._record(connection, values[0], if_match)
            arguments.append(record)
            values = values[1:]
        arguments += values
        if self._body is not None:
            arguments.append(self._body)
        if operation.validation:
            self._check(record)
        result = await run(operation.function, *arguments)
        try:
            return self._shown(result)
        except (BehaviorError, ValidationError) as fault:
            where = place_of(operation.function)
            message = f"what {where} returned does not fit its contract: {fault}"
            raise BehaviorError(message) from None

    def _context_of(self) -> BehaviorContext:
        behaviors = self._database.behaviors
        kind = behaviors.context if behaviors else BehaviorContext
        return kind(self._database, self._context.entity, self._caller, moment())

    async def _record(
        self, connection: Connection | None, text: str, if_match: str | None
    ) -> Record:
        """The record of a key; in a transaction nobody else changes it until its end."""
        entity = self._context.entity
        record: Record | None = None
        key = parse_key(entity, text)
        if key is not None:
            table = table_of(entity, self._database.dialect)
            sight = sight_of(self._caller)
            lock = connection is not None
            statement, parameters = table.get(key, sight, for_update=lock)
            row = await self._database.fetch_one(statement, *parameters)
            record = None if row is None else table.read(row)
        if record is None:
            raise self._context.missing()
        if not matches(record, entity, if_match):
            raise StaleVersion
        return record

    def _check(self, record: Record | None) -> None:
        """The rules hold for the record, with what the body sends in its place."""
        present = blank(self._context.entity) if record is None else record
        sent = {} if self._body is None else _by_wire_name(self._body)
        check(self._operation.validation, present | sent, self._caller)

    def _shown(self, result: Any) -> Response:
        status, context = self._operation.status, self._context
        match self._operation.shape:
            case Shape.ENTITY:
                record = _whole(context.entity, result)
                created = (b"location", context.path_of(record).encode())
                return context.answer(
                    status, record, *((created,) if status == 201 else ())
                )
            case Shape.LIST:
                content: Any = _page(context, result)
            case Shape.FIELDS:
                content = self._fields(result)
            case Shape.MESSAGE:
                if not isinstance(result, str):
                    raise BehaviorError(f"a text is wanted, not {_kind(result)}")
                content = {"message": result}
            case Shape.EMPTY:
                if result is not None:
                    raise BehaviorError(f"nothing is wanted, not {_kind(result)}")
                return Answer(status, b"")
        return Answer(status, encode(content), JSON)

    def _fields(self, result: Any) -> Record:
        model = self._operation.answer
        assert model is not None  # the shape says so
        if not isinstance(result, model):
            if not isinstance(result, Mapping):
                raise BehaviorError(f"{model.__name__} is wanted, not {_kind(result)}")
            result = model.model_validate(dict(result))
        return _by_wire_name(result)


def _by_wire_name(model: BaseModel) -> Record:
    found: Record = {}
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if isinstance(value, Decimal) and (scale := _scale(info)) is not None:
            value = quantize(value, scale)
        found[info.alias or name] = value
    return found


def _scale(info: FieldInfo) -> int | None:
    """The digits after the point that the contract declares."""
    inner = (getattr(one, "__metadata__", ()) for one in get_args(info.annotation))
    for part in chain(info.metadata, *inner):
        if isinstance(part, Precision):
            return part.scale
    return None


def _parameters(
    context: Context, operation: Handler, request: Request, key: str
) -> tuple[str, ...]:
    """The values of the path's parameters. What can be no text leads nowhere."""
    values: tuple[str, ...] = ()
    if operation.names:
        several = len(operation.names) > 1
        values = request.scope["specora.parameters"] if several else (key,)
    try:
        if "\x00" not in "".join(values).encode().decode():
            return values
    except UnicodeEncodeError:
        pass
    raise NotFound(context.entity.name)


def _whole(entity: Entity, result: Any) -> Record:
    """The record that a function returned. Raises `BehaviorError` for anything else."""
    if not isinstance(result, Mapping):
        raise BehaviorError(f"a record of {entity.name} is wanted, not {_kind(result)}")
    found: Record = {}
    for field in entity.fields:
        if field.name not in result:
            raise BehaviorError(f"`{field.name}` of {entity.name} is missing")
        try:
            found[field.name] = native(field, result[field.name])
        except ValueError as fault:
            raise BehaviorError(f"`{field.name}` cannot hold this: {fault}") from None
    return found


def _page(context: Context, result: Any) -> dict[str, Any]:
    total, cursor = None, None
    if isinstance(result, Page):
        result, total, cursor = result.items, result.total, result.next_cursor
    elif isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], int):
        # What `Repository.list` returns.
        result, total = result
    if not isinstance(result, Iterable) or isinstance(result, str | bytes | Mapping):
        raise BehaviorError(f"records are wanted, not {_kind(result)}")
    items = [context.render(_whole(context.entity, item)) for item in result]
    return {
        "items": items,
        "total": len(items) if total is None else total,
        "next_cursor": cursor,
    }


def _kind(value: object) -> str:
    return type(value).__name__
