"""The reference model: what a service that is compiled from an IR must answer.

It is written from the documents, to be read: a request goes in, the answer comes out, and
what is stored is a list of records per entity. It shares no line with the runtime.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import unquote

from forge.ir.application import Endpoint, Route
from forge.ir.entities import Entity
from forge.ir.types import Operation
from tests.model.answers import Answer, Problem, Request, Row, told
from tests.model.around import graph, read_graph
from tests.model.bodies import body_of, sent
from tests.model.bulk import several
from tests.model.expanded import SHOWN, SHOWN_OF_MANY, Beside, Tree, read_expand
from tests.model.lists import Query, pages, read_query, read_single
from tests.model.shown import chosen, path, shown
from tests.model.tenants import tenant_of
from tests.model.unknown import Joined, Unknown
from tests.model.words import key_of
from tests.model.writing import Writes

_ASKING = (Operation.READ, Operation.GRAPH)


class Model(Writes):
    """A service as its contracts mean it."""

    def answer(self, request: Request, sent: datetime | None = None) -> Answer:
        """What the service answers; the store is afterwards as the service must leave it.

        `sent` is when a request went out that is answered already.
        """
        before = self.store.copy()
        self.moment = Unknown("moment", sent or datetime.now(UTC))
        self.turn += 1
        try:
            return self._once(request)
        except Problem as problem:
            self.store = before
            options = problem.options
            return Answer(options[0]["status"], problem.wanted)
        except BaseException:
            self.store = before
            raise

    def _once(self, request: Request) -> Answer:
        """The answer; to a known key, the one that was given before."""
        self.store.tenant = tenant_of(self.ir, request)
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or key is None:
            answer = self._serve(request)
            return answer if request.method == "GET" else _preferred(request, answer)
        asked = repr((request.path, request.query, request.body))
        owned = f"{self.store.tenant} {key}"
        if owned in self.kept:
            before, answer = self.kept[owned]
            if before != asked:
                place = ("Idempotency-Key", "key-reused")
                raise Problem(told(422, "key-reused", place))
            return replace(answer, replayed=True)
        # What fails changes nothing, and leaves the key as good as new.
        answer = _preferred(request, self._serve(request))
        self.kept[owned] = (asked, answer)
        return answer

    def same_turn(self) -> None:
        """Let the last two requests count as one turn, because they came at once."""
        last = (self.turn - 1, self.turn)
        self.store.events = [
            replace(e, turn=self.turn) if e.turn in last else e
            for e in self.store.events
        ]

    # ---- Which operation a request is for

    def _serve(self, request: Request) -> Answer:
        found = self._place(request.method, request.path)
        if found is None:
            raise Problem(told(404, "not-found"))
        route, key, tail = found
        served = [e for e in route.endpoints if _tail(e) == (key is not None, tail)]
        if not served:
            raise Problem(told(404, "not-found"))
        endpoint = next((e for e in served if e.method == request.method), None)
        if endpoint is None:
            raise Problem(told(405, "method-not-allowed"))
        entity = self.ir.entity(route.entity)
        assert entity is not None
        return self._operate(route, endpoint, entity, key or "", request)

    def _place(self, method: str, path: str) -> tuple[Route, str | None, str] | None:
        for route in self.ir.routes:
            if path == route.base_path:
                return route, None, ""
            rest = path.removeprefix(f"{route.base_path}/")
            if rest == path or not rest:
                continue
            named = [e for e in route.endpoints if _tail(e) == (False, rest)]
            entity = self.ir.entity(route.entity)
            is_key = entity is not None and key_of(entity, rest) is not None
            if any(e.method == method for e in named) or (named and not is_key):
                # By another method, it is the record that has this word for its key.
                return route, None, rest
            key, _, tail = rest.partition("/")
            if "/" not in tail:
                return route, unquote(key), tail
        return None

    def _operate(
        self,
        route: Route,
        endpoint: Endpoint,
        entity: Entity,
        key: str,
        request: Request,
    ) -> Answer:
        if endpoint.operation is Operation.LIST:
            return self._list(route, endpoint, entity, request)
        writes = endpoint.method != "GET" and entity.tenant is not None
        if writes and self.store.tenant is None:
            header = entity.tenant_header or ""
            raise Problem(told(400, "tenant-required", (header, "required")))
        if request.query and endpoint.operation not in _ASKING:
            raise Problem(
                told(400, "bad-query", (request.query[0][0], "unknown-parameter"))
            )
        if _changes(endpoint) and "If-Match" not in request.headers:
            self.demand_condition(route)
        match endpoint.operation:
            case Operation.READ:
                return self._read(route, entity, key, request)
            case Operation.CREATE:
                return self._create(route, endpoint, entity, request)
            case Operation.UPDATE | Operation.REPLACE:
                return self._update(route, endpoint, entity, key, request)
            case Operation.DELETE:
                return self._delete(endpoint, entity, key, request)
            case Operation.TRANSITION:
                return self._transition(route, endpoint, entity, key, request)
            case Operation.RESTORE:
                row = self.restore(entity, key, request.headers.get("If-Match"))
                return self._told(endpoint.response.status or 200, route, entity, row)
            case Operation.GRAPH:
                asked = read_graph(self.ir, request.query)
                row = self.find(entity, key)
                return Answer(200, graph(self.ir, self.store, entity, row, asked))
            case Operation.BULK:
                return several(self, self.ir, route, entity, body_of(request.body))
        raise NotImplementedError(endpoint.operation)

    # ---- Reading

    def _list(
        self, route: Route, endpoint: Endpoint, entity: Entity, request: Request
    ) -> Answer:
        pairs, rows_ = self._reached(route, entity, request)
        expand = partial(read_expand, self.ir, entity)
        query = read_query(entity, pairs, endpoint.filters, expand)
        query.scope = (query.scope, _wanted_deleted(request))
        after = self._after(query)
        found = [
            row
            for row in rows_
            if all(condition(row) for condition in query.conditions)
        ]
        rows = query.sorted(found)
        total = len(rows)
        if after is not None:
            rows = [row for row in rows if query.compare(row, after) > 0]
        page = rows[query.offset :][: query.limit]
        more = len(rows) > query.offset + query.limit
        cursor = Unknown("cursor", meaning=(query.scope, page[-1])) if more else None
        most = next(m for up_to, m in SHOWN_OF_MANY.items() if query.limit <= up_to)
        items = [
            self._shown(route, entity, row, query.fields, query.expand, most)
            for row in page
        ]
        counted = {} if query.count == "none" else {"total": total}
        body = {"items": items, "next_cursor": cursor} | counted
        return Answer(200, body, pages=pages(query, request.query, cursor, total))

    def _reached(
        self, route: Route, entity: Entity, request: Request
    ) -> tuple[list[tuple[str, str]], list[Row]]:
        """The other parameters, and the records that `deleted` asks for.

        It means something where records can be deleted so that something is left.
        """
        pairs, live = list(request.query), self.store.seen(entity)
        if entity.soft_delete is None or route.endpoint(Operation.DELETE) is None:
            return pairs, live
        every = [
            row for row in self.store.rows[entity.fqn] if self.store.is_own(entity, row)
        ]
        buried = [row for row in every if row[entity.soft_delete] is not None]
        reached = {"exclude": live, "only": buried, "include": every}
        wanted = _wanted_deleted(request)
        if wanted not in reached:
            raise Problem(told(400, "bad-query", ("deleted", "bad-value")))
        return [pair for pair in pairs if pair[0] != "deleted"], reached[wanted]

    def _after(self, query: Query) -> Row | None:
        """The row behind which the page begins. Raises `Problem` for a foreign cursor."""
        if query.cursor is None:
            return None
        scope, row = self.cursors.get(query.cursor, (None, None))
        if scope != query.scope:
            raise Problem(told(400, "bad-query", ("cursor", "bad-cursor")))
        return row

    def _read(self, route: Route, entity: Entity, key: str, request: Request) -> Answer:
        pairs, rows = self._reached(route, entity, request)
        expand = partial(read_expand, self.ir, entity)
        fields, beside = read_single(entity, pairs, expand)
        row = self.find(entity, key, rows)
        known = request.headers.get("If-None-Match", "")
        # A version says nothing of what is beside the record.
        alone = known != "" and not beside
        if alone and (known == "*" or self._is_version(entity, row, known)):
            return Answer(304, None, entity, row)
        return Answer(200, self._shown(route, entity, row, fields, beside), entity, row)

    def _shown(
        self,
        route: Route,
        entity: Entity,
        row: Row,
        fields: tuple[str, ...] | None,
        beside: Tree,
        most: int = SHOWN,
    ) -> dict[str, Any]:
        whole = chosen(entity, fields, shown(self.ir, route, entity, row))
        return Beside(self.ir, self.store).add(entity, row, beside, whole, most)

    # ---- Writing

    def _create(
        self, route: Route, endpoint: Endpoint, entity: Entity, request: Request
    ) -> Answer:
        data = sent(entity, endpoint, request.body)
        row = self.create(endpoint, entity, data)
        place = Joined((f"{route.base_path}/", *path(entity, row)))
        answer = self._told(endpoint.response.status or 201, route, entity, row)
        return Answer(answer.status, answer.body, entity, row, place)

    def _update(
        self,
        route: Route,
        endpoint: Endpoint,
        entity: Entity,
        key: str,
        request: Request,
    ) -> Answer:
        data = sent(entity, endpoint, request.body)
        row = self.change(endpoint, entity, key, data, request.headers.get("If-Match"))
        return self._told(endpoint.response.status or 200, route, entity, row)

    def _delete(
        self, endpoint: Endpoint, entity: Entity, key: str, request: Request
    ) -> Answer:
        self.remove(endpoint, entity, key, request.headers.get("If-Match"))
        return Answer(204)

    def _transition(
        self,
        route: Route,
        endpoint: Endpoint,
        entity: Entity,
        key: str,
        request: Request,
    ) -> Answer:
        data = sent(entity, endpoint, request.body)
        row = self.step(endpoint, entity, key, data, request.headers.get("If-Match"))
        return self._told(endpoint.response.status or 200, route, entity, row)

    # ---- What is shown

    def _told(self, status: int, route: Route, entity: Entity, row: Row) -> Answer:
        if status == 204:
            return Answer(status, None, entity, row)
        return Answer(status, shown(self.ir, route, entity, row), entity, row)


def _tail(endpoint: Endpoint) -> tuple[bool, str]:
    """Whether the endpoint is below a key, and what follows there."""
    pieces = endpoint.path.strip("/").split("/")
    below = pieces[0].startswith("{")
    return below, "/".join(pieces[1:] if below else pieces)


def _wanted_deleted(request: Request) -> str:
    """Which records a read asks for, as to their deletion."""
    return next((text for name, text in request.query if name == "deleted"), "exclude")


def _changes(endpoint: Endpoint) -> bool:
    """Whether an operation changes a record that is there."""
    return endpoint.operation in (
        Operation.UPDATE,
        Operation.REPLACE,
        Operation.DELETE,
        Operation.TRANSITION,
        Operation.RESTORE,
    )


def _preferred(request: Request, answer: Answer) -> Answer:
    """The answer to a write as the client prefers it."""
    wanted = request.headers.get("Prefer", "").removeprefix("return=")
    if answer.row is None or not wanted:
        return answer
    if wanted == "minimal":
        status = 201 if answer.status == 201 else 204
        return replace(answer, status=status, body=None, applied="return=minimal")
    return replace(answer, applied="return=representation")
