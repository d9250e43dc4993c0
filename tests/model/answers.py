"""Requests and answers, as the model speaks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forge.ir.entities import Entity
from tests.model.unknown import AnyOf, Joined

Row = dict[str, Any]
"""What a record holds, by field; never changed in place."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    """A JSON value; bytes are sent as they are."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service must answer."""

    status: int
    body: Any = None
    entity: Entity | None = None
    row: Row | None = None
    """The record whose version the answer names."""
    location: Joined | None = None
    pages: Mapping[str, list[tuple[str, Any]]] | None = None
    """Of a list: the query strings of other pages, by what they are to this one."""
    applied: str = ""
    """The preference that the answer says it follows."""
    replayed: bool = False
    """Whether it was given before, to the same key."""


class Problem(Exception):
    """A request that is refused, in one way or in several at once."""

    def __init__(self, *options: dict[str, Any]) -> None:
        super().__init__(options)
        self.options = options

    @property
    def wanted(self) -> Any:
        """What the body must say; of several faults any may be told."""
        return self.options[0] if len(self.options) == 1 else AnyOf(self.options)


class Fault(Exception):
    """One parameter of a query string that is wrong."""

    def __init__(self, parameter: str, code: str) -> None:
        super().__init__(parameter, code)
        self.told = told(400, "bad-query", (parameter, code))


def told(
    status: int, code: str, *errors: tuple[str, str], **members: Any
) -> dict[str, Any]:
    """What a problem says, as far as it is part of the interface."""
    content = {"status": status, "code": code, **members}
    return content | {"errors": sorted(map(list, errors))}


def heard(body: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a problem that a service told."""
    texts = ("type", "title", "detail", "instance", "errors")
    content = {name: value for name, value in body.items() if name not in texts}
    errors = [
        [one.get("pointer", one.get("parameter")), one["code"]]
        for one in body.get("errors", ())
    ]
    code = str(body["type"]).removeprefix("/problems/")
    return content | {"code": code, "errors": sorted(errors)}


def results_heard(body: Any) -> Any:
    """The answer to a bulk, with what problems in it say."""
    if not isinstance(body, dict) or "results" not in body:
        return body
    return {
        "results": [
            one | {"body": heard(one["body"])} if one["status"] >= 400 else one
            for one in body["results"]
        ]
    }


def invalid(*errors: tuple[str, str]) -> Problem:
    """Values that break the contract."""
    return Problem(told(422, "invalid", *errors))


def not_found() -> Problem:
    """No record has the key."""
    return Problem(told(404, "not-found"))
