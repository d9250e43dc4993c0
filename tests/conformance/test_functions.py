"""Functions of `behaviors/` in expressions, which do the same on every adapter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.apps import HERE, Served, generate, served_on_all
from tests.conformance.sessions import Session, on_every_adapter


@pytest.fixture(scope="module")
def trio(
    postgres_server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, ...]]:
    """The domain `shipping` on each adapter."""
    app = generate(HERE / "shipping", tmp_path_factory.mktemp("quotes") / "app")
    state = tmp_path_factory.mktemp("functions")
    with served_on_all(app, state, postgres_server_url) as found:
        yield found


def quote(app: Session, title: str, **values: Any) -> dict[str, Any]:
    """A new quote."""
    made: dict[str, Any] = app.made("/quotes", title=title, **values)
    return made


@on_every_adapter
def test_computed_fields_call_functions(app: Session) -> None:
    made = quote(
        app,
        "A Heavy Box",
        weight=3,
        rate="1.5",
        day="2026-11-22",
        due="2026-11-22T10:00:00+02:00",
        tags=["b", "a"],
        extra={"z": 1, "a": {"b": [1]}},
    )
    assert made["slug"] == "a-heavy-box"
    assert made["cost"] == "4.50"
    assert made["score"] == 11 * 3 * 2 + 1
    assert made["rest"] is True
    assert (made["tags"], made["sorted_tags"]) == (["b", "a"], ["a", "b"])
    assert made["shape"] == {"fields": ["a", "z"], "of": "quote"}
    assert made["late"] == "2026-11-23T08:00:00Z"
    path = made["_links"]["self"]
    changed = app.patch(path, {"weight": 4, "day": "2026-11-23"}).body
    assert (changed["cost"], changed["score"], changed["rest"]) == ("6.00", 89, False)
    assert app.get(path).body == changed


@on_every_adapter
def test_null_is_given_only_where_a_function_takes_it(app: Session) -> None:
    made = quote(app, "nothing else")
    for name in ("cost", "sorted_tags", "shape", "late"):
        assert made[name] is None, name
    assert made["rest"] is False
    answer = app.refused(422, "POST", "/quotes", {"title": "now!"})
    assert answer.faults == [("/title", "rule")]
    assert answer.body["errors"][0]["detail"] == "be polite"


@on_every_adapter
def test_guards_and_effects_call_functions(app: Session) -> None:
    dear = quote(app, "dear", weight=10, rate="10.01")["_links"]["self"]
    app.refused(422, "PUT", f"{dear}/state", {"state": "sent"})
    fair = quote(app, "fair", weight=10, rate="10.00")["_links"]["self"]
    sent = app.put(f"{fair}/state", {"state": "sent"})
    assert (sent.status, sent.body["note"]) == (200, "sent by nobody")


@on_every_adapter
def test_what_a_function_raises_is_a_fault_of_the_service(app: Session) -> None:
    path = quote(app, "sound", weight=2)["_links"]["self"]
    before = app.get(path).body
    for title in ("raises", "wrong", "endless"):
        for method, target in (("POST", "/quotes"), ("PATCH", path)):
            answer = app.send(method, target, {"title": title})
            app.transcript.pop()  # The id of the request differs.
            assert answer.status == 500
            names = {"type", "title", "status", "instance", "request_id"}
            assert set(answer.body) == names
        assert app.get(f"/quotes?title={title}").body["total"] == 0
    assert app.get(path).body == before
    log = app.served.log()
    assert "the secret of the house" in log
    assert "backend.behaviors.pricing.score returned what does not fit" in log


@on_every_adapter
def test_a_stub_is_not_implemented(app: Session) -> None:
    assert app.post("/quotes", {"title": "later"}).status == 501
    operations = [
        {"op": "create", "body": {"title": title}} for title in ("early", "later")
    ]
    assert app.post("/quotes/bulk", {"operations": operations}).status == 501
    each = app.post("/quotes/bulk", {"operations": operations, "atomic": False}).body
    assert [one["status"] for one in each["results"]] == [201, 501]
    described = app.get("/openapi.json").body["paths"]
    for path, method in (
        ("/quotes", "post"),
        ("/quotes/{id}", "patch"),
        ("/quotes/{id}", "put"),
        ("/quotes/{id}/state", "put"),
        ("/quotes/bulk", "post"),
    ):
        assert "501" in described[path][method]["responses"], path
