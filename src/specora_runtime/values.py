"""What a column holds, per type and dialect.

Native and JSON forms go in, native values come out. A stored value has one form, so
equality in SQL is equality of values; what cannot be stored is `ValueError(reason)`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from .entity import Field, Type
from .wire import (
    check_integer,
    check_json,
    check_number,
    check_text,
    duration_parts,
    duration_text,
    parse_base64,
    parse_boolean,
    parse_date,
    parse_datetime,
    parse_decimal,
    parse_duration,
    parse_integer,
    parse_number,
    parse_time,
    parse_uuid,
    plain_decimal,
    quantize,
)

if TYPE_CHECKING:
    from .database import Dialect

__all__ = [
    "Codec",
    "check_json",
    "check_text",
    "comparand",
    "decoder",
    "duration_parts",
    "duration_text",
    "encode",
    "encoder",
    "json_form",
    "native",
    "parse",
    "parse_base64",
    "parse_boolean",
    "parse_date",
    "parse_datetime",
    "parse_decimal",
    "parse_duration",
    "parse_integer",
    "parse_item",
    "parse_number",
    "parse_time",
    "parse_uuid",
]

Codec = Callable[[Any], Any]


def _refuse(value: object, wanted: str) -> ValueError:
    return ValueError(f"{type(value).__name__} instead of {wanted}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _refuse(value, "text")
    return check_text(str(value))


def _uuid(value: Any) -> str:
    if isinstance(value, UUID):
        return str(value)
    return parse_uuid(_text(value))


def _integer(value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _refuse(value, "an integer")
    return check_integer(int(value))


def _number(value: Any) -> float:
    if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
        raise _refuse(value, "a number")
    try:
        return check_number(float(value))
    except OverflowError:
        raise ValueError("number out of range") from None


def _decimal(value: Any) -> Decimal:
    if isinstance(value, str):
        return parse_decimal(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _refuse(value, "a decimal")
    try:
        return plain_decimal(Decimal(value))
    except InvalidOperation:
        raise ValueError("decimal out of range") from None


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _refuse(value, "a boolean")
    return value


def _datetime(value: Any) -> datetime:
    if not isinstance(value, datetime):
        return parse_datetime(_text(value))
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("no such date and time") from None


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return _datetime(value).date()
    if isinstance(value, date):
        return value
    return parse_date(_text(value))


def _time(value: Any) -> time:
    if not isinstance(value, time):
        return parse_time(_text(value))
    return value if value.tzinfo is None else parse_time(value.isoformat())


def _duration(value: Any) -> str:
    return parse_duration(_text(value))


def _binary(value: Any) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    return parse_base64(_text(value))


def _list(value: Any) -> list[Any] | tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise _refuse(value, "an array")
    return value


def _array(value: Any) -> list[Any]:
    return list(check_json(_list(value)))


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _refuse(value, "an object")
    return dict(check_json(value))


_NATIVE: dict[Type, Codec] = {
    Type.STRING: _text,
    Type.TEXT: _text,
    Type.EMAIL: _text,
    Type.UUID: _uuid,
    Type.INTEGER: _integer,
    Type.NUMBER: _number,
    Type.DECIMAL: _decimal,
    Type.BOOLEAN: _boolean,
    Type.DATETIME: _datetime,
    Type.DATE: _date,
    Type.TIME: _time,
    Type.DURATION: _duration,
    Type.BINARY: _binary,
    Type.ARRAY: _array,
    Type.OBJECT: _object,
    Type.JSON: check_json,
}


def _datetime_text(value: datetime) -> str:
    return value.isoformat(timespec="microseconds")[:26] + "Z"


def _time_text(value: time) -> str:
    return value.isoformat(timespec="microseconds")


def _decimal_text(value: Decimal) -> str:
    return format(value, "f")


def _json_text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


_JSON_STORE: dict[Type, Codec] = dict.fromkeys(
    (Type.ARRAY, Type.OBJECT, Type.JSON), _json_text
)

_STORE: dict[str, dict[Type, Codec]] = {
    "sqlite": {
        Type.BOOLEAN: int,
        Type.DECIMAL: _decimal_text,
        Type.DATETIME: _datetime_text,
        Type.DATE: date.isoformat,
        Type.TIME: _time_text,
        **_JSON_STORE,
    },
    "postgresql": _JSON_STORE,
}

_read_json = msgspec.json.Decoder().decode

_JSON_LOAD: dict[Type, Codec] = dict.fromkeys(
    (Type.ARRAY, Type.OBJECT, Type.JSON), _read_json
)

_LOAD: dict[str, dict[Type, Codec]] = {
    "sqlite": {
        Type.BOOLEAN: bool,
        # RETURNING hands out a whole number as it came, not as the column stores it.
        Type.NUMBER: float,
        Type.DECIMAL: Decimal,
        Type.DATETIME: datetime.fromisoformat,
        Type.DATE: date.fromisoformat,
        Type.TIME: time.fromisoformat,
        **_JSON_LOAD,
    },
    "postgresql": _JSON_LOAD,
}

# How an element of an array is written inside the JSON text of its column.
_ITEM: dict[Type, Codec] = {
    Type.DECIMAL: _decimal_text,
    Type.DATETIME: lambda value: value.isoformat()[:-6] + "Z",
    Type.DATE: date.isoformat,
    Type.TIME: time.isoformat,
    Type.BINARY: lambda value: base64.b64encode(value).decode(),
}

_PARSE: dict[Type, Callable[[str], Any]] = {
    Type.STRING: check_text,
    Type.TEXT: check_text,
    Type.EMAIL: check_text,
    Type.UUID: parse_uuid,
    Type.INTEGER: parse_integer,
    Type.NUMBER: parse_number,
    Type.DECIMAL: parse_decimal,
    Type.BOOLEAN: parse_boolean,
    Type.DATETIME: parse_datetime,
    Type.DATE: parse_date,
    Type.TIME: parse_time,
    Type.DURATION: parse_duration,
    Type.BINARY: parse_base64,
}


def native(field: Field, value: Any) -> Any:
    """The canonical native value from a native or JSON form; `None` stays `None`."""
    return None if value is None else canonical(field)(value)


def canonical(field: Field) -> Codec:
    """The function from a native or JSON form that is not `None` to the native value."""
    base = _NATIVE[field.type]
    if field.type is Type.DECIMAL and (scale := field.scale) is not None:
        return lambda value: quantize(_decimal(value), scale)
    if field.type is Type.ARRAY and (items := field.items) is not None:
        return lambda value: _array([json_form(items, item) for item in _list(value)])
    return base


def json_form(type: Type, value: Any) -> Any:
    """The JSON form of a value of `type`, from its native or JSON form.

    >>> json_form(Type.DATETIME, "2024-01-01 01:00:00+01:00")
    '2024-01-01T00:00:00Z'
    """
    if value is None:
        return None
    value = _NATIVE[type](value)
    write = _ITEM.get(type)
    return value if write is None else write(value)


def encoder(field: Field, dialect: Dialect) -> Codec:
    """The function from a native or JSON value to a statement's parameter."""
    return _stored(canonical(field), field, dialect)


