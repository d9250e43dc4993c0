"""Raw messages over standard streams: whatever comes, the server answers it or goes on."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.agents.sessions import BEFORE, is_running, scaffold
from tests.cli.spc import BIN, environment

HELLO: dict[str, Any] = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {
        "protocolVersion": BEFORE,
        "capabilities": {},
        "clientInfo": {"name": "raw", "version": "1"},
    },
}
MOST_SECONDS = 2
"""Of CPU, from the start to the end of a server that is only greeted."""
STARTED = {"jsonrpc": "2.0", "method": "notifications/initialized"}


class Wire:
    """The standard streams of a server."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self._rest = b""
        self.lines: list[bytes] = []

    def send(self, data: bytes | dict[str, Any]) -> None:
        assert self.process.stdin is not None
        raw = data if isinstance(data, bytes) else json.dumps(data).encode() + b"\n"
        self.process.stdin.write(raw)
        self.process.stdin.flush()

    def answer(self, number: int | str, *, seconds: float = 60) -> dict[str, Any]:
        """The response with an id; everything before it is a message of the protocol as well."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            line = self._line(end)
            message: dict[str, Any] = json.loads(line)
            assert message["jsonrpc"] == "2.0"
            if message.get("id") == number:
                return message
        raise AssertionError(f"no answer to {number}")

    def _line(self, end: float) -> bytes:
        assert self.process.stdout is not None
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self.process.stdout], [], [], 1)
            if ready:
                chunk = os.read(self.process.stdout.fileno(), 1 << 16)
                assert chunk, "the server is gone"
                self._rest += chunk
            assert time.monotonic() < end, "no line"
        line, _, self._rest = self._rest.partition(b"\n")
        self.lines.append(line)
        return line


@contextmanager
def wired(project: Path) -> Iterator[Wire]:
    """A server that nobody has spoken to."""
    process = subprocess.Popen(
        [BIN / "spc", "mcp"],
        cwd=project,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
    )
    try:
        yield Wire(process)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def call(number: int, tool: str, **arguments: Any) -> dict[str, Any]:
    params = {"name": tool, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}


MALFORMED = (
    b"\n",
    b"not json\n",
    b"{\n",
    b"\xff\xfe\x00\n",
    b"\xef\xbb\xbf{}\n",
    b"[" * 100_000 + b"\n",
    b'{"a":' * 50_000 + b"\n",
    b"null\n",
    b"[]\n",
    b"1e999\n",
    b'{"jsonrpc": "1.0", "id": 7, "method": "tools/list"}\n',
    b'{"jsonrpc": "2.0", "id": {}, "method": "tools/list"}\n',
    b'{"jsonrpc": "2.0", "id": 7}\n',
    b'{"jsonrpc": "2.0", "id": 7, "method": 1}\n',
    b'{"jsonrpc": "2.0", "id": 7, "method": "no/such"}\n',
    b'{"jsonrpc": "2.0", "method": "notifications/no-such"}\n',
    b'{"jsonrpc": "2.0", "id": 7, "method": "tools/call"}\n',
    b'{"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": []}\n',
    b'{"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": 1}}\n',
    b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"explain","arguments":[]}}\n',
    b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"explain",'
    b'"arguments":{"name":"\\ud800"}}}\n',
    b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"\\u0000","arguments":{}}}\n',
    b'{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"explain",'
    b'"arguments":{"name":"' + b"x" * 3_000_000 + b'"}}}\n',
    b'{"jsonrpc": "2.0", "id": 7, "method": "initialize", "params": {"protocolVersion": 3}}\n',
    b'{"jsonrpc": "2.0", "id": 7, "result": {}}\n',
    b'{"jsonrpc": "2.0", "id": 99, "error": {"code": 1}}\n',
    b'{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":12345}}\n',
    b'{"jsonrpc": "2.0", "id": 7, "method": "resources/read", "params": {"uri": "file:///etc"}}\n',
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scaffold(tmp_path_factory.mktemp("wire"))


def test_malformed_messages(project: Path) -> None:
    """And nothing but the protocol is printed, not even by what runs inside."""
    (project / "runtime/tests").mkdir(parents=True, exist_ok=True)
    (project / "runtime/tests/test_loud.py").write_text(
        "import os\ndef test_loud():\n    os.write(1, b'loud')\n    print('loud')\n",
        "utf-8",
    )
    with wired(project) as wire:
        for data in (b"junk\n", b"{}\n"):
            wire.send(data)
        wire.send(HELLO)
        assert wire.answer(0)["result"]["protocolVersion"] == BEFORE
        wire.send(STARTED)
        for number, data in enumerate(MALFORMED, 100):
            wire.send(data)
            wire.send(call(number, "explain", name="entity/bad-bound"))
            assert not wire.answer(number)["result"]["isError"], data[:80]
        wire.send(call(1, "run_tests"))
        answer = wire.answer(1)["result"]["structuredContent"]
        assert (answer["passed"], answer["ok"]) == (1, True)
        assert all(json.loads(line)["jsonrpc"] == "2.0" for line in wire.lines)
        assert wire.process.stdin is not None
        wire.process.stdin.write(b'{"jsonrpc": "2.0", "id"')
        wire.process.stdin.close()
        assert wire.process.wait(20) == 0


def test_starting(project: Path) -> None:
    """It costs what hosts wait for; a version that nobody knows is answered with one that is."""
    with wired(project) as wire:
        params = HELLO["params"] | {"protocolVersion": "1999-01-01"}
        wire.send(HELLO | {"params": params})
        answer = wire.answer(0)["result"]
        assert answer["protocolVersion"] == BEFORE
        assert wire.process.stdin is not None
        wire.process.stdin.close()
        _, status, used = os.wait4(wire.process.pid, 0)
        wire.process.returncode = os.waitstatus_to_exitcode(status)
        assert wire.process.returncode == 0
        assert used.ru_utime + used.ru_stime < MOST_SECONDS


def test_a_long_call_blocks_nobody_and_can_be_cancelled(project: Path) -> None:
    mark = _slow(project)
    with wired(project) as wire:
        wire.send(HELLO)
        wire.answer(0)
        wire.send(STARTED)
        wire.send(call(1, "run_tests", select="slow"))
        pid = _written(mark)
        wire.send(call(2, "explain", name="entity/bad-bound"))
        assert not wire.answer(2, seconds=10)["result"]["isError"]
        cancel = {"requestId": 1, "reason": "enough"}
        wire.send(
            {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": cancel}
        )
        _gone(pid)
        mark.unlink()
        wire.send(call(3, "run_tests", select="slow", seconds=4))
        pid = _written(mark)
        answer = wire.answer(3)["result"]
        assert answer["isError"]
        found = answer["structuredContent"]["diagnostics"][0]["name"]
        assert found == "mcp/time-limit"
        _gone(pid)
        mark.unlink()
        wire.send(call(4, "run_tests", select="slow"))
        pid = _written(mark)
        assert wire.process.stdin is not None
        wire.process.stdin.close()
        assert wire.process.wait(20) == 0
        _gone(pid)


def test_what_a_call_runs_ends_with_the_server(project: Path) -> None:
    mark = _slow(project)
    with wired(project) as wire:
        wire.send(HELLO)
        wire.answer(0)
        wire.send(STARTED)
        wire.send(call(1, "run_tests", select="slow"))
        pid = _written(mark)
        wire.process.terminate()
        assert wire.process.wait(10) == 128 + signal.SIGTERM
        _gone(pid)


def _slow(project: Path) -> Path:
    """Put a test there that takes long, and return the file that it writes its process to."""
    tests = project / "runtime/tests"
    tests.mkdir(parents=True, exist_ok=True)
    mark = project / "pid"
    mark.unlink(missing_ok=True)
    (tests / "test_loud.py").write_text(
        "import os, time\nfrom pathlib import Path\n"
        "def test_slow():\n"
        f"    Path({str(mark)!r}).write_text(str(os.getpid()))\n    time.sleep(120)\n",
        "utf-8",
    )
    return mark


def _written(mark: Path) -> int:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if mark.exists() and (text := mark.read_text()):
            return int(text)
        time.sleep(0.05)
    raise AssertionError("it never ran")


def _gone(pid: int) -> None:
    end = time.monotonic() + 15
    while is_running(pid):
        assert time.monotonic() < end, f"{pid} still runs"
        time.sleep(0.05)
