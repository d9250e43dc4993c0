"""From the bytes of a request to the values of a record, or to every fault in them.

The common case is one call into Pydantic's compiled validator. Anything it refuses is
read again with the standard library, which tells malformed JSON (400) from JSON that
breaks the contract (422) and reads numbers without rounding.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import ClientDisconnect, Request

from .entity import Entity
from .errors import Fault, FieldError, Invalid
from .headers import headers_of
from .types import NO_NUL, Body, Numeral, Text

MAX_ERRORS: Final = 100
"""How many faults of one body are reported; it bounds the answer."""
_JSON: Final = b"application/json"


@dataclass(frozen=True, slots=True)
class BodyError(FieldError):
    """What is wrong at one place of a request body."""

    pointer: str
    """JSON pointer (RFC 6901) of the place; empty for the whole body."""


class MalformedJson(Fault):
    """The body is not JSON."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class BodyTooLarge(Fault):
    """The body has more bytes than the service reads."""

    def __init__(self, limit: int) -> None:
        self.detail = f"the body has more than {limit} bytes"
        super().__init__(self.detail)


class UnsupportedMediaType(Fault):
    """The body says that it is something other than JSON."""

    def __init__(self, given: str) -> None:
        self.detail = f"the body must be `application/json`, not `{given[:100]}`"
        super().__init__(self.detail)


class StateChange(Body):
    """The body of a state transition."""

    state: Text


async def read_body(request: Request, limit: int) -> bytes:
    """The bytes of a JSON body of at most `limit` bytes.

    Raises `UnsupportedMediaType`, `BodyTooLarge`, and `MalformedJson` for an empty one.
    """
    headers = headers_of(request.scope)
    length = _length(request, limit)
    kind = headers.get(b"content-type", _JSON)
    if kind != _JSON and not is_json(kind.decode("latin-1")):
        if length != b"0" and (length or b"transfer-encoding" in headers):
            raise UnsupportedMediaType(kind.decode("latin-1"))
        raise MalformedJson("the body is empty")
    raw = await _received(request, limit)
    if not raw:
        raise MalformedJson("the body is empty")
    return raw


async def read_bytes(request: Request, limit: int) -> bytes:
    """The bytes of any body of at most `limit` bytes. Raises `BodyTooLarge`."""
    _length(request, limit)
    return await _received(request, limit)


def _length(request: Request, limit: int) -> bytes:
    length = headers_of(request.scope).get(b"content-length", b"")
    if length.isdigit() and int(length[:20]) > limit:
        raise BodyTooLarge(limit)
    return length


async def _received(request: Request, limit: int) -> bytes:
    message = await request.receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnect
    raw: bytes = message.get("body", b"")
    if message.get("more_body", False):
        raw = await _rest(request, raw, limit)
    if len(raw) > limit:
        raise BodyTooLarge(limit)
    return raw


async def _rest(request: Request, start: bytes, limit: int) -> bytes:
    chunks, size, more = [start], len(start), True
    while more:
        if size > limit:
            raise BodyTooLarge(limit)
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        more = message.get("more_body", False)
    return b"".join(chunks)


