"""The tour of the README does what it says."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.cli.spc import BIN, environment
from tests.servers import free_port
from tests.shared import ROOT

README = (ROOT / "README.md").read_text("utf-8")
_BLOCK = re.compile(r"```(console|yaml)\n(.*?)```", re.DOTALL)
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def blocks(kind: str) -> list[str]:
    """The fenced blocks of one kind, in order."""
    return [text for found, text in _BLOCK.findall(README) if found == kind]


def steps(block: str) -> Iterator[tuple[str, str]]:
    """Each command of a console with the output that is shown for it."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.rstrip("\n").split("\n")
        end = next(
            (n for n, line in enumerate(lines, 1) if _is_whole("\n".join(lines[:n]))), 1
        )
        yield "\n".join(lines[:end]), "\n".join(lines[end:])


def _is_whole(command: str) -> bool:
    """Whether quotes are closed and a text for the shell has ended."""
    if "<<EOF" in command:
        return command.endswith("\nEOF")
    return command.count("'") % 2 == 0


def pattern(shown: str) -> re.Pattern[str]:
    """What an output may look like: `…` and `...` leave something out, line ends too."""
    text = " ".join(shown.replace("01a1f8b2-…", "…").split())
    text = re.sub(r",\s+\"", ',"', text)
    parts = re.split(r"…|\.\.\.(?=\s|\Z)", text)
    free = [_TIME.sub("@", _ID.sub("@", part)) for part in parts]
    made = ".*".join(re.escape(part).replace("@", ".*") for part in free)
    return re.compile(made, re.DOTALL)


def squeezed(text: str) -> str:
    return re.sub(r",\s+\"", ',"', " ".join(text.split()))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    subprocess.run(
        [BIN / "specora-init", "desk"], cwd=tmp_path, check=True, capture_output=True
    )
    folder = tmp_path / "desk"
    contract = folder / "domains/desk/entities/note.contract.yaml"
    contract.write_text(blocks("yaml")[0], "utf-8")
    return folder


def run(command: str, folder: Path) -> str:
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment({}) | {"PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin"},
        check=False,
    )
    return done.stdout + done.stderr


def test_the_tour(project: Path) -> None:
    port = free_port()
    served: subprocess.Popen[bytes] | None = None
    made = ""
    checked = 0
    try:
        for block in blocks("console")[:2]:
            for command, shown in steps(block):
                if command == "spc up &":
                    served = _up(project, port)
                    continue
                told = run(
                    command.replace(":8000", f":{port}").replace("01a1f8b2-…", made),
                    project,
                )
                if not made and (found := _ID.search(told)):
                    made = found[0]
                if shown:
                    assert pattern(shown).search(squeezed(told)), (command, told)
                    checked += 1
    finally:
        if served is not None:
            served.terminate()
            served.wait(30)
    assert checked >= 6


def _up(folder: Path, port: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [BIN / "spc", "up", "--port", str(port)],
        cwd=folder,
        env=environment({}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        with (
            suppress(URLError, OSError),
            urlopen(f"http://127.0.0.1:{port}/readyz") as answer,
        ):
            assert json.load(answer)["status"] == "ok"
            return process
        time.sleep(0.1)
    raise AssertionError("`spc up` never answered")
