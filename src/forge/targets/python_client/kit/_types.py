"""The types that every client has."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Generic, NotRequired, TypeAlias, TypedDict, TypeVar
from uuid import UUID

T = TypeVar("T")
F = TypeVar("F")
S = TypeVar("S", bound=str)

JsonValue: TypeAlias = Any
"""Any value of JSON."""
DecimalInput: TypeAlias = str | int | float | Decimal
UuidInput: TypeAlias = str | UUID
DatetimeInput: TypeAlias = str | datetime
DateInput: TypeAlias = str | date
TimeInput: TypeAlias = str | time
BinaryInput: TypeAlias = str | bytes
"""Base64, or the bytes themselves."""
Links: TypeAlias = dict[str, str]
"""Paths of what belongs to a record, by relation."""


class Page(TypedDict, Generic[T]):
    """One page of a list."""

    items: list[T]
    total: int
    """How many records there are on all pages."""
    next_cursor: str | None
    """What `cursor` is on the next page; `None` on the last one."""


class ListQuery(TypedDict, Generic[F, S], total=False):
    """What a list is asked for: which records, in which order, from where."""

    filter: F
    """Conditions by field; all of them hold."""
    sort: S | Sequence[S]
    """Fields to sort by; `-` in front reverses the order."""
    limit: int
    """How many items a page has at most."""
    offset: int
    """How many items to leave out. Not together with `cursor`."""
    cursor: str
    """`next_cursor` of the page before."""


class PresenceFilter(TypedDict, total=False):
    """Whether a field is empty."""

    null: bool


class ElementFilter(TypedDict, Generic[T], total=False):
    """Conditions on an array."""

    contains: Sequence[T]
    null: bool


class ValueConditions(TypedDict, Generic[T], total=False):
    """Conditions on a value without an order. The operator of `in_` is `in`."""

    eq: T
    ne: T
    in_: Sequence[T]
    nin: Sequence[T]
    null: bool


class OrderConditions(TypedDict, Generic[T], total=False):
    """Conditions on a value that has an order."""

    eq: T
    ne: T
    gt: T
    gte: T
    lt: T
    lte: T
    in_: Sequence[T]
    nin: Sequence[T]
    between: tuple[T, T]
    null: bool


class TextConditions(TypedDict, Generic[T], total=False):
    """Conditions on a text."""

    eq: T
    ne: T
    gt: T
    gte: T
    lt: T
    lte: T
    in_: Sequence[T]
    nin: Sequence[T]
    between: tuple[T, T]
    contains: str
    startswith: str
    endswith: str
    null: bool


ValueFilter: TypeAlias = T | ValueConditions[T]
OrderFilter: TypeAlias = T | OrderConditions[T]
TextFilter: TypeAlias = T | TextConditions[T]


class ProblemDetail(TypedDict):
    """One fault, and the place of the body or the parameter that it is about."""

    pointer: NotRequired[str]
    parameter: NotRequired[str]
    code: str
    detail: str


class Problem(TypedDict):
    """What went wrong, after RFC 9457."""

    type: str
    title: str
    status: int
    detail: NotRequired[str]
    instance: NotRequired[str]
    errors: NotRequired[list[ProblemDetail]]
    state: NotRequired[str]
    allowed_states: NotRequired[list[str]]
    roles: NotRequired[list[str]]
    entity: NotRequired[str]
    count: NotRequired[int]


class Message(TypedDict):
    """What happened, in words."""

    message: str


class AuthUser(TypedDict):
    """Who the caller is."""

    id: str
    email: str
    role: str


class Tokens(TypedDict):
    """The tokens of a session."""

    access_token: str
    token_type: str
    expires_in: NotRequired[int]
    """Seconds until the access token expires."""
    refresh_token: NotRequired[str]


class Options(TypedDict, total=False):
    """What one call may ask for besides."""

    if_match: str
    """The ETag that was read: another version of the record is not touched."""
    if_none_match: str
    """The ETag that is known: `NotModified` says that it still holds."""
    idempotency_key: str
    """Of a POST: one is made for each call, and stays the same when it is sent again."""
    headers: Mapping[str, str]
    retries: int
    timeout: float


def plain(value: object) -> object:
    """A value of Python as JSON has it."""
    match value:
        case Decimal() | UUID():
            return str(value)
        case date() | time():
            return value.isoformat()
        case bytes():
            return b64encode(value).decode()
        case Mapping():
            return dict(value)
        case Sequence():
            return list(value)
    raise TypeError(f"{type(value).__name__} is no value of JSON")
