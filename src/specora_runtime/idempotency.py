"""`Idempotency-Key`: a `POST` that is sent again takes effect once.

The answer is kept in the transaction of its effect, so a crash between them neither loses
the one nor doubles the other. Whoever sends the same request with the same key again is
given the kept answer; another request with that key is refused. What failed changed nothing,
so its answer is not kept, and its key is as good as new.

A key belongs to its caller and tenant. In one process a key in use is refused at once; a
request that reaches another process waits there, and is given the kept answer.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Final
from weakref import WeakKeyDictionary

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from .bodies import read_bytes
from .database import Connection, Database, retrying
from .endpoints import Answer, Context, Endpoint
from .entity import Caller, Field, Type
from .errors import BadHeader, Fault, KeyInFlight, KeyReused
from .headers import headers_of
from .operations import Operation
from .security import authorize
from .values import encoder

HEADER: Final = "Idempotency-Key"
_HEADER: Final = HEADER.lower().encode()
REPLAYED: Final = (b"idempotent-replayed", b"true")
MAX_LENGTH: Final = 255
KEPT_FOR: Final = timedelta(hours=24)
_PURGE_EVERY: Final = 600.0
"""Seconds between two removals of what is kept too long already."""

_log = logging.getLogger(__name__)
_KEY: Final = re.compile(rf"[!-~](?:[ -~]{{0,{MAX_LENGTH - 2}}}[!-~])?")
_ID, _FINGERPRINT, _CREATED_AT, _STATUS, _HEADERS, _BODY = (
    Field(name=name, type=type_)
    for name, type_ in (
        ("id", Type.STRING),
        ("fingerprint", Type.STRING),
        ("created_at", Type.DATETIME),
        ("status", Type.INTEGER),
        ("headers", Type.STRING),
        ("body", Type.BINARY),
    )
)


@dataclass(slots=True)
class _State:
    """What this process knows of the keys in a database."""

    running: set[str] = field(default_factory=set)
    purged_at: float = float("-inf")


_states: WeakKeyDictionary[Database, _State] = WeakKeyDictionary()


def once(context: Context, operation: Operation, serve: Endpoint) -> Endpoint:
    """`serve`, which takes effect once for all requests with the same key."""
    database = context.database

    async def keyed(request: Request, key: str) -> Response:
        if _HEADER not in headers_of(request.scope):
            return await serve(request, key)
        caller = await authorize(context.auth, request, operation.roles)
        name = _name(request.headers.getlist(HEADER))
        raw = await read_bytes(request, context.max_body_bytes)
        state = _states.setdefault(database, _State())
        await _purge(database, state)
        kept = _Kept(database, _id(caller, name), _fingerprint(request, raw))

        async def work(connection: Connection) -> Response:
            answer = await kept.claim(connection)
            if answer is None:
                again = Request(request.scope, _replaying(raw))
                answer = await serve(again, key)
                await kept.keep(connection, answer)
            return answer

        if kept.id in state.running:
            raise KeyInFlight(HEADER)
        state.running.add(kept.id)
        try:
            return await retrying(database, work)
        finally:
            state.running.discard(kept.id)

    return keyed


class _Kept:
    """What is kept for one key."""

    def __init__(self, database: Database, id: str, fingerprint: str) -> None:
        self._dialect = database.dialect
        self.id = id
        self._fingerprint = fingerprint

    async def claim(self, connection: Connection) -> Response | None:
        """Take the key; where it is taken, the kept answer. Raises `KeyReused`."""
        now = datetime.now(UTC)
        given = self._parameters((_ID, _FINGERPRINT, _CREATED_AT, _CREATED_AT))
        old = now - KEPT_FOR
        claimed = await connection.fetch(
            "INSERT INTO specora_idempotency AS kept (id, fingerprint, created_at)"
            f" VALUES ({given[0]}, {given[1]}, {given[2]})"
            " ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint,"
            " created_at = excluded.created_at, status = NULL, headers = NULL,"
            f" body = NULL WHERE kept.created_at < {given[3]} RETURNING id",
            *self._values(
                (_ID, self.id),
                (_FINGERPRINT, self._fingerprint),
                (_CREATED_AT, now),
                (_CREATED_AT, old),
            ),
        )
        return None if claimed else await self._answer(connection)

    async def keep(self, connection: Connection, answer: Response) -> None:
        """Keep an answer that tells of success, or let go of the key."""
        body: Any = getattr(answer, "body", None)
        if not (200 <= answer.status_code < 300 and isinstance(body, bytes)):
            (place,) = self._parameters((_ID,))
            text = f"DELETE FROM specora_idempotency WHERE id = {place}"
            await connection.execute(text, self.id)
            return
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in answer.raw_headers
            if name.lower() != b"content-length"
        ]
        places = self._parameters((_STATUS, _HEADERS, _BODY, _ID))
        await connection.execute(
            f"UPDATE specora_idempotency SET status = {places[0]},"
            f" headers = {places[1]}, body = {places[2]} WHERE id = {places[3]}",
            *self._values(
                (_STATUS, answer.status_code),
                (_HEADERS, msgspec.json.encode(headers).decode()),
                (_BODY, body),
                (_ID, self.id),
            ),
        )

    async def _answer(self, connection: Connection) -> Response:
        (place,) = self._parameters((_ID,))
        row = await connection.fetch_one(
            "SELECT fingerprint, status, headers, body FROM specora_idempotency"
            f" WHERE id = {place}",
            self.id,
        )
        assert row is not None  # the insert met it, in this transaction
        if row["fingerprint"] != self._fingerprint:
            raise KeyReused(HEADER)
        pairs = msgspec.json.decode(row["headers"], type=list[tuple[str, str]])
        headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in pairs]
        return Answer(row["status"], bytes(row["body"]), *headers, REPLAYED)

    def _parameters(self, fields: Sequence[Field]) -> list[str]:
        return [self._dialect.parameter(one, n) for n, one in enumerate(fields, 1)]

    def _values(self, *pairs: tuple[Field, Any]) -> list[Any]:
        return [encoder(one, self._dialect)(value) for one, value in pairs]


async def _purge(database: Database, state: _State) -> None:
    """Remove, now and then, what is kept for longer than promised."""
    now = time.monotonic()
    if now < state.purged_at + _PURGE_EVERY:
        return
    state.purged_at = now
    place = database.dialect.parameter(_CREATED_AT, 1)
    old = encoder(_CREATED_AT, database.dialect)(datetime.now(UTC) - KEPT_FOR)
    try:
        await database.execute(
            f"DELETE FROM specora_idempotency WHERE created_at < {place}", old
        )
    except Fault:
        # It is only housekeeping: the next request tries it again.
        _log.warning("kept answers are not purged", exc_info=True)


def _name(given: list[str]) -> str:
    if len(given) != 1:
        raise BadHeader(HEADER, f"`{HEADER}` occurs more than once", "repeated")
    if _KEY.fullmatch(given[0]) is None:
        detail = f"`{HEADER}` must have 1 to {MAX_LENGTH} visible ASCII characters"
        raise BadHeader(HEADER, detail, "bad-key")
    return given[0]


def _id(caller: Caller, name: str) -> str:
    whose = (repr(caller.tenant), repr(caller.id))
    return _digest(
        *(part.encode("utf-8", "backslashreplace") for part in whose), name.encode()
    )


def _fingerprint(request: Request, raw: bytes) -> str:
    scope = request.scope
    path = scope.get("raw_path") or scope["path"].encode("utf-8", "backslashreplace")
    return _digest(request.method.encode(), path, scope.get("query_string", b""), raw)


def _digest(*parts: bytes) -> str:
    digest = blake2b(digest_size=32)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _replaying(raw: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": raw, "more_body": False}

    return receive
