"""The writer brings a folder to a set of files and touches nothing that a person wrote."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from forge.emit import File, Ownership, manifest
from forge.emit.writer import Changes, Collision, apply_changes, plan_changes

TARGET = "docs"


def file(path: str, content: str = "generated\n", target: str = TARGET) -> File:
    return File(path, content, target=target)


def run(folder: Path, files: Iterable[File], *targets: str) -> Changes:
    """What a command does: plan, and write where nothing is refused."""
    files = tuple(files)
    changes = plan_changes(folder, files, targets or (TARGET,))
    if not changes.refused:
        apply_changes(folder, "shop", files, changes)
    return changes


def tree(folder: Path) -> dict[str, str]:
    """Every file but the manifest, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != manifest.NAME
    }


def entries(folder: Path) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = json.loads(
        (folder / manifest.NAME).read_text("utf-8")
    )["files"]
    return found


def test_a_first_run_writes_everything(tmp_path: Path) -> None:
    changes = run(tmp_path / "out", [file("b/c.txt", "ü\r\n"), file("a.txt")])
    assert changes == Changes(written=("a.txt", "b/c.txt"), adopted=True)
    assert (tmp_path / "out" / "b" / "c.txt").read_bytes() == "ü\r\n".encode()
    assert entries(tmp_path / "out").keys() == {"a.txt", "b/c.txt"}


