"""What a collection offers: the declarations that generated routes consist of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from functools import cached_property
from typing import ClassVar, NamedTuple, TypeAlias

from pydantic import BaseModel

from .behavior import Function as Behavior
from .bodies import StateChange
from .effects import NOTHING, Extra
from .entity import Effect, Entity, Function, SetField
from .repository import Repository
from .types import Answer


class Rule(NamedTuple):
    """A condition that a record has to meet."""

    function: Function
    """Of the record as it would be stored and the caller; true where the rule holds."""
    detail: str
    field: str = ""
    """The field that the error points to; empty for the record as a whole."""
    status: int = 422
    """Of the answer where the rule does not hold."""
    code: str = "rule"
    """Of the error."""


Rules: TypeAlias = tuple[Rule, ...]


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
    """Of a successful answer; 204 leaves the body away."""

    @property
    def how(self) -> str:
        """The HTTP method."""
        return self.method

    @property
    def where(self) -> str:
        """What follows the collection's path."""
        return self.suffix


@dataclass(frozen=True)
class List(Operation):
    """`GET /tickets`: one page of records."""

    method = "GET"
    suffix = ""
    _: KW_ONLY
    filters: tuple[str, ...] | None = None
    """The only fields that filters may name; `None` means all."""


@dataclass(frozen=True)
class Read(Operation):
    """`GET /tickets/{id}`: one record."""

    method = "GET"


@dataclass(frozen=True)
class Graph(Operation):
    """`GET /tickets/{id}/graph`: the record and what its edges lead to."""

    method = "GET"
    suffix = "/{id}/graph"


@dataclass(frozen=True)
class Write(Operation):
    """An operation that changes what is stored."""

    _: KW_ONLY
    validation: Rules = ()
    fills: tuple[SetField, ...] = ()
    """Fields that the service fills here, so that the body does not hold them."""
    effects: tuple[Effect, ...] = ()
    """What happens besides, in the same transaction."""

    @cached_property
    def extra(self) -> Extra:
        """All that the operation does besides what it is asked to."""
        plain = not self.fills and not self.effects
        return NOTHING if plain else Extra(self.fills, self.effects)


@dataclass(frozen=True)
class Create(Write):
    """`POST /tickets`: store a record."""

    method = "POST"
    suffix = ""
    _: KW_ONLY
    body: type[BaseModel]
    status: int = 201


@dataclass(frozen=True)
class Update(Write):
    """`PATCH /tickets/{id}`: change the fields that the body names."""

    method = "PATCH"
    _: KW_ONLY
    body: type[BaseModel]


@dataclass(frozen=True)
class Replace(Write):
    """`PUT /tickets/{id}`: set every writable field, clearing what is left out."""

    method = "PUT"
    _: KW_ONLY
    body: type[BaseModel]


@dataclass(frozen=True)
class Delete(Write):
    """`DELETE /tickets/{id}`."""

    method = "DELETE"
    _: KW_ONLY
    status: int = 204


@dataclass(frozen=True)
class Transition(Write):
    """`PUT /tickets/{id}/state`: take one step of the workflow."""

    method = "PUT"
    suffix = "/{id}/state"
    _: KW_ONLY
    body: type[BaseModel] = StateChange
    """Holds `state`, and fields that are stored with the step, before its guard is asked."""


class Shape(StrEnum):
    """What the answer of a handler holds."""

    ENTITY = "entity"
    """The record that it returns, as every other operation shows it."""
    LIST = "list"
    """The records that it returns, as a list shows them."""
    FIELDS = "fields"
    """The fields that the contract declares."""
    MESSAGE = "message"
    """`{"message": ...}` with the text that it returns."""
    EMPTY = "empty"
    """No body."""


@dataclass(frozen=True)
class Handler(Operation):
    """An operation that a function in `behaviors/` answers."""

    _: KW_ONLY
    verb: str
    """The HTTP method."""
    path: str
    """What follows the collection's path: empty, `/stats`, `/{id}/boost` ..."""
    function: Behavior
    body: type[BaseModel] | None = None
    """What the request holds; `None` for no body."""
    shape: Shape = Shape.EMPTY
    answer: type[Answer] | None = None
    """The fields of the answer, where the contract declares them."""
    validation: Rules = ()

    @property
    def how(self) -> str:
        return self.verb

    @property
    def where(self) -> str:
        return self.path

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters of its path, in order."""
        steps = self.path.split("/")
        return tuple(step[1:-1] for step in steps if step.startswith("{"))

    @property
    def takes_record(self) -> bool:
        """Whether its path leads below a record, which the function is given."""
        return self.path.startswith("/{")

    @property
    def changes_record(self) -> bool:
        """Whether the function may change the record that it is given."""
        return self.takes_record and self.verb != "GET"


@dataclass(frozen=True)
class Restore(Operation):
    """`POST /tickets/{id}/restore`: take back the deletion of a record."""

    method = "POST"
    suffix = "/{id}/restore"


@dataclass(frozen=True)
class Bulk(Operation):
    """`POST /tickets/bulk`: several of the collection's creates, updates and deletes."""

    method = "POST"
    suffix = "/bulk"


@dataclass(frozen=True)
class Collection:
    """The records of an entity under one path, and what may be done to them."""

    path: str
    """Without a slash at its end, so that the root is empty."""
    _: KW_ONLY
    entity: Entity
    repository: Callable[[], Repository]
    operations: tuple[Operation, ...]
    if_match_required: bool = False
    """Whether a change of a record is refused that does not name its version."""
