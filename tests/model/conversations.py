"""Random conversations with a service, made from its IR; they shrink step by step."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from forge.ir.application import Application, Endpoint, Route
from forge.ir.bodies import accepted, demanded
from forge.ir.entities import Field
from forge.ir.types import Operation
from tests.model.asking import RARELY, WORDS, Asking, Script
from tests.model.candidates import illegal, legal
from tests.model.playing import Step
from tests.model.tenants import NAMES, header_of

Steps = st.SearchStrategy[list[Step]]
_VERY_RARELY = st.integers(0, 29).map(lambda n: n == 29)
_BULK = {
    "create": Operation.CREATE,
    "update": Operation.UPDATE,
    "delete": Operation.DELETE,
}
UNTOLD = (Operation.CUSTOM,)
"""What the model says nothing of."""
BREAKS = ("value", "missing", "extra", "content", "query", "key", "method")
"""Ways in which a request may be wrong."""


def conversations(ir: Application, least: int = 10, most: int = 25) -> Steps:
    """Conversations with some collections of a service."""
    return _conversation(Script(ir), least, most)


@st.composite
def _conversation(draw: st.DrawFn, script: Script, least: int, most: int) -> list[Step]:
    routes = st.lists(
        st.sampled_from(script.ir.routes), min_size=1, max_size=3, unique_by=id
    )
    cast = script.cast(draw(routes))
    steps = [
        Drawer(draw, script, route, create).step("")
        for route in cast
        if (create := route.endpoint(Operation.CREATE)) is not None
        for _ in range(draw(st.integers(1, 3)))
    ]
    rest = st.lists(
        _step(script, tuple(cast)),
        min_size=max(0, least - len(steps)),
        max_size=most - len(steps),
    )
    steps += draw(rest)
    keyed = [one for one in steps if "Idempotency-Key" in one.get("headers", {})]
    return [*steps, draw(st.sampled_from(keyed))] if keyed else steps


@st.composite
def _step(draw: st.DrawFn, script: Script, cast: tuple[Route, ...]) -> Step:
    if draw(RARELY) and draw(st.booleans()):
        both = [draw(_request(script, cast, together=True)) for _ in range(2)]
        for one in both:
            for name in ("Prefer", "Idempotency-Key"):
                one.get("headers", {}).pop(name, None)
            if "query" in one:
                # Where one record shows another, each order has keys of its own.
                one["query"] = [p for p in one["query"] if p[0] != "expand"]
        return {"both": both}
    return draw(_request(script, cast))


@st.composite
def _request(
    draw: st.DrawFn, script: Script, cast: tuple[Route, ...], *, together: bool = False
) -> Step:
    route = draw(st.sampled_from(cast))
    endpoint = draw(st.sampled_from(_weighted(route, together)))
    broken = draw(st.integers(0, 4)) == 4
    return Drawer(draw, script, route, endpoint).step(
        draw(st.sampled_from(BREAKS)) if broken else ""
    )


def _weighted(route: Route, together: bool) -> list[Endpoint]:
    weights = {
        Operation.CREATE: 2,
        Operation.LIST: 4,
        Operation.UPDATE: 3,
        Operation.TRANSITION: 4,
    }
    found: list[Endpoint] = []
    for endpoint in route.endpoints:
        if endpoint.operation in UNTOLD:
            continue
        # Others come between the operations of a bulk that is not atomic.
        if together and endpoint.operation in (Operation.LIST, Operation.BULK):
            continue
        found += [endpoint] * weights.get(endpoint.operation, 1)
    return found


class Drawer(Asking):
    """Draws the parts of a request to one endpoint."""

    def step(self, broken: str) -> Step:
        """The request; `broken` says in which way it is wrong, if it can be wrong so."""
        self.broken = broken
        step: Step = {"route": self.route.name, "method": self.endpoint.method}
        below, _, tail = self.endpoint.path.strip("/").partition("/")
        if below.startswith("{"):
            step["key"] = self.key()
        else:
            tail = self.endpoint.path.strip("/")
        if tail:
            step["tail"] = tail
        self.fill(step)
        header = header_of(self.ir)
        if header and not self.draw(_VERY_RARELY):
            name = self.draw(st.sampled_from(NAMES))
            step["headers"] = step.get("headers", {}) | {header: name}
        if broken == "method":
            step["method"] = self.draw(
                st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE"))
            )
        return step

    def key(self) -> Any:
        """A key that some record has, or none."""
        if self.broken == "key":
            return self.draw(
                st.sampled_from((*WORDS[1:], "018f0000-0000-7000-8000-000000000001"))
            )
        return {"$": ["key", self.route.name, self.draw(st.integers(0, 4))]}

    def fill(self, step: Step) -> None:
        """Add query, headers and body."""
        match self.endpoint.operation:
            case Operation.LIST:
                step["query"] = self.query()
            case Operation.READ:
                self._headers(step, "If-None-Match")
                if self.draw(RARELY):
                    step["query"] = [["fields", self.fields()]]
                step.setdefault("query", []).extend(self.deleted() + self.expand())
            case Operation.GRAPH:
                step["query"] = self.around()
            case Operation.CREATE:
                step["body"] = self.body(whole=True)
            case Operation.REPLACE:
                step["body"] = self.body(whole=True)
                self._headers(step, "If-Match")
            case Operation.UPDATE:
                step["body"] = self.body(whole=False)
                self._headers(step, "If-Match")
            case Operation.DELETE | Operation.RESTORE:
                self._headers(step, "If-Match")
            case Operation.BULK:
                step["body"] = self.bulk()
            case Operation.TRANSITION:
                step["body"] = self.body(whole=False) | {"state": self.state()}
                self._headers(step, "If-Match")
        if step["method"] != "GET" and self.draw(_VERY_RARELY):
            wanted = self.draw(
                st.sampled_from(("return=minimal", "return=representation"))
            )
            step["headers"] = step.get("headers", {}) | {"Prefer": wanted}
        if step["method"] == "POST" and not self.broken and self.draw(RARELY):
            key = {
                "Idempotency-Key": self.draw(st.sampled_from(("k", "k", "other key")))
            }
            step["headers"] = step.get("headers", {}) | key
        if self.endpoint.operation is not Operation.LIST and self.broken == "query":
            step["query"] = [["limit", "1"]]
        if "body" in step and self.broken == "content":
            step["body"] = self.draw(
                st.sampled_from((None, [], 1, {"$bytes": "{"}, {"$bytes": ""}))
            )

    def _headers(self, step: Step, name: str) -> None:
        behaviors = self.route.global_behaviors
        demanded_ = behaviors.if_match_required and name == "If-Match"
        if not demanded_ and self.draw(st.integers(0, 4)) != 4:
            return
        if demanded_ and self.draw(RARELY):
            return
        tag = {"$": ["tag", self.route.name, self.draw(st.integers(0, 4))]}
        if isinstance(step["key"], dict) and not self.draw(RARELY):
            tag["$"][2] = step["key"]["$"][2]
        step["headers"] = {
            name: self.draw(st.sampled_from((tag, tag, tag, "*", '"other"')))
        }

    def bulk(self) -> Any:
        """Several writes."""
        if self.broken == "content":
            wrong = (
                {},
                [],
                {"operations": 1},
                {"operations": [1, {}]},
                {"operations": [{"op": "x"}], "atomic": 1},
                {"operations": [{"op": "delete", "body": {}}]},
            )
            return self.draw(st.sampled_from(wrong))
        kinds = {e.operation: e for e in self.route.bulk()}
        names = [k for k, o in _BULK.items() if o in kinds] or ["create"]
        if self.broken == "extra":
            names = list(_BULK)
        items = [
            self._item(name, kinds.get(_BULK[name], self.endpoint))
            for name in self.draw(
                st.lists(st.sampled_from(names), min_size=0, max_size=4)
            )
        ]
        if items and items[0]["op"] == "create" and self.draw(RARELY):
            # More than are shown beside a record.
            items = items[:1] * 12
        body: dict[str, Any] = {"operations": items}
        if self.draw(st.booleans()):
            body["atomic"] = self.draw(st.sampled_from((False, False, True)))
        return body

    def _item(self, name: str, endpoint: Endpoint) -> dict[str, Any]:
        inner = Drawer(self.draw, self.script, self.route, endpoint)
        inner.broken = self.broken if self.broken in ("value", "missing") else ""
        item: dict[str, Any] = {"op": name}
        if name != "create":
            item["id"] = inner.key()
            must = self.route.global_behaviors.if_match_required
            if self.draw(RARELY) != must:
                item["if_match"] = {"$": ["tag", self.route.name, item["id"]["$"][2]]}
        if name != "delete":
            item["body"] = inner.body(whole=name == "create")
        return item

    def state(self) -> Any:
        """A state, or a word that is none."""
        flow = self.entity.state_machine
        assert flow is not None
        if self.broken == "value":
            return self.draw(st.sampled_from(("nowhere", None, 1)))
        return self.draw(st.sampled_from([state.name for state in flow.states]))

    def body(self, *, whole: bool) -> dict[str, Any]:
        """The body of a write."""
        fields = accepted(self.entity, self.endpoint)
        must = demanded(self.entity, self.endpoint)
        wanted = [f for f in fields if f.name in must]
        if not whole:
            wanted = [f for f in wanted if self.draw(st.booleans())]
        elif wanted and self.broken == "missing":
            wanted.pop(self.draw(st.integers(0, len(wanted) - 1)))
        others = [f for f in fields if f not in wanted and f.name not in must]
        if others:
            count = self.draw(st.integers(0 if wanted else 1, min(4, len(others))))
            picks = st.lists(
                st.sampled_from(others), min_size=count, max_size=count, unique_by=id
            )
            wanted += self.draw(picks)
        body = {field.name: self.value(field) for field in wanted}
        if body and self.broken == "value":
            name = self.draw(st.sampled_from(sorted(body)))
            field = self.entity.field(name)
            assert field is not None
            body[name] = self.draw(st.sampled_from((*illegal(field), None)))
        if self.broken == "extra":
            names = ("zzz", *(f.name for f in self.entity.fields))
            body[self.draw(st.sampled_from(names))] = self.draw(
                st.sampled_from((None, "a", 1))
            )
        return body

    def value(self, field: Field) -> Any:
        """A value that a field takes."""
        if not field.required and self.draw(RARELY):
            return None
        target = self._target(field)
        if target is not None and not self.draw(_VERY_RARELY):
            return target
        return self.draw(st.sampled_from(legal(field)))

    def _target(self, field: Field) -> Any:
        """The value of a field that refers to a record."""
        n = 0
        for key in self.entity.all_foreign_keys():
            if field.name not in key.fields:
                continue
            route = self.ir.route_of(key.entity)
            if route is None:
                return None
            if field.name == key.fields[0]:
                n = self.draw(st.integers(0, 3))
            wanted = key.references[key.fields.index(field.name)]
            return {"$": ["field", route.name, n, wanted]}
        return None
