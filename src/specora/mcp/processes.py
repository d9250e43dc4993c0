"""Programs that a call runs: they end with the call, and after a time."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import anyio
import anyio.abc

from specora.mcp.faults import fault

MAX_OUTPUT = 8_000_000
"""Bytes of output that are kept of either stream."""
_GRACE = 5
"""Seconds between asking a program to end and ending it."""

_started: set[int] = set()
"""Programs that run, each the first of a group of processes."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program left behind."""

    code: int
    out: str
    err: str


async def run(
    command: Sequence[str], *, seconds: float, environment: Mapping[str, str]
) -> Ended:
    """Run a program with nothing on its standard input.

    Where the call is cancelled, or the time is over, the program and all that it started are
    ended. Refuses the call in the latter case.
    """
    try:
        with anyio.fail_after(seconds):
            return await _run(command, environment)
    except TimeoutError:
        raise fault(
            "mcp/time-limit",
            f"it was not done after {seconds:g} seconds and was ended",
            help="a longer limit, or a smaller part, where the tool has an argument for it",
        ) from None


async def _run(command: Sequence[str], environment: Mapping[str, str]) -> Ended:
    process = await anyio.open_process(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(environment),
        start_new_session=True,
    )
    out, err = bytearray(), bytearray()
    _started.add(process.pid)
    try:
        async with anyio.create_task_group() as group:
            group.start_soon(_read, process.stdout, out)
            group.start_soon(_read, process.stderr, err)
            code = await process.wait()
    finally:
        with anyio.CancelScope(shield=True):
            await _end(process)
    return Ended(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))


async def _read(stream: anyio.abc.ByteReceiveStream | None, into: bytearray) -> None:
    if stream is None:
        return
    async for chunk in stream:
        if len(into) < MAX_OUTPUT:
            into += chunk


async def _end(process: anyio.abc.Process) -> None:
    """End a program with its children; what it left running as well, once it ended itself."""
    _signal(process.pid, signal.SIGTERM)
    with anyio.move_on_after(_GRACE):
        await process.wait()
    _signal(process.pid, signal.SIGKILL)
    _started.discard(process.pid)
    await process.aclose()


def end_all() -> None:
    """End everything that runs, for a server that is told to end itself at once."""
    for pid in tuple(_started):
        _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def spc(*arguments: str) -> list[str]:
    """The command line of `spc` in this very installation."""
    return [sys.executable, "-c", "from specora.cli import main; main()", *arguments]