def is_json(content_type: str) -> bool:
    """Whether `Content-Type` names JSON or a format that is written as JSON."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (
        kind.startswith("application/") and kind.endswith("+json")
    )


def validate(
    model: type[BaseModel], entity: Entity | None, raw: bytes
) -> dict[str, Any]:
    """The values that `raw` sends, in native form, by name; nothing that it leaves out.

    Raises `MalformedJson`, or `Invalid` with every fault. `entity` tells a field that
    only the service sets from an unknown one.
    """
    try:
        body = model.__pydantic_validator__.validate_json(raw)
    except ValidationError as failure:
        return _plainly_sent(model, _again(model, entity, raw, failure))
    # As many colons as fields leave no room for a member that is written twice.
    if raw.count(b":") != len(body.__pydantic_fields_set__):
        parse(raw)
    return _sent(model, body)


def read_model(model: type[BaseModel], raw: bytes) -> BaseModel:
    """The body that `raw` sends, its defaults included. Raises what `validate` raises."""
    try:
        body: BaseModel = model.__pydantic_validator__.validate_json(raw)
    except ValidationError as failure:
        body = _again(model, None, raw, failure)
        plain = {name: _plain(item) for name, item in body.__dict__.items()}
        return body.model_copy(update=plain)
    parse(raw)
    return body


def parse(raw: bytes) -> Any:
    """The JSON value of `raw`, its fractions as `Numeral`. Raises `MalformedJson`."""
    try:
        return json.loads(
            raw.decode("utf-8"),
            parse_float=Numeral,
            parse_int=_whole,
            parse_constant=_refuse_constant,
            object_pairs_hook=_members,
        )
    except UnicodeDecodeError as reason:
        raise MalformedJson(f"the body is not UTF-8 at byte {reason.start}") from None
    except json.JSONDecodeError as reason:
        place = f"line {reason.lineno}, column {reason.colno}"
        raise MalformedJson(f"the body is not JSON: {reason.msg} at {place}") from None
    except RecursionError:
        raise MalformedJson("the body is nested too deeply") from None


def _again(
    model: type[BaseModel], entity: Entity | None, raw: bytes, failure: ValidationError
) -> BaseModel:
    if failure.error_count() == 1:
        first = failure.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid" and "recursion" in first["msg"]:
            raise MalformedJson("the body is nested too deeply")
    return _read(model, entity, parse(raw))


def validated(
    model: type[BaseModel], entity: Entity | None, value: Any
) -> dict[str, Any]:
    """The values that `value`, which `parse` has read, sends, as `validate` gives them."""
    return _plainly_sent(model, _read(model, entity, value))


def _read(model: type[BaseModel], entity: Entity | None, value: Any) -> BaseModel:
    if not isinstance(value, dict):
        raise Invalid((BodyError("", "wrong-type", "the body must be an object", ""),))
    names = wire_names(model)
    unknown = [name for name in value if name not in names][:MAX_ERRORS]
    found = [_unknown(names, entity, name) for name in unknown]
    known = {name: value[name] for name in names if name in value}
    try:
        body: BaseModel = model.__pydantic_validator__.validate_python(known)
    except ValidationError as fault:
        raise Invalid((*_errors(fault), *found)) from None
    except RecursionError:
        raise MalformedJson("the body is nested too deeply") from None
    if found:
        raise Invalid(tuple(found))
    return body


def _plainly_sent(model: type[BaseModel], body: BaseModel) -> dict[str, Any]:
    return {name: _plain(item) for name, item in _sent(model, body).items()}


def _sent(model: type[BaseModel], body: BaseModel) -> dict[str, Any]:
    content, given = body.__dict__, body.__pydantic_fields_set__
    aliases = _aliases(model)
    if aliases:
        return {
            aliases.get(name, name): content[name] for name in content if name in given
        }
    if len(given) == len(content):
        return dict(content)
    return {name: content[name] for name in content if name in given}


@cache
def _aliases(model: type[BaseModel]) -> dict[str, str]:
    """Names on the wire of the fields whose attribute is called differently."""
    return {name: info.alias for name, info in model.model_fields.items() if info.alias}


@cache
def wire_names(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of `model` as bodies call them."""
    return tuple(info.alias or name for name, info in model.model_fields.items())


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise MalformedJson(f"the body holds the member `{_shown(name)}` twice")
            seen.add(name)
    return members


def _whole(text: str) -> int | Numeral:
    # Python refuses to read integers of 4300 digits; no field holds one of 400.
    return int(text) if len(text) < 400 else Numeral(text)


def _refuse_constant(name: str) -> Any:
    raise MalformedJson(f"the body is not JSON: {name} is not a number of JSON")


def _plain(value: Any) -> Any:
    """`value` with each `Numeral` as an ordinary float."""
    if isinstance(value, Numeral):
        return float(value)
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


