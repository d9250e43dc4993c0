"""Plain values to YAML as people write it: blocks, short lists on one line, few quotes.

What is written reads back as the same values (`yaml_reader`), which a property test shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from forge.source.nodes import Json
from forge.source.yaml_reader import scalar_value

WIDTH = 100
"""Columns within which a list or a mapping may stand on one line."""

_UNSAFE = r"\x00-\x1f\x7f-\xa0#:,\[\]{}\"'\\&*!|%@`\ud800-\uffff"
_PLAIN = re.compile(rf"[A-Za-z0-9_/^$(.<=>~+-](?:[^{_UNSAFE}]*[A-Za-z0-9_/)$.+*>=-])?")
_INDICATORS = re.compile(r"[-?:](?:\s|\Z)|---|\.\.\.|[~<>=]")
_YAML_1_1 = frozenset({"y", "n", "yes", "no", "on", "off"})
_LITERAL = re.compile(
    r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\r]*"
)
_ESCAPED = re.compile(r"[\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def write(value: Mapping[str, Json]) -> str:
    """A mapping as a document."""
    return "".join(f"{line}\n" for line in mapping_lines(value))


def mapping_lines(value: Mapping[str, Json], indent: int = 0) -> list[str]:
    """The lines of a block mapping, without line ends."""
    lines: list[str] = []
    for key, item in value.items():
        lines += _entry(f"{' ' * indent}{scalar(key)}:", item, indent)
    return lines


def sequence_lines(value: Sequence[Json], indent: int = 0) -> list[str]:
    """The lines of a block sequence, without line ends."""
    lines: list[str] = []
    for item in value:
        lines += _item(item, indent)
    return lines


def flow(value: Json) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def scalar(value: str | int | float | bool | None) -> str:
    """A single value, in quotes where it would be read as something else.

    >>> scalar("in progress"), scalar("1"), scalar("no"), scalar(True), scalar("a: b")
    ('in progress', '"1"', '"no"', 'true', '"a: b"')
    """
    if not isinstance(value, str):
        return json.dumps(value)
    return value if _is_plain(value) else _quoted(value)


def _is_plain(text: str) -> bool:
    return (
        _PLAIN.fullmatch(text) is not None
        and _INDICATORS.match(text) is None
        and _ESCAPED.search(text) is None
        and scalar_value(text) is text
        and text.lower() not in _YAML_1_1
    )


def _quoted(text: str) -> str:
    found = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", found)


def _entry(head: str, value: Json, indent: int) -> list[str]:
    short = _short(value, len(head) + 1)
    if short is not None:
        return [f"{head} {short}"]
    if isinstance(value, dict):
        return [head, *mapping_lines(value, indent + 2)]
    if isinstance(value, list):
        return [head, *sequence_lines(value, indent + 2)]
    assert isinstance(value, str)
    return [f"{head} |{_chomping(value)}", *_literal(value, indent + 2)]


def _item(value: Json, indent: int) -> Iterator[str]:
    head = " " * indent + "-"
    short = _short(value, len(head) + 1)
    if short is not None:
        yield f"{head} {short}"
        return
    if isinstance(value, str):
        yield f"{head} |{_chomping(value)}"
        yield from _literal(value, indent + 2)
        return
    inner = indent + 2
    lines = (
        mapping_lines(value, inner)
        if isinstance(value, dict)
        else sequence_lines(value, inner)  # type: ignore[arg-type]
    )
    yield f"{head} {lines[0][inner:]}"
    yield from lines[1:]


def _short(value: Json, start: int) -> str | None:
    """The value on one line; `None` where it is better written as a block."""
    if isinstance(value, dict):
        if value and any(isinstance(v, dict | list) and v for v in value.values()):
            return None
        text = flow(value)
        return (
            text
            if not value or (len(value) <= 3 and start + len(text) <= WIDTH)
            else None
        )
    if isinstance(value, list):
        if any(isinstance(item, dict | list) and item for item in value):
            return None
        text = flow(value)
        return text if not value or start + len(text) <= WIDTH else None
    if isinstance(value, str) and "\n" in value and _is_literal(value):
        return None
    return scalar(value)


def _is_literal(text: str) -> bool:
    """Whether a text of several lines can stand as a block of lines."""
    return (
        _LITERAL.fullmatch(text) is not None
        and not text.startswith((" ", "\n", "\t"))
        and not text.endswith("\n\n")
        and "\t" not in text
    )


def _chomping(text: str) -> str:
    return "" if text.endswith("\n") else "-"


def _literal(text: str, indent: int) -> Iterator[str]:
    for line in text.removesuffix("\n").split("\n"):
        yield " " * indent + line if line else ""
