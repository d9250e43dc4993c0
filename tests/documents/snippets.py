"""Stretches of a requirement document, cut out by the lines they begin and end with."""

from __future__ import annotations

from pathlib import Path

BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def cut(document: Path, first: str, last: str) -> str:
    """The lines from the one that starts with `first` to the next that starts with `last`."""
    lines = document.read_text("utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(first))
    end = next(
        n for n in range(start, len(lines)) if lines[n].lstrip().startswith(last)
    )
    return indented(lines[start : end + 1])


def indented(lines: list[str]) -> str:
    """Python whose indentation the document lost.

    A loop's body ends at an empty line or at a `print`.
    """
    out = []
    depth = level = 0
    in_head = False
    for line in (text.strip() for text in lines):
        if not line or line.startswith("print("):
            level = 0
        out.append("    " * (level if depth == 0 else 0) + line)
        in_head = in_head or (depth == 0 and line.startswith("for "))
        depth += sum(BRACKETS.get(c, 0) for c in line)
        if in_head and depth == 0 and line.endswith(":"):
            level += 1
            in_head = False
    return "\n".join(out) + "\n\n"
