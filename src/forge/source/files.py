"""Reading files within bounds. The only place of the compiler that touches contract files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 1_000_000
"""A contract larger than this is refused unread."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's name as it is reported, and what was read from it."""

    name: str
    text: str | None
    """The text, or `None` where it could not be read as one."""
    fault: str = ""
    """Why there is no text: `too-large`, `not-utf-8` or `unreadable`."""
    offset: int = 0
    """Where the text stops being readable, in bytes."""


def read_file(path: Path, name: str) -> SourceFile:
    """Read `path`, reported as `name`. Never raises for what a user may have done."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError:
        return SourceFile(name, None, "unreadable")
    if len(data) > MAX_BYTES:
        return SourceFile(name, None, "too-large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return SourceFile(name, None, "not-utf-8", error.start)
    return SourceFile(name, text)
