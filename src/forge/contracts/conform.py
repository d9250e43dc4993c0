"""Does a node have the shape it should have? Every fault at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import assert_never

from forge.contracts.rules.contract import (
    bad_text,
    missing_key,
    out_of_range,
    repeated_item,
    too_few,
    unknown_key,
    unknown_value,
    wrong_type,
)
from forge.contracts.shapes import (
    Anything,
    Boolean,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Record,
    Shape,
    Text,
    Word,
)
from forge.diagnostics import Diagnostic, Edit, Fix, Related, nearest
from forge.source import Mapping, Node, Scalar, Sequence, Span

_compiled = cache(re.compile)

TRUE_WORDS = frozenset({"yes", "on", "y", "True", "TRUE", "1"})
FALSE_WORDS = frozenset({"no", "off", "n", "False", "FALSE", "0"})


def conform(node: Node, shape: Shape, where: str) -> Iterator[Diagnostic]:
    """The faults of `node`. `where` names it in messages."""
    match shape:
        case Record():
            yield from _record(node, shape, where)
        case Text():
            yield from _text(node, shape, where)
        case Word():
            yield from _word(node, shape, where)
        case Boolean():
            yield from _boolean(node, where)
        case Number():
            yield from _number(node, shape, where)
        case ListOf():
            yield from _list(node, shape, where)
        case MapOf():
            yield from _map(node, shape, where)
        case OneOf():
            yield from _one_of(node, shape, where)
        case Anything():
            return
        case _:
            assert_never(shape)


NOTE = "x-"
"""What the names of keys begin with that are notes, for people or for tools."""


def _record(node: Node, shape: Record, where: str) -> Iterator[Diagnostic]:
    if not isinstance(node, Mapping):
        yield _wrong(node, where, "a mapping")
        return
    known = shape.by_name
    for name, value in node.entries.items():
        key = known.get(name)
        if key is not None:
            yield from conform(value, key.shape, f"`{name}`")
        elif not shape.open and not name.startswith(NOTE):
            yield _unknown_key(node, name, shape)
    for key in shape.keys:
        if key.required and key.name not in node.entries:
            yield missing_key.RULE.at(
                _head(node), label="here", help=key.doc, where=shape.what, key=key.name
            )


def _head(node: Mapping) -> Span:
    """The first key of a mapping: pointing at all of it would mark half the file."""
    first = next(iter(node.keys.values()), None)
    return node.span if first is None else first.span


def _unknown_key(node: Mapping, name: str, shape: Record) -> Diagnostic:
    span = node.key_span(name)
    guess = nearest(name, (k for k in shape.by_name if k not in node.entries))
    legal = ", ".join(f"`{k}`" for k in shape.by_name)
    help_text = f"did you mean `{guess}`? " if guess else ""
    return unknown_key.RULE.at(
        span,
        label="no such key",
        help=f"{help_text}{shape.what} has the keys {legal}",
        fixes=(Fix.replace(span, guess),) if guess else (),
        key=name,
        where=shape.what,
    )


def _text(node: Node, shape: Text, where: str) -> Iterator[Diagnostic]:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        if isinstance(node, Scalar) and node.value is not None:
            yield _unquoted(node, where)
        else:
            yield _wrong(node, where, "text")
        return
    yield from _matches(node, shape)


def _matches(node: Scalar, shape: Text) -> Iterator[Diagnostic]:
    if shape.pattern is None or _compiled(shape.pattern).fullmatch(node.text):
        return
    rule = shape.rule or bad_text.RULE
    example = f"for example `{shape.example}`" if shape.example else ""
    guess = _repaired(node.text, shape)
    yield rule.at(
        node.span,
        label=f"not {shape.what}",
        help=f"did you mean `{guess}`?" if guess else example,
        fixes=(Fix.replace(node.span, guess),) if guess else (),
        value=node.text,
        what=shape.what,
    )


def _repaired(text: str, shape: Text) -> str | None:
    """The text with its case and separators mended, if that makes it conform."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text.strip())
    snake = re.sub(r"[\s.-]+", "_", words)
    for guess in (snake.lower(), snake.upper(), "/" + text.strip()):
        if (
            guess != text
            and shape.pattern
            and _compiled(shape.pattern).fullmatch(guess)
        ):
            return guess
    return None


def _word(node: Node, shape: Word, where: str) -> Iterator[Diagnostic]:
    if not isinstance(node, Scalar):
        yield _wrong(node, where, shape.what)
        return
    if node.text in shape.words and node.value is not None:
        return
    rule = shape.rule or unknown_value.RULE
    guess = nearest(node.text, shape.words)
    legal = ", ".join(f"`{word}`" for word in shape.words)
    yield rule.at(
        node.span,
        label=f"not {shape.what}",
        help=(f"did you mean `{guess}`? " if guess else "") + f"legal: {legal}",
        fixes=(Fix.replace(node.span, guess),) if guess else (),
        value=node.text,
        where=where,
    )


