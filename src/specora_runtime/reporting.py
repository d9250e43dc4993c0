"""Tells the healer of unexpected faults, beside the request that met them."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final
from urllib.request import Request, urlopen

import msgspec

MAX_PENDING: Final = 20
"""Reports that wait at most; a healer that is down must not eat the service's memory."""
TIMEOUT: Final = 5.0

_log = logging.getLogger(__name__)


class Reporter:
    """Posts faults to `{url}/healer/ingest` from a thread of its own."""

    def __init__(self, url: str, token: str, domain: str) -> None:
        self._url = f"{url}/healer/ingest"
        self._token = token
        self._domain = domain
        self._threads: ThreadPoolExecutor | None = None
        self._pending = 0
        self._failing = False

    def report(
        self, fault: BaseException, entity: str, context: Mapping[str, Any]
    ) -> None:
        """Queue one report and return at once."""
        if self._pending >= MAX_PENDING:
            return
        content = {
            "source": "runtime",
            "contract_fqn": f"entity/{self._domain}/{entity}" if entity else None,
            "error": f"{type(fault).__name__}: {fault}"[:2000],
            "stacktrace": "".join(traceback.format_exception(fault))[-20_000:],
            "context": {"domain": self._domain, **context},
        }
        body = msgspec.json.encode(content)
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, thread_name_prefix="healer")
        self._pending += 1
        loop = asyncio.get_running_loop()
        loop.run_in_executor(self._threads, self._post, body).add_done_callback(
            self._done
        )

    def close(self) -> None:
        """Give up what still waits."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    def _post(self, body: bytes) -> None:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        # The settings admit http and https addresses only.
        with urlopen(Request(self._url, body, headers), timeout=TIMEOUT) as answer:
            answer.read()

    def _done(self, sent: asyncio.Future[None]) -> None:
        self._pending -= 1
        if sent.cancelled():
            return
        fault = sent.exception()
        if fault is not None and not self._failing:
            _log.warning("the healer at %s does not take reports: %s", self._url, fault)
        self._failing = fault is not None
