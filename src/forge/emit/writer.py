"""Bringing a folder to a set of generated files. The only place that writes them.

Nothing that a person wrote is touched: a file whose content is not what the manifest says
it was, or that was there before any run, is refused.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from forge.emit import manifest
from forge.emit.files import File, Ownership
from forge.emit.paths import Collision, by_path

__all__ = ["Changes", "Collision", "apply_changes", "plan_changes"]


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
    forgotten: tuple[str, ...] = ()
    """Files that are not generated any more and that a person removed."""
    adopted: bool = False
    """Whether the manifest changes: it learns of a file that is there already, or forgets one."""
    entries: Mapping[str, manifest.Entry] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What the manifest says of every file once that is done."""

    @property
    def refused(self) -> bool:
        """Whether a person's work stands in the way."""
        return bool(self.edited or self.foreign)

    @property
    def any(self) -> bool:
        """Whether there is something to write or remove."""
        return bool(self.written or self.removed or self.adopted)


def plan_changes(
    folder: Path, files: Iterable[File], targets: Iterable[str]
) -> Changes:
    """What it takes to bring what `targets` own of `folder` to `files`."""
    wanted = _wanted(files)
    found = manifest.Manifest.read(folder)
    known = (found or manifest.Manifest()).entries
    written, edited, foreign, unchanged = [], [], [], 0
    current = _Folder(folder)
    if found is None and os.path.lexists(folder / manifest.NAME):
        foreign.append(manifest.NAME)
    for path, file in sorted(wanted.items()):
        place = current.at(path)
        if place.holds(file) or (_scaffold(file) and place.taken):
            unchanged += 1
        elif place.blocked:
            foreign.append(path)
        elif place.content is None:
            written.append(path)
        elif path not in known:
            foreign.append(path)
        elif not known[path].made(place.content):
            edited.append(path)
        else:
            written.append(path)
    owners = set(targets)
    owned = {path: e for path, e in known.items() if e.target in owners}
    removed, stale_edits, forgotten = _stale(current, owned, wanted)
    entries = _entries(known, wanted, {*removed, *forgotten})
    return Changes(
        tuple(written),
        tuple(removed),
        unchanged,
        tuple(sorted(edited + stale_edits)),
        tuple(foreign),
        tuple(forgotten),
        adopted=found is None or entries != known,
        entries=entries,
    )


def apply_changes(
    folder: Path, domain: str, files: Iterable[File], changes: Changes
) -> None:
    """Carry out `changes`, each file by an atomic replacement, the manifest last.

    Files of targets that did not run stay as they are. A manifest that knows the old and
    the new content of every file comes first: a run that is interrupted leaves nothing
    behind that the next one would take for a person's.
    """
    wanted = _wanted(files)
    before = (manifest.Manifest.read(folder) or manifest.Manifest()).entries
    entries = changes.entries
    if changes.written or changes.removed:
        _write_manifest(folder, domain, _unfinished(folder, before, entries, changes))
    for path in changes.written:
        _write(folder / path, wanted[path].content)
    for path in changes.removed:
        (folder / path).unlink(missing_ok=True)
        _drop_empty_parents(folder, path)
    _write_manifest(folder, domain, entries)


def _wanted(files: Iterable[File]) -> dict[str, File]:
    wanted = by_path(files)
    if manifest.NAME in wanted:
        raise Collision(f"{manifest.NAME!r} is the manifest's own path")
    return wanted


@dataclass(frozen=True, slots=True)
class _Place:
    """What stands at a path: nothing, a file's content, or what no file may replace."""

    content: bytes | None
    blocked: bool = False

    @property
    def taken(self) -> bool:
        """Whether there is anything."""
        return self.blocked or self.content is not None

    def holds(self, file: File) -> bool:
        """Whether it is `file` as it has to be."""
        return not self.blocked and self.content == file.content.encode("utf-8")


class _Folder:
    """The output folder as it is."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._links: dict[str, bool] = {"": False}

    def at(self, path: str) -> _Place:
        """What stands at a path below it."""
        place = f"{self._root}/{path}"
        try:
            with open(place, "rb") as stream:
                return _Place(stream.read(), self._linked(path))
        except FileNotFoundError:
            return _Place(None, self._linked(path))
        except (IsADirectoryError, NotADirectoryError, PermissionError):
            return _Place(None, True)

    def _linked(self, path: str) -> bool:
        """Whether the way to the file leads over a symbolic link: it may end anywhere."""
        if path not in self._links:
            link = os.path.islink(f"{self._root}/{path}")
            self._links[path] = link or self._linked(path.rpartition("/")[0])
        return self._links[path]


def _entries(
    before: Mapping[str, manifest.Entry],
    wanted: Mapping[str, File],
    dropped: Iterable[str],
) -> dict[str, manifest.Entry]:
    """The manifest's entries once `wanted` is written. A scaffold is its author's: it has none."""
    gone = {*dropped, *(p for p, f in wanted.items() if _scaffold(f))}
    kept = {path: entry for path, entry in before.items() if path not in gone}
    return kept | {
        path: manifest.Entry.of(file)
        for path, file in wanted.items()
        if not _scaffold(file)
    }


def _scaffold(file: File) -> bool:
    return file.ownership is Ownership.SCAFFOLD


def _unfinished(
    folder: Path,
    before: Mapping[str, manifest.Entry],
    after: Mapping[str, manifest.Entry],
    changes: Changes,
) -> dict[str, manifest.Entry]:
    """The entries during a run: what is removed is still known, what is replaced is as well."""
    current = _Folder(folder)
    entries = {**{path: before[path] for path in changes.removed}, **after}
    for path in changes.written:
        content = current.at(path).content
        if path in entries and content is not None:
            entries[path] = replace(entries[path], replaces=manifest.digest(content))
    return entries


def _stale(
    folder: _Folder, known: Mapping[str, manifest.Entry], wanted: dict[str, File]
) -> tuple[list[str], list[str], list[str]]:
    """Files that are not generated any more: those to remove, those edited, those gone."""
    removed: list[str] = []
    edited: list[str] = []
    forgotten: list[str] = []
    for path in sorted(set(known) - set(wanted)):
        place = folder.at(path)
        if place.content is None or place.blocked:
            forgotten.append(path)
        elif known[path].made(place.content):
            removed.append(path)
        else:
            edited.append(path)
    return removed, edited, forgotten


def _write_manifest(
    folder: Path, domain: str, entries: Mapping[str, manifest.Entry]
) -> None:
    text = manifest.manifest_text(domain, entries)
    if _Folder(folder).at(manifest.NAME).content != text.encode("utf-8"):
        _write(folder / manifest.NAME, text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(text.encode("utf-8"))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _drop_empty_parents(folder: Path, path: str) -> None:
    for parent in PurePosixPath(path).parents:
        if parent.parts:
            with contextlib.suppress(OSError):
                (folder / parent).rmdir()
