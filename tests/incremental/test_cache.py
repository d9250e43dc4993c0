"""A cache that is broken, foreign, shared or gone reads as nothing."""

from __future__ import annotations

import marshal
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from forge import cache as module
from forge.cache import Cache
from forge.emit.memo import memo, remembering
from tests.incremental.domain import start, write
from tests.incremental.test_incremental import Outcome, run

DATA = {bytes([n, 0]): b"x" * n for n in range(40)}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / ".forge" / "cache"


def files(kept: Path) -> list[Path]:
    return sorted(p for p in kept.iterdir() if p.name != ".gitignore")


def test_what_was_written_is_read(kept: Path) -> None:
    Cache(kept).write("parts", DATA)
    assert Cache(kept).read("parts") == DATA
    assert Cache(kept).read("others") == {}
    assert (kept / ".gitignore").read_text("utf-8") == "*\n"


def test_little_that_is_new_stands_beside_what_was_read(kept: Path) -> None:
    Cache(kept).write("parts", DATA)
    (first,) = files(kept)
    size = first.stat().st_mtime_ns
    cache = Cache(kept)
    cache.read("parts")
    cache.write("parts", DATA | {b"new": b"value"})
    assert len(files(kept)) == 2
    assert first.stat().st_mtime_ns == size
    assert Cache(kept).read("parts") == DATA | {b"new": b"value"}


def test_what_stands_beside_another_file_is_ignored(kept: Path) -> None:
    Cache(kept).write("parts", DATA)
    cache = Cache(kept)
    cache.read("parts")
    cache.write("parts", DATA | {b"new": b"value"})
    Cache(kept).write("parts", {b"other": b"file"})
    assert Cache(kept).read("parts") == {b"other": b"file"}


@pytest.mark.parametrize("how", ["truncated", "empty", "random", "unsigned", "flipped"])
def test_a_broken_file_reads_as_nothing(how: str, kept: Path) -> None:
    Cache(kept).write("parts", DATA)
    (path,) = files(kept)
    data = path.read_bytes()
    broken = {
        "truncated": data[:-7],
        "empty": b"",
        "random": os.urandom(500),
        "unsigned": bytes(32) + marshal.dumps(DATA),
        "flipped": data[:-1] + bytes([data[-1] ^ 1]),
    }[how]
    path.write_bytes(broken)
    assert Cache(kept).read("parts") == {}


def test_another_compiler_knows_nothing_of_it(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Cache(kept).write("parts", DATA)
    monkeypatch.setattr(module, "_stamp", lambda: (b"other" * 4, b"key"))
    assert Cache(kept).read("parts") == {}
    Cache(kept).write("parts", {b"a": b"b"})
    assert len(files(kept)) == 1, "what another compiler left is taken away"


def test_a_key_that_leaked_brings_nothing_foreign_to_life(tmp_path: Path) -> None:
    from forge.ir.recall import _Reader
    from forge.source import Document

    class Attack:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch {tmp_path}/owned",)

    with pytest.raises(pickle.UnpicklingError):
        _Reader(pickle.dumps(Attack()), Document("x", None)).load()
    assert not (tmp_path / "owned").exists()


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    Cache(tmp_path / "taken").write("parts", DATA)
    assert Cache(tmp_path / "taken").read("parts") == {}


def domain(tmp_path: Path) -> tuple[Path, Outcome]:
    write(start(), tmp_path / "domain")
    return tmp_path / "domain", run(tmp_path / "domain", None)


@pytest.mark.parametrize("how", ["random", "truncated", "gone"])
def test_a_run_with_a_broken_cache_gives_the_same(
    how: str, tmp_path: Path, kept: Path
) -> None:
    folder, expected = domain(tmp_path)
    assert run(folder, Cache(kept)) == expected
    for path in files(kept):
        match how:
            case "random":
                path.write_bytes(os.urandom(1000))
            case "truncated":
                path.write_bytes(path.read_bytes()[:-100])
            case _:
                path.unlink()
    assert run(folder, Cache(kept)) == expected


def test_two_processes_at_once(tmp_path: Path, kept: Path) -> None:
    folder, _ = domain(tmp_path)
    command = [sys.executable, "-c", "from specora.cli import main; main()"]
    command += ["forge", "generate", str(folder), "--output"]
    for _ in range(2):
        both = [
            subprocess.Popen(
                [*command, str(tmp_path / name)],
                cwd=tmp_path,
                stdout=subprocess.DEVNULL,
            )
            for name in ("one", "two")
        ]
        assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_check_is_the_same_with_and_without(tmp_path: Path) -> None:
    folder, _ = domain(tmp_path)

    def spc(*arguments: str) -> int:
        code = "from specora.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, "forge", "generate", str(folder), *arguments],
            cwd=tmp_path, capture_output=True, check=False,
        )  # fmt: skip
        return done.returncode

    assert spc("--check") == 3
    assert spc() == 0
    assert spc("--check") == 0
    path = folder / "item.entity.contract.yaml"
    path.write_text(path.read_text("utf-8").replace("maxLength: 80", "maxLength: 81"))
    assert spc("--check") == 3
    assert spc("--check") == 3, "a check learns what it saw, and still says so"


def twice(number: int) -> list[int]:
    return [number, number]


def test_code_of_others_is_always_run(kept: Path) -> None:
    """Its changes would go unnoticed: only our own sources are part of the stamp."""
    with remembering(Cache(kept), "parts"):
        assert memo(twice, 1) == [1, 1]
    assert Cache(kept).read("parts") == {}