def test_an_unchanged_run_writes_nothing(tmp_path: Path) -> None:
    run(tmp_path, [file("a.txt"), file("b/c.txt")])
    for path in tmp_path.rglob("*"):
        os.utime(path, ns=(1, 1))
    assert run(tmp_path, [file("a.txt"), file("b/c.txt")]) == Changes(unchanged=2)
    assert {p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == {1}


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    run(tmp_path, [file("a.txt"), file("b.txt")])
    os.utime(tmp_path / "a.txt", ns=(1, 1))
    changes = run(tmp_path, [file("a.txt"), file("b.txt", "new\n")])
    assert (changes.written, changes.unchanged) == (("b.txt",), 1)
    assert (tmp_path / "a.txt").stat().st_mtime_ns == 1


def test_an_edited_file_is_refused(tmp_path: Path) -> None:
    run(tmp_path, [file("a.txt"), file("b.txt")])
    (tmp_path / "a.txt").write_text("mine\n", "utf-8")
    changes = run(tmp_path, [file("a.txt", "new\n"), file("b.txt", "new\n")])
    assert (changes.edited, changes.refused) == (("a.txt",), True)
    assert tree(tmp_path) == {"a.txt": "mine\n", "b.txt": "generated\n"}


def test_an_edit_that_agrees_with_the_contracts_is_welcome(tmp_path: Path) -> None:
    run(tmp_path, [file("a.txt")])
    (tmp_path / "a.txt").write_text("new\n", "utf-8")
    assert not run(tmp_path, [file("a.txt", "new\n")]).refused
    assert run(tmp_path, [file("a.txt", "newer\n")]).written == ("a.txt",)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("mine\n", "utf-8")
    changes = run(tmp_path, [file("a.txt"), file("b.txt")])
    assert changes.foreign == ("a.txt",)
    assert tree(tmp_path) == {"a.txt": "mine\n"}


def test_what_a_script_wrote_is_adopted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("generated\n", "utf-8")
    changes = run(tmp_path, [file("a.txt")])
    assert (changes.written, changes.unchanged, changes.any) == ((), 1, True)
    assert run(tmp_path, [file("a.txt", "new\n")]).written == ("a.txt",)


def test_a_file_that_is_not_generated_any_more_goes(tmp_path: Path) -> None:
    run(tmp_path, [file("a.txt"), file("b/c/d.txt"), file("b/e.txt")])
    (tmp_path / "b" / "mine.txt").write_text("mine\n", "utf-8")
    assert run(tmp_path, [file("a.txt")]).removed == ("b/c/d.txt", "b/e.txt")
    assert tree(tmp_path) == {"a.txt": "generated\n", "b/mine.txt": "mine\n"}
    assert not (tmp_path / "b" / "c").exists()
    assert entries(tmp_path).keys() == {"a.txt"}


def test_an_edited_file_that_is_not_generated_any_more_is_refused(
    tmp_path: Path,
) -> None:
    run(tmp_path, [file("a.txt"), file("b.txt")])
    (tmp_path / "b.txt").write_text("mine\n", "utf-8")
    assert run(tmp_path, [file("a.txt")]).edited == ("b.txt",)
    assert tree(tmp_path)["b.txt"] == "mine\n"


def test_a_removed_file_that_is_not_generated_any_more_is_forgotten(
    tmp_path: Path,
) -> None:
    run(tmp_path, [file("a.txt"), file("b.txt")])
    (tmp_path / "b.txt").unlink()
    assert run(tmp_path, [file("a.txt")]).any
    (tmp_path / "b.txt").write_text("mine\n", "utf-8")
    assert run(tmp_path, [file("a.txt")]) == Changes(unchanged=1)


def test_a_removed_file_comes_back(tmp_path: Path) -> None:
    run(tmp_path, [file("a.txt")])
    (tmp_path / "a.txt").unlink()
    assert run(tmp_path, [file("a.txt")]).written == ("a.txt",)


def test_files_of_other_targets_stay(tmp_path: Path) -> None:
    run(tmp_path, [file("a.txt"), file("b.sql", target="sql")], TARGET, "sql")
    assert run(tmp_path, [file("c.txt")]).removed == ("a.txt",)
    assert tree(tmp_path).keys() == {"b.sql", "c.txt"}
    assert entries(tmp_path).keys() == {"b.sql", "c.txt"}


def test_a_file_can_pass_from_one_target_to_another(tmp_path: Path) -> None:
    run(tmp_path, [file("a.txt", target="sql")], "sql")
    run(tmp_path, [file("a.txt", "new\n")])
    assert entries(tmp_path)["a.txt"]["target"] == TARGET
    assert run(tmp_path, [], "sql").removed == ()


def test_a_scaffold_is_written_once(tmp_path: Path) -> None:
    scaffold = File("mine.txt", "start\n", ownership=Ownership.SCAFFOLD, target=TARGET)
    assert run(tmp_path, [scaffold]).written == ("mine.txt",)
    (tmp_path / "mine.txt").write_text("mine\n", "utf-8")
    assert run(tmp_path, [scaffold]) == Changes(unchanged=1)
    assert run(tmp_path, []) == Changes()
    assert tree(tmp_path) == {"mine.txt": "mine\n"}


@pytest.mark.parametrize(
    "path",
    [
        *("/etc/passwd", "../a.txt", "a/../../b.txt", "a/..", ".", "", "./a.txt"),
        *("a//b.txt", "a/", "a\\..\\b.txt", "C:\\a.txt", "C:a.txt", "a\0.txt"),
    ],
)
def test_a_path_that_leaves_the_folder_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(Collision, match="leaves the output folder"):
        plan_changes(tmp_path, [file(path)], (TARGET,))


@pytest.mark.parametrize(
    "paths",
    [
        ("a.txt", "a.txt"),
        ("a.txt", "A.TXT"),
        ("straße.txt", "STRASSE.TXT"),
        ("docs/a.txt", "Docs/b.txt"),
        ("docs", "docs/a.txt"),
        ("DOCS", "docs/b/a.txt"),
        (manifest.NAME, "a.txt"),
    ],
)
def test_two_files_never_share_a_place(paths: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(Collision):
        plan_changes(tmp_path, map(file, paths), (TARGET,))


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    (tmp_path / "b").write_text("mine\n", "utf-8")
    assert run(tmp_path, [file("a.txt"), file("b/c.txt")]).foreign == (
        "a.txt",
        "b/c.txt",
    )


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (elsewhere / "c.txt").write_text("mine\n", "utf-8")
    (out / "docs").symlink_to(elsewhere)
    (out / "c.txt").symlink_to(elsewhere / "c.txt")
    (out / "dangling.txt").symlink_to(elsewhere / "nothing")
    files = [file("docs/a.txt"), file("c.txt"), file("dangling.txt")]
    assert run(out, files).foreign == ("c.txt", "dangling.txt", "docs/a.txt")
    assert tree(elsewhere) == {"c.txt": "mine\n"}


def test_the_output_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    assert run(tmp_path / "out", [file("a.txt")]).written == ("a.txt",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<<<<<<< HEAD\n",
        "[]",
        '{"name": "left-pad", "lockfileVersion": 3}',
        '{"version": 1, "domain": "shop", "files": {"a.txt": 1}}',
        '{"version": 2, "domain": "shop", "files": {}}',
    ],
)
def test_a_manifest_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / manifest.NAME).write_text(text, "utf-8")
    (tmp_path / "b.txt").write_text("mine\n", "utf-8")
    files = [file("a.txt"), file("b.txt")]
    assert run(tmp_path, files).foreign == (manifest.NAME, "b.txt")
    assert (tmp_path / manifest.NAME).read_text("utf-8") == text


