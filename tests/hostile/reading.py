"""Outputs as structures whose leaves are texts, to be compared leaf by leaf."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import yaml

from tests.hostile import lexing


class Literal(str):
    """A text that has to arrive as it was written."""

    __slots__ = ()


def read(path: str, text: str) -> Any:
    """The structure of a file. Raises where it is not what its name says."""
    return _reader(path)(text)


def _reader(path: str) -> Callable[[str], Any]:
    readers: dict[str, Callable[[str], Any]] = {
        ".py": _python,
        ".json": lambda text: _value(json.loads(text)),
        ".yml": lambda text: _value(yaml.safe_load(text)),
        ".sql": lambda text: [_token(t) for t in lexing.sql(text)],
        ".ts": lambda text: [_token(t) for t in lexing.typescript(text)],
        ".env.example": _variables,
    }
    found = (reader for suffix, reader in readers.items() if path.endswith(suffix))
    return next(found, lambda text: text.splitlines())


def _python(text: str) -> Any:
    with warnings.catch_warnings():
        # An escape that Python only bears is a mistake.
        warnings.simplefilter("error")
        return _node(ast.parse(text))


_SETTING = re.compile(
    r"""(?P<name>[A-Z][A-Z0-9_]*)=(?:'(?P<raw>[^'\n]*)'|"(?P<text>(?:[^"\\\n]|\\.)*)"|(?P<bare>[^'"\s]*))\Z"""
)
_ESCAPED = re.compile(r"\\(?:0([0-7]{3})|(.))")
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _variables(text: str) -> Any:
    """Settings as Compose reads them; every other line is a comment."""
    found = []
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            match = _SETTING.match(line)
            assert match, line
            value = match["raw"] or match["bare"] or match["text"] or ""
            assert match["text"] is None or not re.search(r"(?<!\\)(\\\\)*\$", value), (
                line
            )
            escaped = match["text"] is not None
            found.append(
                (match["name"], _ESCAPED.sub(_character, value) if escaped else value)
            )
    return [(name, Literal(value)) for name, value in found]


def _character(match: re.Match[str]) -> str:
    octal, letter = match.groups()
    return chr(int(octal, 8)) if octal else _LETTERS.get(letter, letter)


def _token(token: lexing.Token) -> Any:
    kept = token.kind in ("text", "name")
    return (token.kind, Literal(token.value) if kept else token.value)


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return [(_value(k), _value(v)) for k, v in value.items()]
    if isinstance(value, list):
        return [_value(item) for item in value]
    return Literal(value) if isinstance(value, str) else value


def _node(node: Any) -> Any:
    """A syntax tree without places and without prose."""
    if isinstance(node, list):
        return [_node(item) for item in node if not _prose(item)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Literal(node.value)
    if isinstance(node, ast.AST):
        fields = [(name, _node(value)) for name, value in ast.iter_fields(node)]
        return (type(node).__name__, fields)
    return node


def _prose(node: Any) -> bool:
    """Whether a statement is a docstring, or stands for a body that has none."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return isinstance(node.value.value, str)
    return isinstance(node, ast.Pass)


def literals(structure: Any) -> Iterator[str]:
    """Every literal, in order."""
    if isinstance(structure, Literal):
        yield structure
    elif isinstance(structure, list | tuple):
        for item in structure:
            yield from literals(item)


def differences(
    before: Any, after: Any, marker: str, texts: Iterable[str], at: str = ""
) -> Iterator[str]:
    """Where `after` is anything but `before` with one of `texts` in the place of `marker`."""
    if before == after:
        return
    if isinstance(before, Literal) and isinstance(after, Literal):
        wanted = [before.replace(marker, text) for text in texts]
        if after not in wanted and not _same_json(before, after, marker, texts):
            yield f"{at}: {after[:200]!r} is not {wanted[0][:200]!r}"
    elif type(before) is not type(after):
        yield f"{at}: {after!r:.200} in the place of {before!r:.200}"
    elif isinstance(before, list | tuple):
        if len(before) != len(after):
            yield f"{at}: {len(after)} parts, not {len(before)}"
            return
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, marker, texts, f"{at}/{number}")
    elif before != after:
        yield f"{at}: {after!r:.200} is not {before!r:.200}"


def _same_json(
    before: Literal, after: Literal, marker: str, texts: Iterable[str]
) -> bool:
    """Whether both are JSON, as a default of a structured column is, and differ as they should."""
    if marker not in before:
        return False
    try:
        one, other = (_value(json.loads(literal)) for literal in (before, after))
    except ValueError:
        return False
    return not any(differences(one, other, marker, texts))
