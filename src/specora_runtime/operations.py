"""What a collection offers: the declarations that generated routes consist of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, NamedTuple, TypeAlias

from pydantic import BaseModel

from .entity import Entity, Function
from .repository import Repository


class Rule(NamedTuple):
    """A condition that a record has to meet; otherwise the request is 422."""

    function: Function
    """Of the record as it would be stored and the caller; true where the rule holds."""
    detail: str
    field: str = ""
    """The field that the error points to; empty for the record as a whole."""


Rules: TypeAlias = tuple[Rule | tuple[Function, str, str], ...]


@dataclass(frozen=True)
class Operation:
    """One operation of a collection."""

    method: ClassVar[str]
    suffix: ClassVar[str] = "/{id}"
    """What follows the collection's path."""

    operation_id: str
    """Name in OpenAPI."""
    _: KW_ONLY
    roles: tuple[str, ...] = ()
    """Who may call it; anyone where empty."""
    status: int = 200
    """Of a successful answer."""


@dataclass(frozen=True)
class List(Operation):
    """`GET /tickets`: one page of records."""

    method = "GET"
    suffix = ""


@dataclass(frozen=True)
class Read(Operation):
    """`GET /tickets/{id}`: one record."""

    method = "GET"


@dataclass(frozen=True)
class Create(Operation):
    """`POST /tickets`: store a record."""

    method = "POST"
    suffix = ""
    _: KW_ONLY
    body: type[BaseModel]
    validation: Rules = ()
    status: int = 201


@dataclass(frozen=True)
class Update(Operation):
    """`PATCH /tickets/{id}`: change the fields that the body names."""

    method = "PATCH"
    _: KW_ONLY
    body: type[BaseModel]
    validation: Rules = ()


@dataclass(frozen=True)
class Replace(Operation):
    """`PUT /tickets/{id}`: set every writable field, clearing what is left out."""

    method = "PUT"
    _: KW_ONLY
    body: type[BaseModel]
    validation: Rules = ()


@dataclass(frozen=True)
class Delete(Operation):
    """`DELETE /tickets/{id}`."""

    method = "DELETE"
    _: KW_ONLY
    status: int = 204


@dataclass(frozen=True)
class Transition(Operation):
    """`PUT /tickets/{id}/state`: take one step of the workflow."""

    method = "PUT"
    suffix = "/{id}/state"
    _: KW_ONLY
    validation: Rules = ()


@dataclass(frozen=True)
class Collection:
    """The records of an entity under one path, and what may be done to them."""

    path: str
    """Without a slash at its end."""
    _: KW_ONLY
    entity: Entity
    repository: Callable[[], Repository]
    operations: tuple[Operation, ...]