def test_a_manifest_never_removes_a_file_outside(tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("mine\n", "utf-8")
    entry = {"sha256": manifest.digest("mine\n"), "target": TARGET, "sources": []}
    out = tmp_path / "out"
    out.mkdir()
    for path in ("../victim.txt", victim.as_posix()):
        value = {"version": 1, "domain": "shop", "files": {path: entry}}
        (out / manifest.NAME).write_text(json.dumps(value), "utf-8")
        assert run(out, [file("a.txt")]).foreign == (manifest.NAME,)
    assert victim.exists()


class Interrupted(BaseException):
    """Stands for the signal that ends a run."""


@pytest.mark.parametrize("steps", range(7))
def test_an_interrupted_run_can_be_repeated(
    steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a run ends, every file is whole, and the next one knows it as ours."""
    run(tmp_path, [file("a.txt"), file("b.txt"), file("gone.txt")])
    replaced = Path.replace
    left = [steps]

    def replacing(source: Path, place: Path) -> Path:
        left[0] -= 1
        if left[0] < 0:
            raise Interrupted
        return replaced(source, place)

    second = [file("a.txt", "2\n"), file("b.txt", "2\n"), file("c.txt", "2\n")]
    third = [file("a.txt", "3\n"), file("b.txt", "generated\n"), file("c.txt", "3\n")]
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", replacing)
        if steps < 5:
            with pytest.raises(Interrupted):
                run(tmp_path, second)
        else:
            run(tmp_path, second)
    assert set(tree(tmp_path).values()) <= {"generated\n", "2\n"}
    assert not run(tmp_path, third).refused
    assert tree(tmp_path) == {"a.txt": "3\n", "b.txt": "generated\n", "c.txt": "3\n"}
    assert "replaces" not in (tmp_path / manifest.NAME).read_text("utf-8")


def test_a_full_disk_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, [file("a.txt", "old\n")])

    def full(place: Path, data: bytes) -> int:
        with place.open("wb") as stream:
            stream.write(data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        run(tmp_path, [file("a.txt", "new\n")])
    assert tree(tmp_path) == {"a.txt": "old\n"}


def test_the_manifest_holds_no_time_and_is_sorted(tmp_path: Path) -> None:
    run(tmp_path / "one", [file("b.txt"), file("a.txt")])
    run(tmp_path / "two", [file("a.txt"), file("b.txt")])
    first, second = (
        (tmp_path / n / manifest.NAME).read_text("utf-8") for n in ("one", "two")
    )
    assert first == second
    assert list(json.loads(first)) == ["version", "domain", "files"]
    assert list(entries(tmp_path / "one")) == ["a.txt", "b.txt"]
