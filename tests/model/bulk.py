"""Several writes in one request: all of them or, on request, each for itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forge.ir.application import Application, Endpoint, Route
from forge.ir.entities import Entity
from forge.ir.types import Operation
from tests.model.answers import Answer, Problem, Row, invalid, told
from tests.model.bodies import sent
from tests.model.shown import shown
from tests.model.unknown import AnyOf
from tests.model.values import Errors
from tests.model.writing import Writes

_KINDS = {
    "create": Operation.CREATE,
    "update": Operation.UPDATE,
    "delete": Operation.DELETE,
}
_DEMANDED = {"create": ("body",), "update": ("id", "body"), "delete": ("id",)}
_REFUSED = {"create": ("id", "if_match"), "update": (), "delete": ("body",)}
_MEMBERS = {
    "not-found": "/id",
    "in-use": "/id",
    "stale-version": "/if_match",
    "precondition-required": "/if_match",
    "forbidden": "/op",
}
"""What of an item a fault is about that names no place."""


def several(
    writes: Writes, ir: Application, route: Route, entity: Entity, body: Any
) -> Answer:
    """The answer to a bulk. Raises `Problem`."""
    errors = list(_form(body))
    if errors:
        raise invalid(*errors)
    run = _Run(writes, ir, route, entity)
    if body.get("atomic") is False:
        results = [run.apart(place, item) for place, item in _items(body)]
    else:
        results = run.together(list(_items(body)))
    return Answer(200, {"results": results})


def _items(body: Any) -> Iterator[tuple[str, Any]]:
    for number, item in enumerate(body["operations"]):
        yield f"/operations/{number}", item


def _form(body: Any) -> Iterator[tuple[str, str]]:
    """What is wrong with the form of a bulk."""
    if not isinstance(body, dict):
        yield "", "wrong-type"
        return
    for name in body.keys() - {"operations", "atomic"}:
        yield f"/{name}", "unknown-field"
    if not isinstance(body.get("atomic", True), bool):
        yield "/atomic", "wrong-type"
    if "operations" not in body:
        yield "/operations", "required"
    elif not isinstance(body["operations"], list):
        yield "/operations", "wrong-type"
    else:
        for place, item in _items(body):
            yield from _form_of_item(place, item)


def _form_of_item(place: str, item: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(item, dict):
        yield place, "wrong-type"
        return
    for name in item.keys() - {"op", "id", "body", "if_match"}:
        yield f"{place}/{name}", "unknown-field"
    op = item.get("op")
    if "op" not in item:
        yield f"{place}/op", "required"
    elif op not in _KINDS:
        yield f"{place}/op", "not-an-enum-value"
    else:
        for name in _DEMANDED[op]:
            if item.get(name) is None:
                yield f"{place}/{name}", "required"
        for name in _REFUSED[op]:
            if name in item:
                yield f"{place}/{name}", "not-allowed"
    if not isinstance(item.get("id"), str | None):
        yield f"{place}/id", "wrong-type"
    if not isinstance(item.get("if_match", ""), str):
        yield f"{place}/if_match", "wrong-type"


class _Run:
    def __init__(
        self, writes: Writes, ir: Application, route: Route, entity: Entity
    ) -> None:
        self.writes = writes
        self.ir = ir
        self.route = route
        self.entity = entity

    def together(self, items: list[tuple[str, Any]]) -> list[Any]:
        """Every item, or none: the first that fails is what is told."""
        wrong: Errors = []
        ready: list[tuple[str, Any, Endpoint, Row]] = []
        for place, item in items:
            try:
                ready.append((place, item, *self._ready(item)))
            except Problem as problem:
                option = problem.options[0]
                if option["code"] != "invalid" or option.get("not offered"):
                    if not wrong:
                        raise _of_item(place, problem) from None
                    continue
                wrong += [(f"{place}/body{at}", code) for at, code in option["errors"]]
        if wrong:
            raise invalid(*wrong)
        results = []
        for place, *one in ready:
            try:
                results.append(self._perform(*one))
            except Problem as problem:
                raise _of_item(place, problem) from None
        return results

    def apart(self, place: str, item: Any) -> Any:
        """One item for itself."""
        before = self.writes.store.copy()
        try:
            return self._perform(item, *self._ready(item))
        except Problem as problem:
            self.writes.store = before
            told_ = _of_item(place, problem).options
            results = tuple({"status": one["status"], "body": one} for one in told_)
            return results[0] if len(results) == 1 else AnyOf(results)

    def _ready(self, item: Any) -> tuple[Endpoint, Row]:
        endpoint = self.route.endpoint(_KINDS[item["op"]])
        if endpoint is None:
            raise Problem(told(422, "invalid") | {"not offered": True})
        if item["op"] != "create" and item.get("if_match") is None:
            self.writes.demand_condition(self.route)
        data = (
            sent(self.entity, endpoint, item["body"]) if item["op"] != "delete" else {}
        )
        return endpoint, data

    def _perform(self, item: Any, endpoint: Endpoint, data: Row) -> Any:
        self.writes.new_moment()
        version = item.get("if_match")
        match item["op"]:
            case "create":
                row = self.writes.create(endpoint, self.entity, data)
                status = endpoint.response.status or 201
            case "update":
                row = self.writes.change(
                    endpoint, self.entity, item["id"], data, version
                )
                status = endpoint.response.status or 200
            case _:
                self.writes.remove(endpoint, self.entity, item["id"], version)
                return {"status": 204, "body": None}
        body = None if status == 204 else shown(self.ir, self.route, self.entity, row)
        return {"status": status, "body": body}


def _of_item(place: str, problem: Problem) -> Problem:
    """A fault of one item, with its place in the body of the bulk."""
    options = []
    for option in problem.options:
        if option.get("not offered"):
            options.append(told(422, "invalid", (f"{place}/op", "not-offered")))
            continue
        own = [[f"{place}/body{at}", code] for at, code in option["errors"]]
        code = option["code"]
        options.append(
            option | {"errors": own or [[place + _MEMBERS.get(code, ""), code]]}
        )
    return Problem(*options)
