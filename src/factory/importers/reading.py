"""The files of a source as texts, bounded, with their faults as values."""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from factory.importers.drafts import Place, Unreadable

MAX_BYTES = 64 * 2**20
"""Of one file; GitHub's whole API document has 12 MB."""
MAX_FILES = 5000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
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


def read_source(path: Path) -> tuple[Text, ...]:
    """The file, or every file of the folder, by path. Raises `Unreadable`."""
    files = list(_files(path))
    if not files:
        raise Unreadable(Place(path.as_posix(), 1), "there is no file here")
    if len(files) > MAX_FILES:
        raise Unreadable(Place(path.as_posix(), 1), f"more than {MAX_FILES} files")
    return tuple(read_text(file) for file in files)


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        if path.exists():
            yield path
        return
    for child in sorted(path.iterdir(), key=lambda p: p.name):
        if child.name.startswith(".") or child.name in _SKIPPED:
            continue
        yield from _files(child)


def read_text(path: Path) -> Text:
    """One file; UTF-8, UTF-16 with its mark, or Windows' Latin where it is neither."""
    name = path.as_posix()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Unreadable(Place(name, 1), f"larger than {MAX_BYTES} bytes")
        data = _bytes(path)
    except (OSError, EOFError) as error:
        raise Unreadable(Place(name, 1), f"cannot be read: {error}") from None
    if len(data) > MAX_BYTES:
        raise Unreadable(Place(name, 1), f"larger than {MAX_BYTES} bytes")
    return Text(name, _decoded(data, name))


def _bytes(path: Path) -> bytes:
    if path.suffix != ".gz":
        return path.read_bytes()
    with gzip.open(path) as stream:
        # A small file may hold a large one.
        return stream.read(MAX_BYTES + 1)


def _decoded(data: bytes, name: str) -> str:
    encoding = next((known for mark, known in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise Unreadable(Place(name, line), "holds NUL, so it is no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")
