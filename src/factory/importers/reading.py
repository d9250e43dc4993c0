"""The files of a source as texts, bounded, with their faults as values."""

from __future__ import annotations

import codecs
import gzip
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from factory.importers.drafts import Place, Unmapped, Unreadable

MAX_BYTES = 64 * 2**20
"""Of one file, and of all together; GitHub's whole API document has 12 MB."""
MAX_FILES = 5000
MAX_DEPTH = 40
"""Folders in folders."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEAD = 1000
"""Bytes by which UTF-16 without a mark is told."""
_SKIPPED = frozenset({"node_modules", "__pycache__", "venv", ".git"})


@dataclass(frozen=True, slots=True)
class Text:
    """A file by the name under which the report speaks of it."""

    name: str
    content: str

    @property
    def suffix(self) -> str:
        """The ending of the name, in lower case, that of a compressed file left out."""
        return Path(self.name.removesuffix(".gz")).suffix.lower()


@dataclass(frozen=True, slots=True)
class Source:
    """The texts of a source, by path, and the files of a folder that are none."""

    texts: tuple[Text, ...]
    unmapped: tuple[Unmapped, ...] = ()


def read_source(path: Path) -> Source:
    """The file, or every file of the folder. Raises `Unreadable`."""
    if not path.is_dir():
        return Source((read_text(path),))
    texts: list[Text] = []
    faults: list[Unreadable] = []
    size = 0
    for number, file in enumerate(_files(path, path.resolve(), faults, 0)):
        if number >= MAX_FILES:
            raise Unreadable(Place(_name(path), 1), f"more than {MAX_FILES} files")
        try:
            texts.append(read_text(file, MAX_BYTES - size))
        except Unreadable as fault:
            faults.append(fault)
            continue
        size += len(texts[-1].content)
    if not texts:
        if faults:
            raise faults[0]
        raise Unreadable(Place(_name(path), 1), "there is no file here")
    told = (Unmapped(f.place, f.place.file, f.reason) for f in faults)
    return Source(tuple(texts), tuple(told))


def _files(
    folder: Path, root: Path, faults: list[Unreadable], depth: int
) -> Iterator[Path]:
    """Plain files below a folder; what is elsewhere, or no file, goes to `faults`."""
    try:
        children = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        faults.append(_unread(folder, error))
        return
    for child in children:
        if child.name.startswith(".") or child.name in _SKIPPED:
            continue
        path = folder / child.name
        if child.is_dir(follow_symlinks=False):
            if depth < MAX_DEPTH:
                yield from _files(path, root, faults, depth + 1)
            else:
                reason = f"more than {MAX_DEPTH} folders in each other"
                faults.append(Unreadable(Place(_name(path), 1), reason))
        elif child.is_symlink() and not _is_inside(path, root):
            # A link to a folder would be read twice, or for ever.
            reason = "a link to a folder, to nothing, or to outside of the source"
            faults.append(Unreadable(Place(_name(path), 1), reason))
        elif child.is_file():
            yield path
        else:
            faults.append(Unreadable(Place(_name(path), 1), "is no plain file"))


def _is_inside(link: Path, root: Path) -> bool:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return False
    return target.is_file() and target.is_relative_to(root)


def _name(path: Path) -> str:
    """A path as text that can be written anywhere, whatever bytes the name has."""
    return path.as_posix().encode("utf-8", "replace").decode("utf-8")


def _unread(path: Path, error: Exception) -> Unreadable:
    reason = error.strerror if isinstance(error, OSError) else ""
    return Unreadable(Place(_name(path), 1), f"cannot be read: {reason or error}")


def read_text(path: Path, most: int = MAX_BYTES) -> Text:
    """One file; UTF-8, UTF-16 or UTF-32, or Windows' Latin where it is none of these."""
    try:
        data = _bytes(path, most)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise _unread(path, error) from None
    name = _name(path)
    if len(data) > most:
        limit = f"larger than {MAX_BYTES} bytes"
        together = limit if most == MAX_BYTES else f"all files together are {limit}"
        raise Unreadable(Place(name, 1), together)
    return Text(name, _decoded(data, name))


def _bytes(path: Path, most: int) -> bytes:
    # A small file may hold a large one, and a device has no end.
    if path.suffix == ".gz":
        with gzip.open(path) as packed:
            return packed.read(most + 1)
    with path.open("rb") as stream:
        return stream.read(most + 1)


def _decoded(data: bytes, name: str) -> str:
    encoding = next((known for mark, known in _MARKS if data.startswith(mark)), "")
    try:
        text = data.decode(encoding or _guessed(data))
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise Unreadable(Place(name, line), "holds NUL, so it is no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guessed(data: bytes) -> str:
    """UTF-16 by the zeros in every other byte of Latin letters; else UTF-8."""
    head = data[:_HEAD]
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = head[first::2].count(0)
        if zeros > len(head) * 0.4 and not head[1 - first :: 2].count(0):
            return encoding
    return "utf-8"