def comparand(field: Field, dialect: Dialect) -> Codec:
    """Like `encoder`, for a value to compare with: a decimal is not rounded to scale.

    On two digits, `price=1.005` matches nothing and `price[lt]=1.005` matches `1.00`.
    """
    if field.type is not Type.DECIMAL or (scale := field.scale) is None:
        return encoder(field, dialect)

    def exact(value: Any) -> Decimal:
        wanted = _decimal(value)
        rounded = quantize(wanted, scale)
        return rounded if rounded == wanted else wanted

    return _stored(exact, field, dialect)


def _stored(canonical: Codec, field: Field, dialect: Dialect) -> Codec:
    store = _STORE[dialect.name].get(field.type)
    if store is None:
        return lambda value: None if value is None else canonical(value)
    return lambda value: None if value is None else store(canonical(value))


def storer(field: Field, dialect: Dialect) -> Codec | None:
    """The function from a canonical value to a parameter; `None` for the same.

    The function does not take `None`, which is SQL's NULL.
    """
    return _STORE[dialect.name].get(field.type)


def encode(field: Field, value: Any, dialect: Dialect) -> Any:
    """One value of `field` as a statement's parameter; `encoder` is faster for many."""
    return encoder(field, dialect)(value)


def decoder(field: Field, dialect: Dialect) -> Codec | None:
    """The function from a column's value to the native one; `None` for the same.

    The function does not take SQL's NULL: a caller keeps `None` as it is.
    """
    return _LOAD[dialect.name].get(field.type)


def parse(field: Field, text: str) -> Any:
    """The native value of `field` in a query string or a path."""
    strict = _PARSE.get(field.type)
    return strict(text) if strict is not None else native(field, _parse_json(text))


def parse_item(field: Field, text: str) -> Any:
    """The JSON form of one element of an array field in a query string."""
    strict = _PARSE.get(field.items) if field.items is not None else check_text
    if strict is None:
        return check_json(_parse_json(text))
    return json_form(field.items or Type.STRING, strict(text))


def _parse_json(text: str) -> Any:
    try:
        return _read_json(check_text(text))
    except (msgspec.DecodeError, RecursionError):
        raise ValueError("not JSON") from None
