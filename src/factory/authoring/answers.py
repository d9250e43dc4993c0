"""Finds contracts in what a model answers, in whatever wrapping."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from forge.source.yaml_writer import write
from specora_llm import encodable

_THOUGHTS = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_OPENING = re.compile(r"^([ \t]*)(`{3,}|~{3,})[ \t]*([\w+.-]*)[^\n`]*$")
_ENVELOPE = re.compile(r"^(?:apiVersion|kind|metadata)[ \t]*:", re.MULTILINE)
_BETWEEN = re.compile(r"^---[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_START = re.compile(r"^apiVersion[ \t]*:", re.MULTILINE)


def contracts_in(answer: str) -> tuple[str, ...]:
    """The texts of the contracts in an answer, in its order.

    They stand in fenced blocks, in a JSON object under `contract` or `contracts`, as text or as
    objects, or they are the whole answer. A block that is not closed holds half a contract, and
    counts for nothing. Whether a text is a contract that holds is for its reader to say.
    """
    text = _THOUGHTS.sub("", answer.replace("\r\n", "\n")).strip().lstrip("\ufeff")
    return tuple(map(encodable, _found(text)))


def _found(text: str) -> tuple[str, ...]:
    value = _object(text)
    if value is not None:
        return tuple(_within(value))
    blocks, fenced = _blocks(text)
    if fenced:
        return tuple(found for block in blocks for found in _contracts(block))
    start = _START.search(text)
    if start is None and (brace := re.search(r"^\{", text, re.MULTILINE)):
        value = _object(text[brace.start() : text.rfind("}") + 1])
        return tuple(_within(value)) if value is not None else ()
    return tuple(_contracts(text[start.start() :] if start else text))


def prose_in(answer: str) -> str:
    """What an answer says besides its contracts."""
    text = _THOUGHTS.sub("", answer.replace("\r\n", "\n")).strip()
    if _object(text) is not None:
        return ""
    kept = []
    closing: str | None = None
    for line in text.split("\n"):
        opening = _OPENING.match(line)
        if closing is not None:
            closing = None if _closes(line, closing) else closing
        elif opening:
            closing = opening[1] + opening[2]
        else:
            kept.append(line)
    told = "\n".join(kept).strip()
    return re.sub(r"\n{3,}", "\n\n", "" if _START.search(told) else told)


def _contracts(text: str) -> Iterator[str]:
    value = _object(text.strip())
    if value is not None:
        yield from _within(value)
        return
    for part in _BETWEEN.split(text):
        if _ENVELOPE.search(part):
            yield part.strip("\n") + "\n"


def _within(value: Mapping[str, Any]) -> Iterator[str]:
    if "kind" in value and ("spec" in value or "apiVersion" in value):
        yield write(dict(value))
        return
    several = value.get("contracts", [])
    if isinstance(several, Mapping):
        several = list(several.values())
    for one in [value.get("contract"), *(several if isinstance(several, list) else [])]:
        if isinstance(one, str):
            yield from contracts_in(one)
        elif isinstance(one, Mapping):
            yield from _within(one)


def _object(text: str) -> Mapping[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, Mapping) else None


def _blocks(text: str) -> tuple[list[str], bool]:
    """The contents of closed fences, and whether there is any fence."""
    blocks: list[str] = []
    fenced = False
    closing: str | None = None
    indent = ""
    lines: list[str] = []
    for line in text.split("\n"):
        opening = _OPENING.match(line)
        if closing is None and opening:
            fenced, lines, indent = True, [], opening[1]
            closing = opening[1] + opening[2]
        elif closing is not None and _closes(line, closing):
            blocks.append("\n".join(lines) + "\n")
            closing = None
        elif closing is not None:
            lines.append(line.removeprefix(indent))
    return blocks, fenced


def _closes(line: str, opening: str) -> bool:
    """A fence ends where it began: one further in is text of a contract."""
    return line.rstrip().startswith(opening) and set(line.strip()) == {opening[-1]}
