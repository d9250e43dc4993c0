"""Values as query strings and paths write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from forge.ir.entities import Entity
from forge.ir.types import FieldType
from tests.model import values
from tests.model.answers import Row

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,18}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def parsed(kind: FieldType, text: str) -> Any:
    """The value that a text writes. Raises `ValueError`."""
    match kind:
        case FieldType.STRING | FieldType.TEXT | FieldType.EMAIL:
            if "\x00" in text:
                raise ValueError(text)
            return text
        case FieldType.INTEGER:
            if not _INTEGER.fullmatch(text) or not -(2**63) <= int(text) < 2**63:
                raise ValueError(text)
            return int(text)
        case FieldType.NUMBER:
            if not _NUMBER.fullmatch(text):
                raise ValueError(text)
            return float(text)
        case FieldType.DECIMAL:
            if not _DECIMAL.fullmatch(text):
                raise ValueError(text)
            return values.plain(Decimal(text))
        case FieldType.BOOLEAN:
            if text not in ("true", "false"):
                raise ValueError(text)
            return text == "true"
    return values.parsed(kind, text)


def key_of(entity: Entity, text: str) -> tuple[Any, ...] | None:
    """The key that a path names; nothing where no record can have it."""
    names = entity.primary_key
    pieces = split(text) if len(names) > 1 else [text]
    if len(pieces) != len(names):
        return None
    try:
        kinds = [f.type for n in names if (f := entity.field(n))]
        return tuple(parsed(k, p) for k, p in zip(kinds, pieces, strict=True))
    except ValueError:
        return None


def key_parts(
    entity: Entity, row: Row, names: Sequence[str] | None = None
) -> list[Any]:
    """The key of a row as a path writes it, in pieces, because some are not known yet."""
    names = names or entity.primary_key
    parts: list[Any] = []
    for name in names:
        value = row[name]
        if isinstance(value, str) and len(names) > 1:
            value = value.replace("\\", "\\\\").replace(",", "\\,")
        if isinstance(value, bool):
            value = "true" if value else "false"
        parts += [",", value]
    return parts[1:]


def split(text: str) -> list[str]:
    r"""The elements of a comma list, in which `\,` is a comma and `\\` a backslash."""
    found, inside = [""], iter(text)
    for character in inside:
        if character == ",":
            found.append("")
            continue
        if character == "\\":
            escaped = next(inside, "")
            found[-1] += escaped if escaped in (",", "\\") else character + escaped
            continue
        found[-1] += character
    return found
