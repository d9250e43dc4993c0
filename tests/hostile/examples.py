"""One example: a text at a position, and what has to hold of everything that comes of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from functools import cache
from typing import Any, TypeAlias

from forge.diagnostics import Diagnostic, render
from tests.hostile.compiling import Result, compiled
from tests.hostile.positions import Holds, Position, replaced
from tests.hostile.reading import differences, literals, read

MARKER = "zq9marker"
"""A text that nothing else holds and that is harmless wherever a text may stand."""

PROSE = frozenset({"description", "summary"})
NAMES = frozenset({"enum_name"})
"""Keys whose value becomes a name, not a text."""
STORED_NAMES = frozenset({"table", "column"})
"""Keys with a pattern whose value arrives as it is."""
TRANSLATED = frozenset({"pattern"})
"""Keys whose value is translated for other engines; `tests/targets` looks at what comes of it."""


Wrap: TypeAlias = Callable[[str], str]
"""From a text to what stands at the position, where that is more than the text."""


@cache
def harmless(position: Position, wrap: Wrap = str) -> Result:
    """The outputs with the marker at a position."""
    return compiled(replaced(position, wrap(MARKER)))


@cache
def structure(position: Position, path: str, wrap: Wrap = str) -> Any:
    """One harmless output, read."""
    return read(path, harmless(position, wrap).files[path])


def carried(position: Position) -> bool:
    """Whether a text at the position reaches any output as a literal."""
    files = harmless(position).files
    marked = (path for path, text in files.items() if MARKER in text)
    return any(
        MARKER in text
        for path in marked
        for text in literals(structure(position, path))
    )


def hold(position: Position, text: str, wrap: Wrap = str) -> bool:
    """Assert all that has to hold; whether the contracts were accepted."""
    result = compiled(replaced(position, wrap(text)))
    for diagnostic in result.diagnostics:
        _told_in_one_line(diagnostic)
    if result.errors:
        return False
    _load(result.files["database/schema.sqlite.sql"])
    faults = list(_faults(position, text, result, wrap))
    assert not faults, (str(position), text, faults[:5])
    return True


def _faults(position: Position, text: str, result: Result, wrap: Wrap) -> list[str]:
    """Files that do not parse, or in which anything but the text differs from the harmless ones."""
    expected = harmless(position, wrap)
    comparable = not expected.errors and not _is_special(position, text)
    plain = text.strip() if _is_prose(position) else text
    # Patterns of generated tests hold texts as well.
    wanted = (plain, _as_written(text, wrap), re.escape(text))
    faults = []
    if comparable and expected.files.keys() != result.files.keys():
        faults.append(f"other files: {expected.files.keys() ^ result.files.keys()}")
    for path, content in result.files.items():
        if comparable and expected.files[path] == content:
            continue
        found = read(path, content)
        if comparable:
            before = structure(position, path, wrap)
            faults += [f"{path}{d}" for d in differences(before, found, MARKER, wanted)]
    return faults


def _as_written(text: str, wrap: Wrap) -> str:
    """The text as it stands inside an expression: outputs show expressions to people."""
    before, after = wrap(MARKER).split(MARKER)
    return wrap(text).removeprefix(before).removesuffix(after)


def _is_special(position: Position, text: str) -> bool:
    last = position.path[-1]
    blank = _is_prose(position) and not text.strip()
    named = position.holds is not Holds.FREE and last not in STORED_NAMES
    return blank or named or last in NAMES | TRANSLATED


def _is_prose(position: Position) -> bool:
    short_variable = len(position.path) > 1 and position.path[-2] == "env_vars"
    return position.path[-1] in PROSE or short_variable


def _told_in_one_line(diagnostic: Diagnostic) -> None:
    """A fault is told in one line of visible characters, whatever the contract holds."""
    lines = render.concise([diagnostic]).split("\n")
    assert len(lines) == 1, lines
    for shown in (*lines, render.text([diagnostic], lambda file: ())):
        hidden = {c for c in shown if not c.isprintable() and c != "\n"}
        assert not hidden, (diagnostic.name, shown)


def _load(schema: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript(schema)
    connection.close()


def free(positions: tuple[Position, ...]) -> tuple[Position, ...]:
    """The positions that hold any text."""
    return tuple(p for p in positions if p.holds is Holds.FREE)
