"""Keyset cursors: where a page ended, sealed so that clients can only hand it back.

A cursor is valid for the entity, the order and the filters that it is made for.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final

import msgspec

from .entity import Entity, Field, Type
from .errors import BadQuery
from .query import Filter, Query, Sort

_SEAL: Final = 16
"""Bytes of HMAC-SHA256 in front of the values."""
_LONGEST: Final = 64 * 1024
"""Bounds what is decoded; the values of one row's sort keys are far shorter."""

_NATIVE: Final[dict[Type, Any]] = {
    Type.INTEGER: int | None,
    Type.NUMBER: float | None,
    Type.DECIMAL: Decimal | None,
    Type.BOOLEAN: bool | None,
    Type.DATETIME: datetime | None,
    Type.DATE: date | None,
    Type.TIME: time | None,
}

_secret = secrets.token_bytes(32)


def set_cursor_secret(secret: bytes) -> None:
    """Seal cursors with `secret`, so that every process of a service accepts them.

    Without it a random secret is used, and a cursor is valid in one process only.
    """
    global _secret
    if len(secret) < 16:
        raise ValueError("a cursor secret has at least 16 bytes")
    _secret = secret


def scope(entity: Entity, query: Query, keys: Sequence[Sort]) -> bytes:
    """What a cursor is bound to. The order of filters, groups and words is no part of it."""
    order = [(key.field, key.descending, key.nulls_first) for key in keys]
    conditions = _signature(query.filters)
    groups = sorted(map(_signature, query.groups))
    return msgspec.msgpack.encode(
        (entity.name, order, conditions, groups, sorted(query.search), query.deleted)
    )


def _signature(filters: Sequence[Filter]) -> list[bytes]:
    return sorted(
        msgspec.msgpack.encode((one.field, one.path, one.op.value, one.value))
        for one in filters
    )


def seal(bound_to: bytes, values: Sequence[Any]) -> str:
    """The cursor after a row whose sort keys hold `values`."""
    content = msgspec.msgpack.encode(values)
    text = urlsafe_b64encode(_mac(bound_to, content) + content)
    return text.rstrip(b"=").decode()


def unseal(bound_to: bytes, fields: Sequence[Field], text: str) -> tuple[Any, ...]:
    """The values that `text` holds, in the order of `fields`.

    Raises `BadQuery` for a cursor that is cut, forged or made for another collection,
    order or filter.
    """
    try:
        raw = _decoded(text)
        content = raw[_SEAL:]
        if hmac.compare_digest(raw[:_SEAL], _mac(bound_to, content)):
            return _values(fields, content)
    except ValueError:
        pass
    raise BadQuery(
        "cursor",
        "the cursor is not one that this collection gave for this order and filter",
        "bad-cursor",
        "start again without `cursor`",
    )


def _decoded(text: str) -> bytes:
    if len(text) > _LONGEST:
        raise ValueError("too long")
    raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    # The decoder skips foreign characters and spare bits: one cursor has one spelling.
    if urlsafe_b64encode(raw).rstrip(b"=") != text.encode("ascii"):
        raise ValueError("not canonical")
    return raw


def _values(fields: Sequence[Field], content: bytes) -> tuple[Any, ...]:
    values = msgspec.msgpack.decode(content)
    if len(values) != len(fields):
        raise ValueError("not the keys of this order")
    return tuple(
        msgspec.convert(value, _NATIVE.get(field.type, str | None))
        for field, value in zip(fields, values, strict=True)
    )


def _mac(bound_to: bytes, content: bytes) -> bytes:
    digest = blake2b(bound_to, digest_size=32).digest()
    return hmac.digest(_secret, digest + content, "sha256")[:_SEAL]