def _boolean(node: Node, where: str) -> Iterator[Diagnostic]:
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return
    text = node.text if isinstance(node, Scalar) else ""
    word = "true" if text in TRUE_WORDS else "false" if text in FALSE_WORDS else None
    if text.lower() in ("true", "false"):
        word = text.lower()
    yield wrong_type.RULE.at(
        node.span,
        label="not a boolean",
        help=f"write `{word}`" if word else "write `true` or `false`",
        fixes=(Fix.replace(node.span, word),) if word else (),
        where=where,
        expected="`true` or `false`",
        found=_kind(node),
    )


def _number(node: Node, shape: Number, where: str) -> Iterator[Diagnostic]:
    expected = "a whole number" if shape.integer else "a number"
    value = node.value if isinstance(node, Scalar) else None
    legal = int if shape.integer else (int, float)
    if isinstance(value, bool) or not isinstance(value, legal):
        yield _wrong(node, where, expected)
        return
    problem = ""
    if shape.minimum is not None and value < shape.minimum:
        problem = f"less than {shape.minimum:g}"
    elif shape.maximum is not None and value > shape.maximum:
        problem = f"more than {shape.maximum:g}"
    elif value != value or value in (float("inf"), float("-inf")):
        problem = "not finite"
    if problem:
        yield out_of_range.RULE.at(
            node.span, label="out of range", where=where, value=value, problem=problem
        )


def _list(node: Node, shape: ListOf, where: str) -> Iterator[Diagnostic]:
    if not isinstance(node, Sequence):
        yield _wrong(node, where, "a list")
        return
    if len(node.items) < shape.minimum:
        yield too_few.RULE.at(
            node.span, label="empty", where=where, count=_items(shape.minimum)
        )
    seen: dict[tuple[type, str], Scalar] = {}
    for item in node.items:
        yield from conform(item, shape.item, f"an item of {where}")
        if shape.unique and isinstance(item, Scalar):
            mark = (type(item.value), item.text)
            if mark in seen:
                first = Related(seen[mark].span, "first listed here")
                yield repeated_item.RULE.at(
                    item.span, label="again", related=(first,), value=item.text
                )
            else:
                seen[mark] = item


def _map(node: Node, shape: MapOf, where: str) -> Iterator[Diagnostic]:
    if not isinstance(node, Mapping):
        yield _wrong(node, where, "a mapping")
        return
    if len(node.entries) < shape.minimum:
        yield too_few.RULE.at(
            node.span, label="empty", where=where, count=_items(shape.minimum)
        )
    for name, value in node.entries.items():
        if shape.key.pattern is not None:
            yield from _matches(node.keys[name], shape.key)
        yield from conform(value, shape.value, f"`{name}`")


def _one_of(node: Node, shape: OneOf, where: str) -> Iterator[Diagnostic]:
    for option in shape.shapes:
        if _same_kind(node, option):
            yield from conform(node, option, where)
            return
    expected = " or ".join(dict.fromkeys(_expects(option) for option in shape.shapes))
    yield _wrong(node, where, expected)


def _same_kind(node: Node, shape: Shape) -> bool:
    match shape:
        case Record() | MapOf():
            return isinstance(node, Mapping)
        case ListOf():
            return isinstance(node, Sequence)
        case Boolean():
            return isinstance(node, Scalar) and isinstance(node.value, bool)
        case Number():
            value = node.value if isinstance(node, Scalar) else None
            return isinstance(value, int | float) and not isinstance(value, bool)
        case Text() | Word():
            return isinstance(node, Scalar) and isinstance(node.value, str)
        case OneOf():
            return any(_same_kind(node, option) for option in shape.shapes)
        case Anything():
            return True
        case _:
            assert_never(shape)


def _expects(shape: Shape) -> str:
    match shape:
        case Record() | MapOf():
            return "a mapping"
        case ListOf():
            return "a list"
        case Boolean():
            return "`true` or `false`"
        case Number():
            return "a number"
        case _:
            return "text"


def _unquoted(node: Scalar, where: str) -> Diagnostic:
    quoted = f'"{node.text}"'
    return wrong_type.RULE.at(
        node.span,
        label=f"YAML reads {_kind(node)}",
        help=f"quote it: `{quoted}`",
        fixes=(Fix(f"quote `{node.text}`", (Edit(node.span, quoted),)),),
        where=where,
        expected="text",
        found=_kind(node),
    )


def _wrong(node: Node, where: str, expected: str) -> Diagnostic:
    return wrong_type.RULE.at(
        node.span,
        label=f"not {expected}",
        where=where,
        expected=expected,
        found=_kind(node),
    )


def _kind(node: Node) -> str:
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    if node.value is None:
        return "nothing"
    if isinstance(node.value, bool):
        return "a boolean"
    if isinstance(node.value, int | float):
        return "a number"
    return "text"


def _items(count: int) -> str:
    return "one entry" if count == 1 else f"{count} entries"
