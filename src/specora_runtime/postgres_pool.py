"""The sessions of one event loop, handed out last in, first out.

The driver's own pool spends as long on handing out a session as the server on a small
statement. A session that was interrupted or left in a transaction is never handed out
again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from .errors import Unavailable
from .postgres_faults import DRIVER_ERRORS

_WAIT_SECONDS = 30.0
_CLOSE_SECONDS = 5.0


class SessionPool:
    """At most `size` sessions that `connect` opens when they are needed."""

    def __init__(self, connect: Callable[[], Awaitable[Any]], size: int) -> None:
        self._connect = connect
        self._free = size
        """How many sessions may still be opened."""
        self._idle: list[Any] = []
        self._waiters: deque[asyncio.Future[Any]] = deque()
        self._closing: set[asyncio.Task[None]] = set()
        self._closed = False

    async def acquire(self) -> Any:
        """A session for the caller alone. Raises a driver error or `Unavailable`."""
        while True:
            while self._idle:
                session = self._idle.pop()
                if not session.is_closed():
                    return session
                self._free += 1
            if self._free:
                return await self._open()
            session = await self._wait()
            if session is not None:
                return session

    async def _open(self) -> Any:
        self._free -= 1
        try:
            return await self._connect()
        except BaseException:
            self._make_room()
            raise

    async def _wait(self) -> Any:
        """A session that another task gives back; `None` where there is room for one."""
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Any] = loop.create_future()
        self._waiters.append(waiter)
        limit = loop.call_later(_WAIT_SECONDS, _give_up, waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                # It was handed over at the moment that the wait ended.
                self._pass_on(waiter.result())
            raise
        finally:
            limit.cancel()

    def release(self, session: Any, *, interrupted: bool = False) -> None:
        """Give a session back; `interrupted` when its last statement was cancelled."""
        if session.is_closed():
            self._make_room()
        elif interrupted or self._closed or session.is_in_transaction():
            self._retire(session)
        else:
            self._pass_on(session)

    def _pass_on(self, session: Any) -> None:
        if session is None:
            self._free -= 1
            self._make_room()
            return
        waiter = self._next_waiter()
        if waiter is None:
            self._idle.append(session)
        else:
            waiter.set_result(session)

    def _make_room(self) -> None:
        self._free += 1
        waiter = self._next_waiter()
        if waiter is not None:
            waiter.set_result(None)

    def _next_waiter(self) -> asyncio.Future[Any] | None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                return waiter
        return None

    def _retire(self, session: Any) -> None:
        """Close a session behind the caller's back; its place is free when it is gone."""
        task = asyncio.get_running_loop().create_task(_close(session))
        self._closing.add(task)
        task.add_done_callback(self._retired)

    def _retired(self, task: asyncio.Task[None]) -> None:
        self._closing.discard(task)
        self._make_room()

    async def close(self) -> None:
        """Close idle sessions, and the others when they are given back."""
        self._closed = True
        while self._idle:
            self._retire(self._idle.pop())
        if self._closing:
            await asyncio.wait(self._closing)


def _give_up(waiter: asyncio.Future[Any]) -> None:
    if not waiter.done():
        fault = Unavailable("all connections to the database are busy")
        waiter.set_exception(fault)


async def _close(session: Any) -> None:
    try:
        # Waits until the server has stopped an interrupted statement.
        await session.close(timeout=_CLOSE_SECONDS)
    except DRIVER_ERRORS:
        with suppress(*DRIVER_ERRORS):
            session.terminate()
