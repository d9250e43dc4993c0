"""The types that every client has."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Generic, Literal, NotRequired, TypeAlias, TypedDict, TypeVar
from uuid import UUID

T = TypeVar("T")
F = TypeVar("F")
S = TypeVar("S", bound=str)
N = TypeVar("N", bound=str)

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


class Placed(str):
    """A key to sort by that says where nulls stand."""

    __slots__ = ()


def nulls_first(key: str) -> Placed:
    """The key `key`, or `-key`, with nulls before everything."""
    return Placed(f"{key}:nullsfirst")


def nulls_last(key: str) -> Placed:
    """The key `key`, or `-key`, with nulls behind everything."""
    return Placed(f"{key}:nullslast")


class Page(TypedDict, Generic[T]):
    """One page of a list."""

    items: list[T]
    total: NotRequired[int]
    """How many records there are on all pages; not with the count `none`."""
    next_cursor: str | None
    """What `cursor` is on the next page; `None` on the last one."""


class RecordQuery(TypedDict, Generic[N], total=False):
    """What a record is asked for: its fields, and the relations to show beside it."""

    fields: Sequence[N]
    """The fields to show; the key and `_links` always come along."""
    expand: Sequence[str]
    """Relations to show; dots lead on to theirs."""
    deleted: Literal["exclude", "only", "include"]
    """Which deleted records are shown, to those who may delete."""


class ListQuery(TypedDict, Generic[F, S, N], total=False):
    """What a list is asked for: which records, in which order, from where."""

    filter: F
    """Conditions by field; all of them hold."""
    or_: Mapping[str, F]
    """Conditions of which one holds, under each label."""
    inside: Mapping[str, "TextFilter[str | int | float | bool]"]
    """Conditions on values inside objects, by path: `address.city`."""
    sort: S | Placed | Sequence[S | Placed]
    """Fields to sort by; `-` in front reverses the order."""
    limit: int
    """How many items a page has at most."""
    offset: int
    """How many items to leave out. Not together with `cursor`."""
    cursor: str
    """`next_cursor` of the page before."""
    q: str
    """Words that all occur, where there are fields to search."""
    count: Literal["exact", "estimated", "none"]
    """What `total` tells: a guess where `estimated`, nothing where `none`."""
    fields: Sequence[N]
    """The fields to show; the key and `_links` always come along."""
    expand: Sequence[str]
    """Relations to show; dots lead on to theirs."""
    deleted: Literal["exclude", "only", "include"]
    """Which deleted records are shown, to those who may delete."""


class GraphQuery(TypedDict, total=False):
    """How far, and along which edges, a graph is followed from a record."""

    edges: Sequence[str]
    """Names of edges; all of them where left out."""
    depth: int
    """How many edges lie in between at most; 1 where left out."""
    direction: Literal["both", "forward", "reverse"]
    """Whether edges are followed as they point, against that, or both."""


class GraphNode(TypedDict):
    """A record of a graph."""

    entity: str
    id: str
    depth: int
    """How many edges away it is."""
    record: dict[str, JsonValue]
    """What a read of it answers."""


GraphEdge = TypedDict(
    "GraphEdge",
    {"edge": str, "from": str, "from_entity": str, "to": str, "to_entity": str},
)
"""An edge from one record to another."""


class Graph(TypedDict):
    """A record and those around it."""

    nodes: list[GraphNode]
    edges: list[GraphEdge]
    truncated: bool
    """Whether there are more nodes than are shown."""


class BulkCreate(TypedDict, Generic[T]):
    """A record to create."""

    op: Literal["create"]
    body: T


class BulkUpdate(TypedDict, Generic[T]):
    """A record to change."""

    op: Literal["update"]
    id: str
    if_match: NotRequired[str]
    body: T


class BulkDelete(TypedDict):
    """A record to delete."""

    op: Literal["delete"]
    id: str
    if_match: NotRequired[str]


class Bulk(TypedDict, Generic[F, T]):
    """Several operations at once."""

    operations: Sequence[BulkCreate[F] | BulkUpdate[T] | BulkDelete]
    atomic: NotRequired[bool]
    """Whether all operations fail with the first one that does; so it is by default."""


class BulkResult(TypedDict, Generic[T]):
    """What became of one operation."""

    status: int
    body: "T | Problem | None"


class BulkResults(TypedDict, Generic[T]):
    """What became of the operations, in their order."""

    results: list[BulkResult[T]]


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
