"""Sizes, words and paths that source files keep to."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MAX_FILE = 400
MAX_FUNCTION = 50
MAX_P90 = 30

BANNED = re.compile(
    r"\b(previously|used to|no longer|legacy|hack|simply|TODO|FIXME|XXX)\b",
    re.IGNORECASE,
)
PLACES = re.compile(r"/(?:work|home|root)/[a-z.]")


def main() -> int:
    """Print every breach; 1 if there is one."""
    spans: list[int] = []
    faults = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text("utf-8")
        faults += _file_faults(name, text)
        for span, line, function in _functions(text):
            spans.append(span)
            if span > MAX_FUNCTION:
                faults.append(f"{name}:{line}: {function} has {span} lines")
    spans.sort()
    p90 = spans[int(len(spans) * 0.9)]
    if p90 > MAX_P90:
        faults.append(f"p90 of function lengths is {p90}")
    print("\n".join(faults))
    print(f"{len(spans)} functions, p90 {p90} lines, longest {spans[-1]}")
    return 1 if faults else 0


def _file_faults(name: str, text: str) -> Iterator[str]:
    lines = text.splitlines()
    if len(lines) > MAX_FILE:
        yield f"{name}: {len(lines)} lines"
    for number, line in enumerate(lines, 1):
        if BANNED.search(line):
            yield f"{name}:{number}: banned word: {line.strip()[:80]}"
        if PLACES.search(line):
            yield f"{name}:{number}: a place on one machine: {line.strip()[:80]}"


def _functions(text: str) -> Iterator[tuple[int, int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (
                (node.end_lineno or node.lineno) - node.lineno + 1,
                node.lineno,
                node.name,
            )


if __name__ == "__main__":
    sys.exit(main())
