"""Bringing a folder to a set of generated files. The only place that writes them.

Nothing that a person wrote is touched: a file whose content is not what the manifest says it was, or that was
there before any run, is refused.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from forge.emit import manifest
from forge.emit.files import File, Ownership


@dataclass(frozen=True, slots=True)
class Changes:
    """What would be, or was, done to a folder. Paths are relative to it and sorted."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    edited: tuple[str, ...] = ()
    """Generated files that a person edited."""
    foreign: tuple[str, ...] = ()
    """Files of a person that stand where a generated one would go."""

    @property
    def refused(self) -> bool:
        """Whether a person's work stands in the way."""
        return bool(self.edited or self.foreign)

    @property
    def any(self) -> bool:
        """Whether there is something to write or remove."""
        return bool(self.written or self.removed)


class Collision(Exception):
    """Two files with one path, or a path that leaves the folder: a bug of a target."""


def plan_changes(
    folder: Path, files: Iterable[File], targets: Iterable[str]
) -> Changes:
    """What it takes to bring what `targets` own of `folder` to `files`."""
    wanted = _by_path(files)
    known = (manifest.Manifest.read(folder) or manifest.Manifest()).entries
    written, edited, foreign, unchanged = [], [], [], 0
    for path, file in sorted(wanted.items()):
        current = _content(folder / path)
        if current is None:
            written.append(path)
        elif file.ownership is Ownership.SCAFFOLD or current == file.content.encode(
            "utf-8"
        ):
            unchanged += 1
        elif path not in known:
            foreign.append(path)
        elif manifest.digest(current) != known[path].sha256:
            edited.append(path)
        else:
            written.append(path)
    owned = {path: e for path, e in known.items() if e.target in set(targets)}
    removed, stale_edits = _stale(folder, owned, wanted)
    return Changes(
        tuple(written),
        tuple(removed),
        unchanged,
        tuple(sorted(edited + stale_edits)),
        tuple(foreign),
    )


def apply_changes(
    folder: Path, domain: str, files: Iterable[File], changes: Changes
) -> None:
    """Carry out `changes`, each file by an atomic replacement, the manifest last.

    Files of targets that did not run stay as they are.
    """
    wanted = _by_path(files)
    before = (manifest.Manifest.read(folder) or manifest.Manifest()).entries
    for path in changes.written:
        _write(folder / path, wanted[path].content)
    for path in changes.removed:
        (folder / path).unlink(missing_ok=True)
        _drop_empty_parents(folder, path)
    kept = {path: e for path, e in before.items() if path not in changes.removed}
    entries = kept | {path: manifest.Entry.of(file) for path, file in wanted.items()}
    text = manifest.manifest_text(domain, entries)
    if _content(folder / manifest.NAME) != text.encode("utf-8"):
        _write(folder / manifest.NAME, text)


def _by_path(files: Iterable[File]) -> dict[str, File]:
    found: dict[str, File] = {}
    folded: dict[str, str] = {}
    for file in files:
        pure = PurePosixPath(file.path)
        if pure.is_absolute() or ".." in pure.parts or file.path != pure.as_posix():
            raise Collision(f"path {file.path!r} leaves the output folder")
        lowered = file.path.lower()
        if lowered in folded:
            raise Collision(f"two files are called {file.path!r}")
        folded[lowered] = file.path
        found[file.path] = file
    return found


def _stale(
    folder: Path, known: Mapping[str, manifest.Entry], wanted: dict[str, File]
) -> tuple[list[str], list[str]]:
    """Files of the last run that are not generated any more: those to remove, those edited."""
    removed: list[str] = []
    edited: list[str] = []
    for path in sorted(set(known) - set(wanted)):
        current = _content(folder / path)
        if current is None:
            continue
        (removed if manifest.digest(current) == known[path].sha256 else edited).append(
            path
        )
    return removed, edited


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(text.encode("utf-8"))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _drop_empty_parents(folder: Path, path: str) -> None:
    for parent in PurePosixPath(path).parents:
        if parent.parts:
            with contextlib.suppress(OSError):
                (folder / parent).rmdir()
