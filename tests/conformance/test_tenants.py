"""Tenants are apart, and deleted records are for those who ask, on every adapter."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest

from tests.conformance.apps import HERE, Served, generate, served_on_all
from tests.conformance.sessions import Answer, Session, on_every_adapter

ADA: Final = {"X-Company": "ada"}
BOB: Final = {"X-Company": "bob"}
NOBODY: Final[tuple[dict[str, str], ...]] = (
    {},
    {"X-Company": ""},
    {"X-Company": "x" * 129},
    {"X-Company": "two words"},
)


@pytest.fixture(scope="module")
def trio(
    postgres_server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, ...]]:
    """The domain `tenants` on each adapter."""
    app = generate(HERE / "tenants", tmp_path_factory.mktemp("tenants") / "app")
    state = tmp_path_factory.mktemp("separated")
    with served_on_all(app, state, postgres_server_url) as found:
        yield found


def made(
    app: Session, path: str, headers: dict[str, str], **body: Any
) -> dict[str, Any]:
    """A new record of a tenant."""
    answer = app.post(path, body, headers=headers)
    assert answer.status == 201, answer.body
    record: dict[str, Any] = answer.body
    return record


def total(app: Session, path: str, headers: dict[str, str]) -> int:
    """How many records a tenant sees."""
    answer = app.get(path, headers=headers)
    assert answer.status == 200, answer.body
    assert len(answer.body["items"]) == answer.body["total"]
    return int(answer.body["total"])


def of_all_kinds(app: Session, path: str, headers: dict[str, str]) -> list[Answer]:
    """The answers to each operation on one record."""
    return [
        app.get(path, headers=headers),
        app.patch(path, {"title": "taken"}, headers=headers),
        app.put(f"{path}/state", {"state": "read"}, headers=headers),
        app.delete(path, headers=headers),
        app.post(f"{path}/restore", headers=headers),
    ]


@on_every_adapter
def test_another_tenant_finds_nothing(app: Session) -> None:
    note = made(app, "/notes", ADA, title="mine")
    path = note["_links"]["self"]
    assert note["tenant_id"] == "ada"
    assert {a.status for a in of_all_kinds(app, path, BOB)} == {404}
    assert app.get(f"{path}?expand=box", headers=BOB).status == 404
    assert total(app, "/notes?title=mine", BOB) == 0
    assert total(app, "/notes?tenant_id=ada", BOB) == 0
    assert total(app, "/notes?title=mine", ADA) == 1
    assert app.get(path, headers=ADA).body == note


@on_every_adapter
def test_without_a_tenant_nothing_is_read_and_nothing_written(app: Session) -> None:
    path = made(app, "/notes", ADA, title="quiet")["_links"]["self"]
    for nobody in NOBODY:
        assert total(app, "/notes", nobody) == 0
        found, *written = of_all_kinds(app, path, nobody)
        assert found.status == 404
        for answer in (
            *written,
            app.post("/notes", {"title": "nobody's"}, headers=nobody),
        ):
            assert answer.status == 400
            assert answer.body["type"] == "/problems/tenant-required"
            assert answer.faults == [("X-Company", "required")]
    assert total(app, "/notes?title=quiet", ADA) == 1
    assert total(app, "/notes?title=nobody%27s", ADA) == 0
    assert app.post("/firms", {"name": "everybody's"}).status == 201


@on_every_adapter
def test_no_item_of_a_bulk_leaves_the_tenant(app: Session) -> None:
    note = made(app, "/notes", ADA, title="bulky")
    for op, rest in (("update", {"body": {"title": "theirs"}}), ("delete", {})):
        bulk = {"operations": [{"op": op, "id": note["id"], **rest}]}
        app.refused(404, "POST", "/notes/bulk", bulk, headers=BOB)
        app.refused(400, "POST", "/notes/bulk", bulk)
    bulk = {"operations": [{"op": "create", "body": {"title": "bulky"}}]}
    answer = app.post("/notes/bulk", bulk, headers=BOB)
    assert answer.body["results"][0]["body"]["tenant_id"] == "bob"
    assert app.get(note["_links"]["self"], headers=ADA).body == note


@on_every_adapter
def test_no_body_names_the_tenant(app: Session) -> None:
    body = {"title": "chosen", "tenant_id": "bob"}
    answer = app.refused(422, "POST", "/notes", body, headers=ADA)
    assert answer.faults[0][0] == "/tenant_id"
    path = made(app, "/notes", ADA, title="chosen")["_links"]["self"]
    change = {"tenant_id": "bob"}
    answer = app.refused(422, "PATCH", path, change, headers=ADA)
    assert answer.faults[0][0] == "/tenant_id"
    assert app.get(path, headers=ADA).body["tenant_id"] == "ada"


@on_every_adapter
def test_unique_values_and_numbers_are_each_tenants_own(app: Session) -> None:
    cyd, dan = {"X-Company": "cyd"}, {"X-Company": "d:an@%"}
    numbers = [
        made(app, "/notes", who, title=title)["number"]
        for who, title in ((cyd, "one"), (dan, "one"), (cyd, "two"), (dan, "three"))
    ]
    assert numbers == ["NOTE-000001", "NOTE-000001", "NOTE-000002", "NOTE-000002"]
    answer = app.refused(409, "POST", "/notes", {"title": "one"}, headers=cyd)
    assert answer.faults == [("/title", "not-unique")]
    for who in (cyd, dan):
        assert made(app, "/labels", who, code="red")["code"] == "red"
        answer = app.refused(409, "POST", "/labels", {"code": "red"}, headers=who)
        assert answer.faults == [("/code", "not-unique")]
    assert app.get("/labels/cyd,red", headers=cyd).status == 200
    assert app.get("/labels/cyd,red", headers=dan).status == 404


@on_every_adapter
def test_a_record_of_another_tenant_is_no_reference(app: Session) -> None:
    box = made(app, "/boxes", ADA, name="a")
    unknown = {"title": "refers", "box_id": box["id"]}
    answer = app.refused(422, "POST", "/notes", unknown, headers=BOB)
    assert answer.faults == [("/box_id", "unknown-reference")]
    note = made(app, "/notes", BOB, title="refers")
    change = {"box_id": box["id"]}
    answer = app.refused(422, "PATCH", note["_links"]["self"], change, headers=BOB)
    assert answer.faults == [("/box_id", "unknown-reference")]
    mine = made(app, "/notes", ADA, **unknown)
    shown = app.get(f"{mine['_links']['self']}?expand=box", headers=ADA)
    assert shown.body["box"]["id"] == box["id"]


@on_every_adapter
def test_nobody_learns_how_many_records_others_have(app: Session) -> None:
    firm = app.made("/firms", name="shared")
    path = firm["_links"]["self"]
    for _ in range(2):
        made(app, "/boxes", BOB, name="b", firm_id=firm["id"])
    answer = app.refused(409, "DELETE", path, headers=ADA)
    assert "count" not in answer.body
    made(app, "/boxes", ADA, name="a", firm_id=firm["id"])
    assert app.refused(409, "DELETE", path, headers=ADA).body["count"] == 1
    assert app.refused(409, "DELETE", path, headers=BOB).body["count"] == 2


@on_every_adapter
def test_related_records_are_the_tenants_own(app: Session) -> None:
    firm = app.made("/firms", name="open")
    path = f"{firm['_links']['self']}?expand=boxes"
    for who in (ADA, BOB, BOB):
        made(app, "/boxes", who, name="x", firm_id=firm["id"])
    seen = [len(app.get(path, headers=who).body["boxes"]) for who in (ADA, BOB, {})]
    assert seen == [1, 2, 0]


def beside(app: Session, path: str, headers: dict[str, str]) -> list[list[str]]:
    """The titles of the notes in each box of a firm."""
    answer = app.get(f"{path}?expand=boxes.notes", headers=headers)
    assert answer.status == 200, answer.body
    return [[note["title"] for note in box["notes"]] for box in answer.body["boxes"]]


def around(app: Session, path: str, headers: dict[str, str]) -> set[str]:
    """The keys of what can be reached from a record."""
    answer = app.get(f"{path}/graph?depth=10", headers=headers)
    assert answer.status == 200, answer.body
    shown = {node["id"] for node in answer.body["nodes"]}
    ends = {edge[end] for edge in answer.body["edges"] for end in ("from", "to")}
    assert ends <= shown
    return shown


@on_every_adapter
def test_what_is_around_a_record_is_alive_and_the_tenants_own(app: Session) -> None:
    fay, gus = {"X-Company": "fay"}, {"X-Company": "gus"}
    firm = app.made("/firms", name="around")
    path = firm["_links"]["self"]
    kept, gone = {}, {}
    for name, who in (("fay", fay), ("gus", gus)):
        box = made(app, "/boxes", who, name="b", firm_id=firm["id"])
        title = f"{name} keeps"
        kept[name] = made(app, "/notes", who, title=title, box_id=box["id"])
        title = f"{name} drops"
        gone[name] = made(app, "/notes", who, title=title, box_id=box["id"])
        dropped = gone[name]["_links"]["self"]
        assert app.delete(dropped, headers=who).status == 204
        app.refused(404, "GET", f"{dropped}/graph", headers=who)
    for name, who, other in (("fay", fay, gus), ("gus", gus, fay)):
        note, box = kept[name]["_links"]["self"], kept[name]["box_id"]
        assert beside(app, path, who) == [[f"{name} keeps"]]
        reached = {firm["id"], box, kept[name]["id"]}
        assert around(app, path, who) == around(app, note, who) == reached
        app.refused(404, "GET", f"{note}/graph", headers=other)
        app.refused(404, "GET", f"/boxes/{box}?expand=notes", headers=other)
    assert beside(app, path, {}) == []
    assert around(app, path, {}) == {firm["id"]}
    restored = f"{gone['fay']['_links']['self']}/restore"
    assert app.post(restored, headers=fay).status == 200
    assert beside(app, path, fay) == [["fay keeps", "fay drops"]]
    assert gone["fay"]["id"] in around(app, path, fay)
    assert beside(app, path, gus) == [["gus keeps"]]


@on_every_adapter
def test_deleted_records_are_read_on_request(app: Session) -> None:
    eve = {"X-Company": "eve"}
    kept = made(app, "/notes", eve, title="kept")
    gone = made(app, "/notes", eve, title="gone")
    path = gone["_links"]["self"]
    assert app.delete(path, headers=eve).status == 204
    seen = {
        said: [
            one["title"]
            for one in app.get(f"/notes?deleted={said}", headers=eve).body["items"]
        ]
        for said in ("exclude", "only", "include")
    }
    assert seen == {
        "exclude": ["kept"],
        "only": ["gone"],
        "include": ["kept", "gone"],
    }
    assert app.get(path, headers=eve).status == 404
    assert app.get(f"{path}?deleted=exclude", headers=eve).status == 404
    shown = app.get(f"{path}?deleted=include", headers=eve)
    assert shown.body["deleted_at"] is not None
    assert app.get(f"{path}?deleted=only", headers=eve).body == shown.body
    alive = f"{kept['_links']['self']}?deleted=only"
    assert app.get(alive, headers=eve).status == 404
    assert total(app, "/notes?deleted=include", BOB) == total(app, "/notes", BOB)
    assert app.get(f"{path}?deleted=include", headers=BOB).status == 404


@on_every_adapter
def test_a_deletion_is_taken_back_within_the_tenant(app: Session) -> None:
    box = made(app, "/boxes", ADA, name="kept")
    note = made(app, "/notes", ADA, title="back", box_id=box["id"])
    path = note["_links"]["self"]
    assert app.delete(path, headers=ADA).status == 204
    made(app, "/notes", BOB, title="back")
    app.refused(404, "POST", f"{path}/restore", headers=BOB)
    assert app.post(f"{path}/restore", headers=ADA).body == note
    assert app.delete(path, headers=ADA).status == 204
    made(app, "/notes", ADA, title="back")
    answer = app.refused(409, "POST", f"{path}/restore", headers=ADA)
    assert answer.faults == [("/title", "not-unique")]


@on_every_adapter
def test_what_deleted_may_say(app: Session) -> None:
    for path, code in (
        ("/notes?deleted=all", "bad-value"),
        ("/notes?deleted=only&deleted=only", "repeated-parameter"),
        ("/boxes?deleted=only", "unknown-parameter"),
        ("/notes/x?deleted=yes", "bad-value"),
        ("/boxes/x?deleted=only", "unknown-parameter"),
    ):
        answer = app.refused(400, "GET", path, headers=ADA)
        assert answer.faults == [("deleted", code)]


def test_numbers_of_concurrent_tenants_have_no_gap(trio: tuple[Served, ...]) -> None:
    for served in trio:
        session = Session(served)
        names = [f"t{number % 2}" for number in range(30)]

        def create(number: int, session: Session = session) -> str:
            headers = {"X-Company": f"t{number % 2}"}
            body = {"title": f"n{number}"}
            answer = session.client.post("/notes", json=body, headers=headers)
            return str(answer.json()["number"])

        with session.client, ThreadPoolExecutor(8) as pool:
            numbers = list(pool.map(create, range(len(names))))
        wanted = [f"NOTE-{number:06}" for number in range(1, 16)]
        assert sorted(numbers[::2]) == sorted(numbers[1::2]) == wanted
