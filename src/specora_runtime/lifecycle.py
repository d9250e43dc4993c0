"""Opening, readiness and the orderly end of a service."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import FrameType
from typing import Final

from . import outbox
from .database import Database
from .errors import Unavailable
from .garbage import rare_collections
from .reporting import Reporter
from .settings import Settings

READY_TIMEOUT: Final = 5.0
"""Seconds after which a silent database counts as not reached."""

_log = logging.getLogger(__name__)


class Lifecycle:
    """The state of the process between its start and its end."""

    def __init__(
        self, settings: Settings, database: Database, reporter: Reporter | None
    ) -> None:
        self.settings = settings
        self.database = database
        self.reporter = reporter
        self.draining = False

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Open the database, deliver what an earlier process left, serve, and close.

        A database that cannot be reached fails readiness, not the start.
        """
        for warning in self.settings.warnings:
            _log.warning("acceptable in development only: %s", warning)
        try:
            await self.database.open()
            await outbox.redeliver(self.database)
        except Unavailable as fault:
            _log.error("the database is not reached: %s", fault)
        restore = self._watch_sigterm()
        try:
            with rare_collections():
                yield
        finally:
            self.draining = True
            restore()
            if self.reporter is not None:
                self.reporter.close()
            await outbox.drain()
            await self.database.close()

    async def ready(self) -> None:
        """Raise `Unavailable` unless requests may be sent here."""
        if self.draining:
            raise Unavailable("the service is about to end")
        try:
            await asyncio.wait_for(self.database.ready(), READY_TIMEOUT)
        except TimeoutError:
            raise Unavailable("the database does not answer in time") from None

    def _watch_sigterm(self) -> Callable[[], None]:
        """Fail readiness first; hand the signal to the server after `drain_seconds`."""
        server = signal.getsignal(signal.SIGTERM)
        on_main_thread = threading.current_thread() is threading.main_thread()
        if not callable(server) or not on_main_thread:
            return lambda: None
        loop = asyncio.get_running_loop()

        def drain(number: int, frame: FrameType | None) -> None:
            repeated, self.draining = self.draining, True
            if repeated or not self.settings.drain_seconds:
                server(number, frame)
                return
            # A signal arrives between two steps of the loop, which has to wake up for it.
            loop.call_soon_threadsafe(
                loop.call_later, self.settings.drain_seconds, server, number, None
            )

        signal.signal(signal.SIGTERM, drain)

        def restore() -> None:
            if signal.getsignal(signal.SIGTERM) is drain:
                signal.signal(signal.SIGTERM, server)

        return restore
