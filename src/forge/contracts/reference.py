"""The language reference in Markdown, from the tables that check contracts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from forge.contracts.coverage import section_of
from forge.contracts.envelope import METADATA, SPECS
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


@dataclass(frozen=True, slots=True)
class Topic:
    """The keys of one record under the title that pages give it."""

    title: str
    record: Record


def topics() -> tuple[Topic, ...]:
    """Every record of the language: fields, what each kind says, then what stands in it."""
    first = (METADATA, FIELD, CONSTRAINTS, REFERENCES, *SPECS.values())
    nested = (record for spec in SPECS.values() for record in _records(spec))
    every = {id(r): r for r in (*first, *nested) if r.keys}
    return tuple(Topic(_title(record), record) for record in every.values())


def language_reference() -> str:
    """Every key of every kind: what it holds and what it means."""
    return "\n\n".join(map(_table, topics())) + "\n"


def _title(record: Record) -> str:
    section = section_of(record)
    if section is None:
        return f"{record.what[:1].upper()}{record.what[1:]}"
    return section.title


def _table(topic: Topic) -> str:
    rows = [f"### {topic.title}", "", "| key | holds | means |", "|---|---|---|"]
    for key in topic.record.keys:
        needed = " (required)" if key.required else ""
        rows.append(
            f"| `{key.name}`{needed} | {_cell(holds(key.shape))} | {_cell(key.doc)} |"
        )
    return "\n".join(rows)


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


def holds(shape: Shape) -> str:
    """What a value may be, in words."""
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
            return _number(shape)
        case ListOf():
            return f"list of {holds(shape.item)}"
        case MapOf():
            if shape.key == Text():
                return f"mapping to {holds(shape.value)}"
            return f"mapping of {shape.key.what} to {holds(shape.value)}"
        case OneOf():
            return " or ".join(dict.fromkeys(holds(option) for option in shape.shapes))
        case Anything():
            return "any value"
        case _:
            assert_never(shape)


def _number(shape: Number) -> str:
    noun = "whole number" if shape.integer else "number"
    match shape.minimum, shape.maximum:
        case None, None:
            return noun
        case least, None:
            return f"{noun} from {least:g}"
        case None, most:
            return f"{noun} up to {most:g}"
        case least, most:
            return f"{noun} from {least:g} to {most:g}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
