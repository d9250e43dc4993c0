"""What agents are told is so: examples compile, commands exist, the Python runs."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from factory.briefing import examples, language_brief
from forge.contracts.reference import topics
from forge.contracts.shapes import Key
from specora.cli import program
from specora.scaffold.manual import FILES, BrokenMarks, refreshed
from tests.cli.spc import spc

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `(spc [^`]+)` \| .+ \| (.*) \|$", re.MULTILINE)
_SPOKEN = re.compile(r"`(spc [^`]+)`")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    parent = tmp_path_factory.mktemp("agents")
    assert spc("desk", cwd=parent, command="specora-init").code == 0
    return parent / "desk"


@pytest.fixture(scope="module")
def text(project: Path) -> str:
    return (project / "AGENTS.md").read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    return [body for found, body in _BLOCK.findall(text) if found == language]


def test_both_files_say_the_same(project: Path, text: str) -> None:
    assert (project / "CLAUDE.md").read_text("utf-8") == text
    assert language_brief().strip() in text


def test_examples_are_one_valid_domain(text: str, tmp_path: Path) -> None:
    written = blocks(text, "yaml")
    assert [body.rstrip() for body in written] == [t.rstrip() for _, t in examples()]
    for number, body in enumerate(written):
        (tmp_path / f"{number}.contract.yaml").write_text(body, "utf-8")
    done = spc("forge", "validate", ".", cwd=tmp_path)
    assert done.code == 0, done.out


def test_each_kind_has_an_example() -> None:
    kinds = {title.split()[0] for title, _ in examples()}
    assert len(kinds) == 7


def _lines(key: Key) -> str:
    return rf"^- `{re.escape(key.name)}`( \(required\))?: "


def test_every_key_stands_under_its_title() -> None:
    parts = re.split(r"^### ", language_brief(), flags=re.MULTILINE)
    by_title = {part.partition("\n")[0]: part for part in parts}
    assert len(topics()) > 20
    for topic in topics():
        part = by_title[topic.title]
        for key in topic.record.keys:
            assert re.search(_lines(key), part, re.MULTILINE), (topic.title, key.name)


def test_commands_and_their_options_exist(text: str) -> None:
    rows = _ROW.findall(text)
    assert len(rows) >= 10
    commands = set()
    for usage, options in rows:
        words = [w for w in usage.split()[1:] if w == w.lower() and w[0] != "["]
        done = CliRunner().invoke(program(), [*words, "--help"], terminal_width=200)
        assert done.exit_code == 0, done.output
        commands.add(" ".join(words))
        for option in re.findall(r"(?<=`)--[a-z-]+", options):
            assert re.search(rf"{option}\b", done.output), (words, option)
    for spoken in _SPOKEN.findall(text):
        words = " ".join(shlex.split(spoken)[1:])
        assert any(words.startswith(name) for name in commands), spoken


def test_the_python_runs(text: str, project: Path) -> None:
    (snippet,) = blocks(text, "python")
    done = subprocess.run(
        [sys.executable, "-c", snippet],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Entities: 1, Workflows: 0, Routes: 1, Pages: 0"
    assert "backend/app.py" in lines


def test_refreshing_keeps_what_people_wrote(tmp_path: Path) -> None:
    assert spc("desk", cwd=tmp_path, command="specora-init").code == 0
    folder = tmp_path / "desk"
    fresh = {name: (folder / name).read_bytes() for name in FILES}
    assert spc("agents", cwd=folder).out == "up to date\n"

    section = fresh["AGENTS.md"][fresh["AGENTS.md"].index(b"<!-- specora:begin") :]
    mine = b"# Mine\r\n\r\nBe kind.\n\n"
    stale = section.replace(b"How this project works", b"Something else")
    (folder / "AGENTS.md").write_bytes(mine + stale + b"\nAfter.")
    (folder / "CLAUDE.md").write_bytes(b"Only mine")
    checked = spc("agents", "--check", cwd=folder)
    assert (checked.code, checked.out) == (
        3,
        "would write AGENTS.md\nwould write CLAUDE.md\n",
    )
    assert spc("agents", "desk", cwd=tmp_path).code == 0
    assert (folder / "AGENTS.md").read_bytes() == mine + section + b"\nAfter."
    assert (folder / "CLAUDE.md").read_bytes() == b"Only mine\n\n" + section
    assert spc("agents", "--check", cwd=folder).code == 0


@pytest.mark.parametrize(
    "broken",
    [
        "<!-- specora:begin x -->\n",
        "<!-- specora:end -->\n<!-- specora:begin x -->\n",
        "<!-- specora:begin a --><!-- specora:end -->" * 2,
    ],
)
def test_marks_that_do_not_pair_are_refused(broken: str) -> None:
    with pytest.raises(BrokenMarks):
        refreshed(broken, "anything")


@pytest.mark.parametrize("broken", [b"<!-- specora:begin x -->\n", b"\xff\xfe"])
def test_a_file_that_cannot_be_understood_stays_as_it_is(
    tmp_path: Path, broken: bytes
) -> None:
    path = tmp_path / "CLAUDE.md"
    path.write_bytes(broken)
    done = spc("agents", cwd=tmp_path)
    assert done.code == 1
    assert "CLAUDE.md" in done.err
    assert "Traceback" not in done.err
    assert [one.name for one in tmp_path.iterdir()] == ["CLAUDE.md"]
    assert path.read_bytes() == broken
