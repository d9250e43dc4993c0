"""Servers as real processes, and clients of theirs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import jsonschema_rs
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from specora.mcp.tools import BY_NAME
from tests.cli.spc import BIN, environment, spc

CURRENT = "2026-07-28"
BEFORE = "2025-11-25"
MODES = {CURRENT: "auto", BEFORE: "legacy"}
"""How the client is asked for each version of the protocol."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A client of a server."""

    client: Client

    async def ask(self, tool: str, **arguments: Any) -> Any:
        """The answer of a tool that carries the call out."""
        failed, answer = await self.call(tool, arguments)
        assert not failed, str(answer)[:2000]
        return answer

    async def refusal(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The first diagnostic of a call that is refused."""
        failed, answer = await self.call(tool, arguments)
        assert failed, str(answer)[:2000]
        found: dict[str, Any] = answer["diagnostics"][0]
        return found

    async def call(self, tool: str, arguments: dict[str, Any]) -> tuple[bool, Any]:
        """Whether a call is refused, and the answer, which is there as text and as a value."""
        result = await self.client.call_tool(tool, arguments)
        (content,) = result.content
        answer = json.loads(getattr(content, "text", ""))
        assert answer == result.structured_content
        if tool in BY_NAME:
            # Refusals too: there are clients that hold them to the schema.
            jsonschema_rs.validate(BY_NAME[tool].answers, answer)
        return bool(result.is_error), answer

    async def pages(self, tool: str, key: str, **arguments: Any) -> list[list[Any]]:
        """Every page of a list."""
        answer = await self.ask(tool, **arguments)
        found = [answer[key]]
        while answer["next_cursor"]:
            answer = await self.ask(tool, **arguments, cursor=answer["next_cursor"])
            found.append(answer[key])
        return found


def scaffold(parent: Path, name: str = "desk") -> Path:
    """A new project."""
    assert spc(name, cwd=parent, command="specora-init").code == 0
    return parent / name


@asynccontextmanager
async def over_stdio(project: Path, version: str = CURRENT) -> AsyncIterator[Agent]:
    """A server of a project, spoken to over its standard streams."""
    server = StdioServerParameters(
        command=str(BIN / "spc"), args=["mcp"], cwd=project, env=environment()
    )
    async with Client(stdio_client(server), mode=MODES[version]) as client:
        assert client.protocol_version == version
        yield Agent(client)


@contextmanager
def served(
    project: Path,
    *options: str,
    env: dict[str, str] | None = None,
    end: signal.Signals = signal.SIGTERM,
) -> Iterator[str]:
    """The address of a server over HTTP, at a free port. It ends when it is told to."""
    process = subprocess.Popen(
        [str(BIN / "spc"), "mcp", "--http", "0", "--json", *options],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(env),
    )
    try:
        assert process.stdout is not None
        url: str = json.loads(process.stdout.readline())["url"]
        yield url
    finally:
        process.send_signal(end)
        _, told = process.communicate(timeout=20)
        assert b"Traceback" not in told, told.decode()


@asynccontextmanager
async def over_http(url: str, version: str = CURRENT) -> AsyncIterator[Agent]:
    """A client of the server at an address."""
    async with Client(url, mode=MODES[version]) as client:
        assert client.protocol_version == version
        yield Agent(client)


def run(talk: Callable[[], Awaitable[None]], *, seconds: float = 120) -> None:
    """Hold a conversation, which has to come to an end."""

    async def bounded() -> None:
        with anyio.fail_after(seconds):
            await talk()

    anyio.run(bounded)


def is_running(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z" and os.path.exists(f"/proc/{pid}")
