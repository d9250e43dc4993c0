"""Sessions: opaque refresh tokens that are good for one use.

A login starts a family of tokens; each use replaces the token by the next one of its
family. A token that comes a second time was stolen, from us or by us, so the family ends.
Only digests are stored.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ..database import Connection, retrying
from ..dialect import Dialect
from .schema import REFRESH_TOKENS, Tables

LIFETIME_SECONDS: Final = 30 * 24 * 3600
"""A family ends this long after its login, however often it is refreshed."""

LIVENESS_SECONDS: Final = 5.0
"""How long another process may go on to take a session that ended here."""

_MAX_KNOWN: Final = 10_000
_TOKEN_BYTES: Final = 32
_MAX_TOKEN_LENGTH: Final = 256

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Session:
    """A family of refresh tokens and the token that is good for the next use."""

    id: str
    user_id: str
    stamp: str
    """Fingerprint of the user's password when the session started."""
    token: str


class Sessions:
    """The sessions of one service's users."""

    def __init__(
        self,
        tables: Tables,
        dialect: Dialect,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._tables = tables
        self._clock = clock
        self._alive: OrderedDict[str, float] = OrderedDict()
        self._sql = _Statements(dialect.placeholder)

    async def start(self, user_id: str, stamp: str) -> Session:
        """Start a session, and drop what has expired."""
        now = int(self._clock())
        session = Session(secrets.token_hex(16), user_id, stamp, _new_token())

        async def store(connection: Connection) -> None:
            await connection.execute(self._sql.expire, now)
            await connection.execute(
                self._sql.insert,
                _digest(session.token),
                session.id,
                user_id,
                stamp,
                now + LIFETIME_SECONDS,
            )

        await retrying(await self._tables.database(), store)
        return session

    async def rotate(self, token: str) -> Session | None:
        """The session of `token` with its next token; ends the session of a used one."""
        if len(token) > _MAX_TOKEN_LENGTH:
            return None
        digest, now = _digest(token), int(self._clock())

        async def exchange(connection: Connection) -> Session | None:
            row = await connection.fetch_one(self._sql.find, digest)
            if row is None or row["expires_at"] <= now:
                return None
            # The condition is in the UPDATE, where of two requests at once one loses.
            if not await connection.execute(self._sql.use, now, digest):
                await connection.execute(self._sql.end, row["family"])
                self._alive.pop(row["family"], None)
                _log.warning(
                    "a refresh token of user %s came twice: its session is ended",
                    row["user_id"],
                )
                return None
            following = Session(
                row["family"], row["user_id"], row["stamp"], _new_token()
            )
            await connection.execute(
                self._sql.insert,
                _digest(following.token),
                following.id,
                following.user_id,
                following.stamp,
                row["expires_at"],
            )
            return following

        return await retrying(await self._tables.database(), exchange)

    async def end(self, session_id: str) -> None:
        """End a session: none of its tokens is good for anything."""
        database = await self._tables.database()
        await database.execute(self._sql.end, session_id)
        self._alive.pop(session_id, None)

    async def end_of(self, token: str) -> None:
        """End the session of a refresh token, used or not; none where it is unknown."""
        if len(token) > _MAX_TOKEN_LENGTH:
            return
        database = await self._tables.database()
        row = await database.fetch_one(self._sql.find, _digest(token))
        if row is not None:
            await self.end(row["family"])

    async def alive(self, session_id: str) -> bool:
        """Whether the session goes on; what was found is believed for a few seconds."""
        now = self._clock()
        seen = self._alive.get(session_id)
        if seen is not None and 0 <= now - seen < LIVENESS_SECONDS:
            return True
        database = await self._tables.database()
        row = await database.fetch_one(self._sql.alive, session_id, int(now))
        if row is None:
            self._alive.pop(session_id, None)
            return False
        self._alive[session_id] = now
        self._alive.move_to_end(session_id)
        if len(self._alive) > _MAX_KNOWN:
            self._alive.popitem(last=False)
        return True


class _Statements:
    """The statements over the table, in one dialect."""

    def __init__(self, at: Callable[[int], str]) -> None:
        table = f'"{REFRESH_TOKENS}"'
        self.insert = (
            f"INSERT INTO {table} (id, family, user_id, stamp, expires_at)"
            f" VALUES ({at(1)}, {at(2)}, {at(3)}, {at(4)}, {at(5)})"
        )
        self.find = (
            f"SELECT family, user_id, stamp, expires_at FROM {table} WHERE id = {at(1)}"
        )
        self.use = (
            f"UPDATE {table} SET used_at = {at(1)}"
            f" WHERE id = {at(2)} AND used_at IS NULL"
        )
        self.end = f"DELETE FROM {table} WHERE family = {at(1)}"
        self.expire = f"DELETE FROM {table} WHERE expires_at <= {at(1)}"
        self.alive = (
            f"SELECT 1 AS alive FROM {table}"
            f" WHERE family = {at(1)} AND expires_at > {at(2)} LIMIT 1"
        )


def _new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def _digest(token: str) -> str:
    # The token is random, so that a fast digest is as good as a slow one.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