_CODES: Final[dict[str, tuple[str, str]]] = {
    "missing": ("required", "is required"),
    "string_type": ("wrong-type", "must be a string"),
    "int_type": ("wrong-type", "must be an integer"),
    "float_type": ("wrong-type", "must be a number"),
    "bool_type": ("wrong-type", "must be true or false"),
    "list_type": ("wrong-type", "must be an array"),
    "dict_type": ("wrong-type", "must be an object"),
    "model_type": ("wrong-type", "must be an object"),
    "model_attributes_type": ("wrong-type", "must be an object"),
    "string_unicode": ("bad-text", "must not hold half a surrogate pair"),
    "string_too_long": ("too-long", "must have at most {max_length} characters"),
    "string_too_short": ("too-short", "must have at least {min_length} characters"),
    "too_long": ("too-long", "must have at most {max_length} elements"),
    "too_short": ("too-short", "must have at least {min_length} elements"),
    "literal_error": ("not-an-enum-value", "must be {expected}"),
    "enum": ("not-an-enum-value", "must be {expected}"),
    "greater_than_equal": ("out-of-range", "must be at least {ge}"),
    "less_than_equal": ("out-of-range", "must be at most {le}"),
    "finite_number": ("out-of-range", "must be a finite number"),
}
_ANY_NUMBER = ("int_type", "float_type")


def _errors(failure: ValidationError) -> Iterable[BodyError]:
    for error in failure.errors(include_url=False)[:MAX_ERRORS]:
        place = error["loc"]
        code, message = describe(error)
        name = ".".join(_shown(str(step)) for step in place)
        field = str(place[0]) if place else ""
        yield BodyError(field, code, f"`{name}` {message}", pointer(place))


def _unknown(names: tuple[str, ...], entity: Entity | None, name: str) -> BodyError:
    if entity is not None and name in entity.by_name:
        workflow = entity.workflow
        by_step = workflow is not None and name == workflow.field
        how = "changes by transitions only" if by_step else "cannot be set here"
        return BodyError(name, "read-only", f"`{name}` {how}", pointer((name,)))
    near = get_close_matches(name[:64], names, n=1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    shown = _shown(name)
    detail = f"`{shown}` is not a field{hint}"
    return BodyError(shown, "unknown-field", detail, pointer((name,)))


def describe(error: ErrorDetails) -> tuple[str, str]:
    """The stable code of a Pydantic error and what is wrong, as the end of a sentence."""
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "missing":
        return _CODES[kind]
    if given is None:
        return "null-not-allowed", "must not be null"
    if (
        kind in _ANY_NUMBER
        and isinstance(given, int | float)
        and not isinstance(given, bool)
    ):
        # What no float can hold arrives as infinity, or as an integer it refuses.
        if not -1e308 <= given <= 1e308:
            return "out-of-range", "must be a smaller number"
        return "wrong-type", _CODES[kind][1]
    if kind == "string_pattern_mismatch":
        if context.get("pattern") == NO_NUL:
            return "bad-text", "must not hold the character NUL"
        return "bad-format", "must be an e-mail address"
    if kind in _CODES:
        code, message = _CODES[kind]
        return code, message.format_map(context) if context else message
    return kind.replace("_", "-"), str(context.get("detail", error["msg"]))


def pointer(place: Iterable[str | int]) -> str:
    """The JSON pointer of a place, escaped after RFC 6901.

    >>> pointer(("a/b", 0, "~"))
    '/a~1b/0/~0'
    """
    steps = (_shown(str(step)).replace("~", "~0").replace("/", "~1") for step in place)
    return "".join(f"/{step}" for step in steps)


def _shown(name: str) -> str:
    """A client's name, short and in characters that every answer can carry."""
    if len(name) > 200:
        name = name[:200] + "…"
    return name if name.isascii() else name.encode("utf-8", "backslashreplace").decode()
