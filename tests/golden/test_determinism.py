"""Same contracts, same bytes: whatever the process, the folder, the order or the names of files."""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from forge.parser.loader import SUFFIX, contract_files
from tests.golden.trees import DOMAINS, constant, domain, read_tree

SHUFFLED = Path(__file__).parent / "generate_shuffled.py"
DATE = re.compile(rb"\b20[0-9]{2}-[01][0-9]-[0-3][0-9]\b")
MIN_HOST = 5
"""Shorter host names are words of their own."""


def generated(
    folder: Path, output: Path, *, seed: int, cwd: Path, order: int | None = None
) -> dict[str, bytes]:
    """The tree that a process of its own writes."""
    start = ["-m", "tests.golden.spc"] if order is None else [str(SHUFFLED), str(order)]
    line = (
        "forge",
        "generate",
        str(folder),
        "--target",
        "prod",
        "--output",
        str(output),
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, *start, *line],
        cwd=cwd,
        env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    # The wheel is this installation, not the contracts.
    return {p: data for p, data in read_tree(output).items() if not p.endswith(".whl")}


def copied(source: Path, place: Path) -> Path:
    """A copy in another folder, files found in another order by the file system."""
    paths = [p for p in source.rglob("*") if p.is_file()]
    random.Random(1).shuffle(paths)
    for path in paths:
        target = place / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return place


def renamed(source: Path, place: Path) -> Path:
    """A copy whose contracts lie in one folder under names that say nothing."""
    place.mkdir(parents=True)
    paths = contract_files(source)
    random.Random(2).shuffle(paths)
    for number, path in enumerate(paths):
        shutil.copyfile(path, place / f"{number:03}{SUFFIX}")
    if (source / "behaviors").is_dir():
        copied(source / "behaviors", place / "behaviors")
    return place


@pytest.fixture(scope="module", params=DOMAINS)
def source(request: pytest.FixtureRequest) -> Path:
    return domain(request.param)


@pytest.fixture(scope="module")
def first(source: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tree from the domain's own place."""
    place = tmp_path_factory.mktemp("firstplace")
    return generated(source, place / "out", seed=1, cwd=place)


def assert_same(first: dict[str, bytes], second: dict[str, bytes]) -> None:
    assert [*first] == [*second]
    assert [path for path in first if first[path] != second[path]] == []


def test_another_process_and_another_folder(
    source: Path, first: dict[str, bytes], tmp_path: Path
) -> None:
    copy = copied(source, tmp_path / "a folder with blanks" / source.name)
    second = generated(copy, tmp_path / "elsewhere" / "o", seed=4711, cwd=copy)
    assert_same(first, second)


@pytest.mark.parametrize("order", [3, 4])
def test_another_order_of_files(
    order: int, source: Path, first: dict[str, bytes], tmp_path: Path
) -> None:
    second = generated(source, tmp_path / "out", seed=order, cwd=tmp_path, order=order)
    assert_same(first, second)


def test_other_names_of_files(
    source: Path, first: dict[str, bytes], tmp_path: Path
) -> None:
    other = renamed(source, tmp_path / "other")
    assert_same(first, generated(other, tmp_path / "out", seed=5, cwd=tmp_path))


def test_nothing_tells_where_and_when(source: Path, first: dict[str, bytes]) -> None:
    contracts = b"".join(path.read_bytes() for path in contract_files(source))
    release = version("specora-core")
    marks = {
        *(
            "firstplace",
            str(source),
            f"{Path.home()}/",
            sys.prefix,
            sys.version.split()[0],
        ),
        *(f"specora {release}", f"specora-core {release}"),
        *(name for name in (socket.gethostname(),) if len(name) > MIN_HOST),
    }
    known = {mark.encode() for mark in marks}
    for path, content in first.items():
        assert not [mark for mark in known if mark in content], path
        if constant(path) is None:
            dates = set(DATE.findall(content)) - set(DATE.findall(contracts))
            assert not dates, path
