"""The document as text: the upper levels laid out, one line for each part below them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from forge.emit import File
from forge.targets.openapi.plan import Plan

PATH = "openapi.json"
_LEVELS = 5
"""Depth down to which every value has a line of its own: parameters and properties."""

_encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode
_key = cache(_encode)


def render(plan: Plan) -> File:
    """The file of a plan."""
    return File(PATH, serialise(plan.document), plan.sources)


def serialise(document: dict[str, Any]) -> str:
    """JSON in ASCII, which every reader of every age shows as it is."""
    return _laid_out(document, 0, {}) + "\n"


class LaidOut(str):
    """A part of a document that is text already, laid out for the depth at which it stands."""

    __slots__ = ()


def laid_out(value: Any, depth: int) -> str:
    """A part of a document as it is written at a depth."""
    return _laid_out(value, depth, {})


def _laid_out(value: Any, depth: int, lines: dict[int, str]) -> str:
    """`value` as text. `lines` holds what is written already: many places share one value."""
    if type(value) is LaidOut:
        return value
    if depth >= _LEVELS or not _nested(value):
        if isinstance(value, dict) and len(value) == 1 and "$ref" in value:
            return _reference(value["$ref"])
        text = lines.get(id(value))
        if text is None:
            text = lines[id(value)] = _encode(value)
        return text
    margin = " " * depth
    deeper = depth + 1
    if isinstance(value, dict):
        members = [
            f"{_key(key)}: {_laid_out(item, deeper, lines)}"
            for key, item in value.items()
        ]
        opening, closing = "{", "}"
    else:
        members = [_laid_out(item, deeper, lines) for item in value]
        opening, closing = "[", "]"
    inner = f",\n{margin} ".join(members)
    return f"{opening}\n{margin} {inner}\n{margin}{closing}"


@cache
def _reference(target: Any) -> str:
    """Nearly every line is one of few references."""
    return _encode({"$ref": target})


def _nested(value: Any) -> bool:
    """Whether lines make the value easier to read."""
    if isinstance(value, list):
        return any(isinstance(item, dict | list) for item in value)
    return isinstance(value, dict) and bool(value)
