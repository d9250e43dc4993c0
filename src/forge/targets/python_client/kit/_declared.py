"""Operations as a collection declares them, for blocking and awaited clients alike."""

from typing import Any, Generic, Self, TypeVar, overload

from . import _async, _sync
from ._collections import C
from ._types import N, RecordQuery

K = TypeVar("K")
B = TypeVar("B")
Q = TypeVar("Q")
T = TypeVar("T")


class Resource(Generic[C]):
    """The operations of one collection over a connection."""

    def __init__(self, connection: C) -> None:
        self._connection = connection


Blocking = Resource[_sync.Connection]
Awaited = Resource[_async.Connection]


class _Declared:
    blocking: type[_sync.Call]
    awaited: type[_async.Call]

    def __init__(self, operation_id: str, method: str, path: str) -> None:
        self.operation_id = operation_id
        self._method = method
        self._path = path

    def bound(self, owner: Resource[Any] | None) -> Any:
        """The operation over its owner's connection."""
        if owner is None:
            return self
        connection = owner._connection
        blocks = isinstance(connection, _sync.Connection)
        kind: Any = self.blocking if blocks else self.awaited
        return kind(connection, self.operation_id, self._method, self._path)


class Ask(_Declared, Generic[T]):
    """An operation without arguments."""

    blocking = _sync.Ask
    awaited = _async.Ask

    @overload
    def __get__(self, owner: Blocking, kind: Any) -> _sync.Ask[T]: ...
    @overload
    def __get__(self, owner: Awaited, kind: Any) -> _async.Ask[T]: ...
    @overload
    def __get__(self, owner: None, kind: Any) -> Self: ...
    def __get__(self, owner: Resource[Any] | None, kind: Any) -> Any:
        return self.bound(owner)


class Act(_Declared, Generic[K, T]):
    """An operation on what is at a key."""

    blocking = _sync.Act
    awaited = _async.Act

    @overload
    def __get__(self, owner: Blocking, kind: Any) -> _sync.Act[K, T]: ...
    @overload
    def __get__(self, owner: Awaited, kind: Any) -> _async.Act[K, T]: ...
    @overload
    def __get__(self, owner: None, kind: Any) -> Self: ...
    def __get__(self, owner: Resource[Any] | None, kind: Any) -> Any:
        return self.bound(owner)


class Send(_Declared, Generic[B, T]):
    """An operation with a body."""

    blocking = _sync.Send
    awaited = _async.Send

    @overload
    def __get__(self, owner: Blocking, kind: Any) -> _sync.Send[B, T]: ...
    @overload
    def __get__(self, owner: Awaited, kind: Any) -> _async.Send[B, T]: ...
    @overload
    def __get__(self, owner: None, kind: Any) -> Self: ...
    def __get__(self, owner: Resource[Any] | None, kind: Any) -> Any:
        return self.bound(owner)


class Change(_Declared, Generic[K, B, T]):
    """An operation with a body on what is at a key."""

    blocking = _sync.Change
    awaited = _async.Change

    @overload
    def __get__(self, owner: Blocking, kind: Any) -> _sync.Change[K, B, T]: ...
    @overload
    def __get__(self, owner: Awaited, kind: Any) -> _async.Change[K, B, T]: ...
    @overload
    def __get__(self, owner: None, kind: Any) -> Self: ...
    def __get__(self, owner: Resource[Any] | None, kind: Any) -> Any:
        return self.bound(owner)


class Fetch(_Declared, Generic[K, Q, T]):
    """A question about what is at a key."""

    blocking = _sync.Fetch
    awaited = _async.Fetch

    @overload
    def __get__(self, owner: Blocking, kind: Any) -> _sync.Fetch[K, Q, T]: ...
    @overload
    def __get__(self, owner: Awaited, kind: Any) -> _async.Fetch[K, Q, T]: ...
    @overload
    def __get__(self, owner: None, kind: Any) -> Self: ...
    def __get__(self, owner: Resource[Any] | None, kind: Any) -> Any:
        return self.bound(owner)


class Read(Fetch[K, RecordQuery[N], T], Generic[K, N, T]):
    """The record at a key, or the part of it that is asked for."""


class List(_Declared, Generic[Q, T]):
    """A list of records, in pages."""

    blocking = _sync.List
    awaited = _async.List

    @overload
    def __get__(self, owner: Blocking, kind: Any) -> _sync.List[Q, T]: ...
    @overload
    def __get__(self, owner: Awaited, kind: Any) -> _async.List[Q, T]: ...
    @overload
    def __get__(self, owner: None, kind: Any) -> Self: ...
    def __get__(self, owner: Resource[Any] | None, kind: Any) -> Any:
        return self.bound(owner)
