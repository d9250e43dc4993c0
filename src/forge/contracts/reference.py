"""The language reference in Markdown, from the tables that check contracts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from forge.contracts.envelope import SPECS
from forge.contracts.fields import CONSTRAINTS, FIELD, REFERENCES
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


def language_reference() -> str:
    """Every key of every kind: what it holds and what it means."""
    parts = [_table("Fields", FIELD), _table("`constraints`", CONSTRAINTS)]
    parts.append(_table("`references`", REFERENCES))
    parts += [_table(f"{kind.value} `spec`", spec) for kind, spec in SPECS.items()]
    nested = dict(_nested_records())
    parts += [
        _table(f"{what[:1].upper()}{what[1:]}", record)
        for what, record in nested.items()
    ]
    return "\n\n".join(parts) + "\n"


def _table(title: str, record: Record) -> str:
    rows = [f"### {title}", "", "| key | holds | means |", "|---|---|---|"]
    for key in record.keys:
        needed = " (required)" if key.required else ""
        rows.append(
            f"| `{key.name}`{needed} | {_cell(_holds(key.shape))} | {_cell(key.doc)} |"
        )
    return "\n".join(rows)


def _nested_records() -> Iterator[tuple[str, Record]]:
    shown = {FIELD.what, CONSTRAINTS.what, REFERENCES.what}
    for spec in SPECS.values():
        for record in _records(spec):
            if record.keys and record is not spec and record.what not in shown:
                yield record.what, record


def _records(shape: Shape) -> Iterator[Record]:
    match shape:
        case Record():
            yield shape
            for key in shape.keys:
                yield from _records(key.shape)
        case ListOf():
            yield from _records(shape.item)
        case MapOf():
            yield from _records(shape.value)
        case OneOf():
            for option in shape.shapes:
                yield from _records(option)
        case Text() | Word() | Boolean() | Number() | Anything():
            return
        case _:
            assert_never(shape)


def _holds(shape: Shape) -> str:
    match shape:
        case Record():
            return shape.what
        case Text():
            return f"{shape.what}, `{shape.example}`" if shape.example else shape.what
        case Word():
            return " ".join(f"`{word}`" for word in shape.words)
        case Boolean():
            return "`true` or `false`"
        case Number():
            return "whole number" if shape.integer else "number"
        case ListOf():
            return f"list of {_holds(shape.item)}"
        case MapOf():
            return f"mapping to {_holds(shape.value)}"
        case OneOf():
            return " or ".join(dict.fromkeys(_holds(option) for option in shape.shapes))
        case Anything():
            return "any value"
        case _:
            assert_never(shape)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
