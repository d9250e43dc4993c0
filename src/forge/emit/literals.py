"""The only doors by which a value reaches generated text.

Every function returns `Code`: text that is valid in its language whatever the value
holds. A template refuses to print anything else.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup


class Code(Markup):
    """Text that is already valid in the language it is printed into."""

    __slots__ = ()

    if not TYPE_CHECKING:
        # Plans make a few hundred thousand of them, and none from what has a form of its own.
        __new__ = str.__new__


_REMEMBERED = 4096
"""Names and texts recur, as every target writes the same fields."""
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_LINE_BREAKS = re.compile(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
_TOUCHING_QUOTE = re.compile(r'(?<=")"|"(?="|\Z)')
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_encode = json.JSONEncoder(ensure_ascii=False).encode


def py(value: Any) -> Code:
    """A Python literal of a JSON value, tuples included."""
    if isinstance(value, str):
        return Code(_py_text(value))
    if isinstance(value, tuple):
        inner = ", ".join(py(item) for item in value)
        return Code(f"({inner},)" if len(value) == 1 else f"({inner})")
    if isinstance(value, list):
        return Code(f"[{', '.join(py(item) for item in value)}]")
    if isinstance(value, dict):
        return Code(f"{{{', '.join(f'{py(k)}: {py(v)}' for k, v in value.items())}}}")
    if value is None or isinstance(value, bool | int | float):
        return Code(repr(value))
    raise TypeError(f"no Python literal for {type(value).__name__}")


@lru_cache(_REMEMBERED)
def _py_text(text: str) -> str:
    """A double-quoted literal in ASCII-safe form where a character could mislead a reader."""
    literal = _readable(json.dumps(text, ensure_ascii=False))
    return _prefer_single(text, literal)


def _prefer_single(text: str, literal: str) -> str:
    """The quoting that the formatter keeps: single quotes where that saves escapes."""
    if '"' in text and "'" not in text:
        return "'" + literal[1:-1].replace('\\"', '"') + "'"
    return literal


def doc(text: str) -> Code:
    """One line of a Python docstring, with exactly this text, white space aside.

    Every backslash is doubled, so none escapes what follows. Every quote beside a
    quote or at the end is escaped, so no three stand together and none touches the closing.
    """
    clean = " ".join(text.split()).replace("\\", "\\\\")
    return Code(_readable(_TOUCHING_QUOTE.sub(r'\\"', clean)))


def ts(value: Any) -> Code:
    """A TypeScript literal of a JSON value."""
    return Code(_ts_text(value) if isinstance(value, str) else _ts(value))


def _ts(value: Any) -> str:
    text = _visible(_encode(value))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


_ts_text = lru_cache(_REMEMBERED)(_ts)


def sql(value: Any) -> Code:
    """A standard SQL literal."""
    if value is None:
        return Code("NULL")
    if isinstance(value, bool):
        return Code("TRUE" if value else "FALSE")
    if isinstance(value, int | float):
        return Code(repr(value))
    return Code("'" + str(value).replace("'", "''") + "'")


@lru_cache(_REMEMBERED)
def sql_name(name: str) -> Code:
    """A quoted SQL identifier."""
    return Code('"' + name.replace('"', '""') + '"')


def comment(text: str) -> Code:
    """One line that cannot end a comment in any of the languages generated."""
    line = _LINE_BREAKS.sub(" ", text)
    line = (
        _visible(line).replace("*/", "* /").replace("/*", "/ *").replace("-->", "-- >")
    )
    printable = "".join(c if c.isprintable() else " " for c in line)
    return Code(" ".join(printable.split()))


@lru_cache(_REMEMBERED)
def name(text: str) -> Code:
    """An identifier, exactly. Raises where it is none: plans make names, not templates."""
    if not _IDENTIFIER.match(text):
        raise ValueError(f"{text!r} is no identifier")
    return Code(text)


def _visible(text: str) -> str:
    """Direction controls as escapes: they make code read as what it is not."""
    return _BIDI.sub(_escape, text)


def _readable(text: str) -> str:
    """The inside of a Python text: what is not seen, or misleads, as an escape."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(ord(c)) for c in text)


def _escaped(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _escape(found: re.Match[str]) -> str:
    return _escaped(ord(found.group()))


FILTERS = {
    "py": py,
    "doc": doc,
    "ts": ts,
    "sql": sql,
    "sql_name": sql_name,
    "comment": comment,
    "name": name,
}
"""What templates may call, besides `indent`."""
