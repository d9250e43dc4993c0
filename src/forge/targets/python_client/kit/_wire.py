"""Requests and answers as they stand on the wire; nothing is sent here."""

import json
import random
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Generic, TypeVar, cast
from urllib.parse import quote, urlencode

import httpx

from ._errors import (
    MalformedAnswer,
    NotAnswered,
    NotModified,
    ProblemError,
    problem_error,
)
from ._types import Options, Problem, plain

T = TypeVar("T")

FIRST_DELAY = 0.2
LONGEST_DELAY = 8.0
LONGEST_WAIT = 60.0
RETRIED = frozenset({429, 503})

_PARAMETER = re.compile(r"\{[^{}/]*\}(?=/|$)")
_ESCAPED = re.compile(r"[\\,]")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What the service answered, where more than its data is of interest."""

    status: int
    data: T
    etag: str | None
    """The version of the record, for `if_match` and `if_none_match`."""
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """One request, the same however often it is sent."""

    method: str
    path: str
    headers: Mapping[str, str]
    content: bytes | None = None
    retries: int | None = None
    timeout: float | None = None
    renews: bool = True
    """Whether the session may be renewed and the request sent again after a 401."""

    def with_headers(self, headers: Mapping[str, str]) -> "Request":
        """The same with more headers, which give way to those that it has."""
        return replace(self, headers={**headers, **self.headers})


def minimal(options: Options) -> Options:
    """The options of a call whose record is not wanted."""
    headers = {"Prefer": "return=minimal", **options.get("headers", {})}
    found: Options = {**options, "headers": headers}
    return found


def unshown(answer: Answer[Any]) -> Answer[None]:
    """An answer without what it shows, where the service shows it all the same."""
    return replace(answer, data=None)


def request(
    method: str,
    path: str,
    options: Options,
    *,
    keys: Sequence[object] = (),
    query: object = None,
    body: object = None,
    sends: bool = False,
) -> Request:
    """A request from the arguments of a call."""
    headers = {"Accept": "application/json, application/problem+json"}
    content = None
    if sends:
        content = json.dumps(body, default=plain, allow_nan=False).encode()
        headers["Content-Type"] = "application/json"
    if method == "POST":
        key = options.get("idempotency_key")
        headers["Idempotency-Key"] = secrets.token_hex(16) if key is None else key
    if "if_match" in options:
        headers["If-Match"] = options["if_match"]
    if "if_none_match" in options:
        headers["If-None-Match"] = options["if_none_match"]
    headers.update(options.get("headers", {}))
    asked = urlencode(list(_pairs(query)), quote_via=quote) if query else ""
    return Request(
        method,
        _filled(path, keys) + (f"?{asked}" if asked else ""),
        headers,
        content,
        options.get("retries"),
        options.get("timeout"),
    )


def keys_in(path: str) -> int:
    """How many keys a path has."""
    return len(_PARAMETER.findall(path))


def _filled(path: str, keys: Sequence[object]) -> str:
    given = iter(keys)

    def fill(parameter: re.Match[str]) -> str:
        key = next(given)
        parts = key if isinstance(key, tuple | list) else None
        text = _text(key) if parts is None else ",".join(map(_escaped, parts))
        if text in ("", ".", ".."):
            raise ValueError(f"{text!r} is no key for {parameter.group()}")
        return quote(text, safe="")

    return _PARAMETER.sub(fill, path)


def _pairs(query: object) -> Iterator[tuple[str, str]]:
    for name, value in cast("Mapping[str, Any]", query).items():
        match name:
            case "filter" | "inside":
                yield from _conditions("", value)
            case "or_":
                for label, alternatives in value.items():
                    yield from _conditions(f"or[{label}]", alternatives)
            case _:
                yield name, _joined(name, value)


def _conditions(prefix: str, filter: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for field, asked in filter.items():
        place = f"{prefix}[{field}]" if prefix else field
        conditions = asked if isinstance(asked, Mapping) else {"eq": asked}
        for operator, operand in conditions.items():
            name = f"{place}[{operator.removesuffix('_')}]"
            yield name, _joined(name, operand)


def _joined(name: str, value: object) -> str:
    if not isinstance(value, tuple | list | set | frozenset):
        return _text(value)
    if not value:
        raise ValueError(f"{name} lists nothing")
    return ",".join(map(_escaped, value))


def _escaped(value: object) -> str:
    return _ESCAPED.sub(r"\\\g<0>", _text(value))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value if isinstance(value, str | int | float) else plain(value))


def read(response: httpx.Response) -> Answer[Any]:
    """The answer; raises what it says went wrong."""
    status, headers = response.status_code, response.headers
    if status == 304:
        raise NotModified("the record has not changed")
    value: Any = None
    try:
        value = json.loads(response.content) if response.content else None
    except ValueError as fault:
        if response.is_success:
            raise MalformedAnswer("the answer is no JSON") from fault
    if response.is_success:
        return Answer(status, value, headers.get("ETag"), headers)
    told = isinstance(value, dict) and "title" in value and "status" in value
    otherwise: Problem = {
        "type": "about:blank",
        "title": response.reason_phrase or "Refused",
        "status": status,
    }
    raise problem_error(value if told else otherwise, headers)


def delay_after(fault: Exception, attempt: int) -> float | None:
    """Seconds to wait before a request is sent again; `None` where that is of no use."""
    if isinstance(fault, ProblemError):
        if fault.status not in RETRIED:
            return None
        asked = _asked(fault.headers.get("Retry-After", ""))
        if asked is not None:
            return asked if asked <= LONGEST_WAIT else None
    elif not isinstance(fault, NotAnswered):
        return None
    longest = min(FIRST_DELAY * float(2**attempt), LONGEST_DELAY)
    return longest * random.uniform(0.5, 1)


def _asked(text: str) -> float | None:
    """`Retry-After` in seconds, which may be a date."""
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    wait: float = (until - datetime.now(UTC)).total_seconds()
    return max(wait, 0.0)
