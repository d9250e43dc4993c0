"""How a record is addressed (its key as a path writes it) and which version it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

import msgspec

from .entity import Entity, Record
from .filters import split
from .values import parse

# JSON, because MessagePack ends at 64 bits and free JSON may hold longer integers.
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_TAG: Final = re.compile(r'(W/)?"([^"]*)"')


def parse_key(entity: Entity, text: str) -> tuple[Any, ...] | None:
    r"""The key's native values, or `None` for a text that can be no key of `entity`.

    Several fields are joined by commas; inside them `\,` is a comma.
    """
    pieces = split(text) if len(entity.key) > 1 else [text]
    if len(pieces) != len(entity.key) or "\x00" in text:
        return None
    fields = entity.by_name
    try:
        text.encode()
        return tuple(
            [
                parse(fields[name], piece)
                for name, piece in zip(entity.key, pieces, strict=True)
            ]
        )
    except ValueError:
        return None


def format_key(entity: Entity, record: Mapping[str, Any]) -> str:
    """The record's key as a path writes it; `parse_key` reads it back."""
    if len(entity.key) == 1:
        return _text(record[entity.key[0]])
    return ",".join(
        _text(record[name]).replace("\\", "\\\\").replace(",", "\\,")
        for name in entity.key
    )


def etag(record: Record, entity: Entity) -> str:
    """The strong ETag of all that is stored in `record`, the same on every store."""
    content = _ENCODER.encode([record[field.name] for field in entity.fields])
    return f'"{blake2b(content, digest_size=12).hexdigest()}"'


def matches(record: Record, entity: Entity, if_match: str | None) -> bool:
    """Whether `If-Match` admits this version: `None`, `*` or one of a list of ETags."""
    if if_match is None or if_match.strip() == "*":
        return True
    current = etag(record, entity).strip('"')
    # RFC 9110 compares strongly here: a weak tag matches nothing.
    return any(not weak and tag == current for weak, tag in _TAG.findall(if_match))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    built: object = msgspec.to_builtins(value)
    if isinstance(built, bool):
        return "true" if built else "false"
    return str(built)
