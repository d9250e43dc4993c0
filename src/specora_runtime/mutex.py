"""A fair lock that tasks of any event loop, in any thread, may wait for."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from types import TracebackType

_Loop = asyncio.AbstractEventLoop


class Mutex:
    """Like `asyncio.Lock`, but not bound to a loop; `release` may come from any thread.

    A loop that is closed while one of its tasks holds the lock loses it.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._owner: _Loop | None = None
        self._waiters: deque[tuple[Future[None], _Loop]] = deque()

    async def acquire(self) -> None:
        """Take the lock; does not yield to the loop when it is free."""
        loop = asyncio.get_running_loop()
        with self._guard:
            if self._owner is None or self._owner.is_closed():
                self._owner = loop
                return
            waiter: Future[None] = Future()
            self._waiters.append((waiter, loop))
        try:
            await asyncio.wrap_future(waiter)
        except asyncio.CancelledError:
            # The lock may have been handed over at the same moment.
            if not waiter.cancel():
                self.release()
            raise

    def release(self) -> None:
        """Hand the lock to the task that has waited longest."""
        with self._guard:
            self._owner = None
            while self._waiters:
                waiter, loop = self._waiters.popleft()
                if not loop.is_closed() and waiter.set_running_or_notify_cancel():
                    self._owner = loop
                    waiter.set_result(None)
                    return

    async def __aenter__(self) -> None:
        await self.acquire()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
