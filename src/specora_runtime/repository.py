"""How a service reaches its records: the documented interface of every repository."""

from __future__ import annotations

import builtins
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from .entity import ANONYMOUS, Caller, Entity, Record
from .query import DEFAULT_LIMIT, Page, Query


class Repository(ABC):
    """Records of one entity. Whatever a write does, it does in one transaction.

    `id` is the key as a path writes it: the key fields joined by a comma. A key that
    cannot be read is a record that does not exist.
    """

    entity: ClassVar[Entity]

    @abstractmethod
    async def list(
        self,
        limit: int = DEFAULT_LIMIT,
        offset: int = 0,
        filters: dict[str, Any] | None = None,
        *,
        query: Query | None = None,
    ) -> tuple[builtins.list[Record], int]:
        """Some records and how many there are on all pages.

        `filters` maps `field` or `field[op]` to a value; `query` replaces the other
        arguments.
        """

    @abstractmethod
    async def page(self, query: Query) -> Page:
        """One page of records and the cursor of the next one. Raises `BadQuery`."""

    @abstractmethod
    async def get(self, id: str) -> Record | None:
        """The record, or `None`."""

    @abstractmethod
    async def create(
        self, data: Mapping[str, Any], *, caller: Caller = ANONYMOUS
    ) -> Record:
        """Store a record and return it.

        Raises `Invalid`, `UniqueConflict`, `UnknownReference`.
        """

    @abstractmethod
    async def update(
        self,
        id: str,
        data: Mapping[str, Any],
        *,
        caller: Caller = ANONYMOUS,
        if_match: str | None = None,
    ) -> Record | None:
        """Change the fields in `data` and return the record; `None` without one.

        Raises `Invalid`, `UniqueConflict`, `UnknownReference`, `StaleVersion`, `InUse`.
        """

    @abstractmethod
    async def delete(
        self, id: str, *, caller: Caller = ANONYMOUS, if_match: str | None = None
    ) -> bool:
        """Delete the record; `False` without one.

        Raises `InUse`, `StaleVersion`.
        """

    @abstractmethod
    async def transition(
        self,
        id: str,
        new_state: str,
        *,
        caller: Caller = ANONYMOUS,
        if_match: str | None = None,
    ) -> Record | None:
        """Take one step of the workflow and return the record; `None` without one.

        Raises `RoleRequired`, `IllegalTransition`, `GuardUnmet`, `StaleVersion`.
        """
