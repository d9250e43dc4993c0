"""Who may speak to a server over HTTP."""

from __future__ import annotations

import json
import signal
import urllib.error
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.agents.sessions import CURRENT, served
from tests.agents.test_wire import HELLO
from tests.cli.spc import spc

TYPES = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
}
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/list",
    "params": {"_meta": {"io.modelcontextprotocol/protocolVersion": CURRENT}},
}


def post(url: str, body: bytes | None = None, **headers: str) -> int:
    """The status of a message."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(
        url,
        data=json.dumps(HELLO).encode() if body is None else body,
        headers=TYPES | named,
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        return error.code


def announced(url: str, size: int) -> int:
    """The status of a message that is told to be long, of which nothing is sent."""
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=30)
    connection.putrequest("POST", place.path)
    for name, value in (TYPES | {"Content-Length": str(size)}).items():
        connection.putheader(name, value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def test_only_this_machine_under_its_own_name(tmp_path: Path) -> None:
    with served(tmp_path) as url:
        port = urlsplit(url).port
        assert post(url) == 200
        assert post(url.replace("127.0.0.1", "localhost")) == 200
        assert post(url, Origin=f"http://localhost:{port}") == 200
        for host in (
            "evil.example",
            f"evil.example:{port}",
            "127.0.0.1:1",
            "localhost",
        ):
            assert post(url, Host=host) == 421, host
        for origin in ("http://evil.example", "http://localhost:3000", "null"):
            assert post(url, Origin=origin) == 403, origin
        modern = json.dumps(CALL).encode()
        version = {"Mcp_Protocol_Version": CURRENT, "Mcp_Method": "tools/list"}
        assert post(url, modern, Host="evil.example", **version) == 421
        assert post(url, modern, Origin="http://evil.example", **version) == 403
        assert announced(url, 5_000_000) == 413
        for junk in (b"", b"junk", b"[" * 50_000, b"\xff", b"null", b"[]"):
            assert 400 <= post(url, junk) < 500, junk[:20]
        assert post(url) == 200
        done = spc("mcp", "--http", str(port), cwd=tmp_path)
        assert done.code == 1
        assert "Traceback" not in done.err


def test_with_a_token(tmp_path: Path) -> None:
    env = {"SPECORA_MCP_TOKEN": "s3cret"}
    with served(tmp_path, "--host", "0.0.0.0", env=env, end=signal.SIGINT) as url:
        url = url.replace("0.0.0.0", "127.0.0.1")
        assert post(url) == 401
        assert post(url, Authorization="Bearer s3cre") == 401
        assert post(url, Authorization="s3cret") == 401
        assert post(url, Authorization="Bearer \xe9") == 401
        assert post(url, Authorization="Bearer s3cret") == 200
        named = {"Authorization": "Bearer s3cret", "Host": "desk.example"}
        assert post(url, **named) == 200


def test_other_hosts_need_a_token(tmp_path: Path) -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1"):
        done = spc("mcp", "--http", "0", "--host", host, cwd=tmp_path)
        assert done.code == 2
        assert "SPECORA_MCP_TOKEN" in done.err
