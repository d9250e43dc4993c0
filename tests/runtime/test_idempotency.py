"""What a key promises beside the crashes, the years and the other processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from domain import CUSTOMER
from starlette.requests import Request
from starlette.responses import Response
from store import STORES, Store, opened

from specora_runtime import idempotency
from specora_runtime.endpoints import Answer, Endpoint, context_of
from specora_runtime.errors import KeyInFlight, KeyReused
from specora_runtime.expansions import Catalog
from specora_runtime.idempotency import once
from specora_runtime.operations import Bulk, Collection


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each store in turn, empty."""
    with opened(request.param, tmp_path, request) as found:
        yield found


def keyed(store: Store, serve: Endpoint) -> Endpoint:
    """An endpoint that takes keys."""
    operation = Bulk("bulk_customers")
    collection = Collection(
        "/customers",
        entity=CUSTOMER,
        repository=lambda: store.of(CUSTOMER),
        operations=(operation,),
    )
    catalog = Catalog((collection,))
    context = context_of(collection, catalog, store.database, None, 1000)
    return once(context, operation, serve)


def ask(store: Store, serve: Endpoint, key: str = "k", body: bytes = b"{}") -> Response:
    """The answer to one request."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/customers/bulk",
        "headers": [(b"idempotency-key", key.encode())],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def main() -> Response:
        return await serve(Request(scope, receive), "")

    return store.run(main())


class Maker:
    """An endpoint that stores a customer, and then does as it is told."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.calls = 0
        self.fault: BaseException | None = None
        self.status = 201

    async def __call__(self, _request: Request, _key: str) -> Response:
        """Answer a request."""
        self.calls += 1
        await self.store.of(CUSTOMER).create({"name": f"call {self.calls}"})
        if self.fault is not None:
            raise self.fault
        return Answer(self.status, b"%d" % self.calls, (b"x-call", b"%d" % self.calls))


def names(store: Store) -> list[str]:
    """The customers that are stored."""
    items, _ = store.run(store.of(CUSTOMER).list())
    return sorted(item["name"] for item in items)


def kept(store: Store) -> int:
    """How many answers are kept."""
    (row,) = store.fetch("SELECT count(*) AS total FROM specora_idempotency")
    return int(row["total"])


def test_an_answer_is_given_again(store: Store) -> None:
    maker = Maker(store)
    serve = keyed(store, maker)
    first, again = ask(store, serve), ask(store, serve)
    assert (first.status_code, first.body) == (again.status_code, again.body)
    assert again.headers["x-call"] == "1"
    assert again.headers["idempotent-replayed"] == "true"
    assert names(store) == ["call 1"]
    with pytest.raises(KeyReused):
        ask(store, serve, body=b"[]")


def test_a_crash_takes_effect_and_key_with_it(store: Store) -> None:
    maker = Maker(store)
    serve = keyed(store, maker)
    maker.fault = RuntimeError("the process ends here")
    with pytest.raises(RuntimeError):
        ask(store, serve)
    assert (names(store), kept(store)) == ([], 0)
    maker.fault = None
    assert ask(store, serve).status_code == 201
    assert names(store) == ["call 2"]


def test_an_answer_that_refuses_is_not_kept(store: Store) -> None:
    maker = Maker(store)
    serve = keyed(store, maker)
    for status in (503, 409):
        maker.status = status
        assert ask(store, serve).status_code == status
    assert kept(store) == 0


def test_what_is_too_old_counts_for_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = Maker(store)
    serve = keyed(store, maker)
    ask(store, serve, "a")
    ask(store, serve, "b")
    monkeypatch.setattr(idempotency, "KEPT_FOR", timedelta(0))
    assert ask(store, serve, "a", b"[]").body == b"3"
    assert kept(store) == 2
    monkeypatch.setattr(idempotency, "_PURGE_EVERY", 0.0)
    ask(store, serve, "c")
    assert kept(store) == 1


def test_a_key_in_use_is_refused(store: Store) -> None:
    maker = Maker(store)

    async def reenter(request: Request, key: str) -> Response:
        with pytest.raises(KeyInFlight):
            await serve(request, key)
        return await maker(request, key)

    serve = keyed(store, reenter)
    assert ask(store, serve).status_code == 201
    assert names(store) == ["call 1"]
