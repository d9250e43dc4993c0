"""Long answers in pages, bounded by number and by size."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from forge.diagnostics import Diagnostic, ordered, render
from specora.mcp.faults import Answer, fault

MAX_BYTES = 24_000
"""How much of a list one answer holds. An item that is larger comes alone."""
MAX_TEXT = 24_000
"""How many characters of one text an answer holds."""
DEFAULT_LIMIT = 50


def page(
    key: str, items: Sequence[Any], cursor: str | None, limit: int | None
) -> Answer:
    """One page of `items` under `key`, with their number and the cursor of what follows.

    A cursor is for the very list that it was given out with: after a change it is refused.
    """
    mark = zlib.crc32(_encoded(items))
    start = _start(cursor, mark, len(items))
    chosen = fitting(items[start : start + (limit or DEFAULT_LIMIT)])
    return {
        key: chosen,
        "total": len(items),
        "next_cursor": _cursor(start + len(chosen), mark, len(items)),
    }


def fitting(items: Iterable[Any], most: int = MAX_BYTES) -> list[Any]:
    """The first of `items` that are not too large together; one in any case."""
    chosen: list[Any] = []
    size = 0
    for item in items:
        size += len(_encoded(item))
        if chosen and size > most:
            break
        chosen.append(item)
    return chosen


def diagnosed(diagnostics: Iterable[Diagnostic], most: int = MAX_BYTES) -> Answer:
    """The summary of all diagnostics and the first of them, errors before others.

    `validate` has what is left out.
    """
    every = sorted(ordered(diagnostics), key=lambda d: not d.is_error)
    return shortened(render.to_json(every), most)


def shortened(answer: Answer, most: int = MAX_BYTES) -> Answer:
    """An answer with no more diagnostics than one may hold."""
    every = answer["diagnostics"]
    shown = fitting(every, most)
    return answer | {"diagnostics": shown, "left_out": len(every) - len(shown)}


def stretch(text: str, cursor: str | None) -> Answer:
    """A stretch of a long text, with the cursor of what follows."""
    mark = zlib.crc32(text.encode("utf-8", "surrogatepass"))
    start = _start(cursor, mark, len(text))
    end = min(start + MAX_TEXT, len(text))
    if end < len(text):
        # Lines stay whole, where one is not too long by itself.
        end = text.rfind("\n", start, end) + 1 or end
    return {
        "text": text[start:end],
        "total": len(text),
        "next_cursor": _cursor(end, mark, len(text)),
    }


def _cursor(at: int, mark: int, total: int) -> str | None:
    return f"{at}-{mark:08x}" if at < total else None


def _start(cursor: str | None, mark: int, total: int) -> int:
    if cursor is None:
        return 0
    at, _, seen = cursor.partition("-")
    if not (at.isascii() and at.isdigit() and len(at) < 12 and int(at) <= total):
        raise fault(
            "mcp/bad-cursor",
            "the cursor is none of this tool's",
            argument="/cursor",
            help="send `next_cursor` of the page before, or leave it out",
        )
    if seen != f"{mark:08x}":
        raise fault(
            "mcp/stale-cursor",
            "what is listed changed since the page before",
            argument="/cursor",
            help="leave `cursor` out to begin again",
        )
    return int(at)


def _encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
