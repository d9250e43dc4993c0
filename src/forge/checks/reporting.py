"""How rules tell of names that do not exist, and point into texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Fix, Related, Rule, nearest
from forge.source import Node, Position, Scalar, Span

_PLAIN = re.compile(r"[A-Za-z_/](?:[\w/ .>-]*[\w/])?", re.ASCII)
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})


def listed(names: Iterable[object]) -> str:
    """Names for a message, in backticks."""
    return ", ".join(f"`{name}`" for name in names)


def choices(name: str, names: Iterable[str], what: str) -> str:
    """Help that names the nearest legal name and all of them."""
    every = tuple(names)
    guess = nearest(name, every)
    hint = f"did you mean `{guess}`? " if guess else ""
    return f"{hint}{what} {listed(every)}" if every else hint.strip()


def guesses(span: Span, name: str, names: Iterable[str]) -> tuple[Fix, ...]:
    """The fix that writes the nearest legal name, where there is one."""
    guess = nearest(name, names)
    return (Fix.replace(span, yaml_text(guess)),) if guess else ()


def yaml_text(text: str) -> str:
    """A text as a YAML scalar, in quotes where it would be read as something else.

    >>> yaml_text("in progress"), yaml_text("1")
    ('in progress', '"1"')
    """
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


def unknown_field(
    rule: Rule,
    subject: Subject,
    entity: str,
    span: Span,
    name: str,
    related: Iterable[Related] = (),
) -> Diagnostic:
    """`name` is not a field of `entity`, whose fields are known."""
    names = subject.fields_of(entity) or {}
    return rule.at(
        span,
        label="no such field",
        related=(Related(subject.place(entity), "the entity"), *related),
        help=choices(name, names, "the fields are"),
        fixes=guesses(span, name, names),
        field=name,
        entity=entity,
    )


def inside(node: Node | None, start: int, end: int) -> Span | None:
    """The place of a part of a scalar's text; of all of it where lines or escapes intervene."""
    if not isinstance(node, Scalar):
        return None if node is None else node.span
    span = node.span
    if span.start.line != span.end.line:
        return span
    width = span.end.offset - span.start.offset
    quotes = (width - len(node.text)) // 2
    if width - len(node.text) not in (0, 2) or (quotes and node.plain_style):
        return span
    first = quotes + start
    return Span(span.file, _after(span.start, first), _after(span.start, quotes + end))


def _after(position: Position, count: int) -> Position:
    return Position(position.line, position.column + count, position.offset + count)
