from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import desk
import httpx
import pytest
from serving import served
from starlette.requests import Request

from specora_runtime.entity import Caller
from specora_runtime.operations import Collection, List, Read
from specora_runtime.routes import Table, mount
from specora_runtime.security import Unauthenticated

NOBODY = "00000000-0000-7000-8000-000000000000"
numbers = count(1)
NO_DATABASE: Any = None
"""Where nothing is asked of it."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with served(desk.build(tmp_path_factory.mktemp("desk"))) as client:
        yield client


def customer(client: httpx.Client, **changes: Any) -> Any:
    content = {"name": "Alice", "email": f"a{next(numbers)}@example.com"} | changes
    answer = client.post("/customers", json=content)
    assert answer.status_code == 201, answer.text
    return answer.json()


def ticket(client: httpx.Client, **changes: Any) -> Any:
    content = {"subject": "s", "customer_id": customer(client)["id"]} | changes
    answer = client.post("/tickets", json=content)
    assert answer.status_code == 201, answer.text
    return answer.json()


def go(client: httpx.Client, record: Any, state: str, **headers: str) -> httpx.Response:
    path = f"{record['_links']['self']}/state"
    return client.put(path, json={"state": state}, headers=headers)


def test_a_record_is_created(client: httpx.Client) -> None:
    content = {"name": "Alice", "email": "alice@example.com", "token": "s3cret"}
    answer = client.post("/customers", json=content)
    record = answer.json()
    path = f"/customers/{record['id']}"
    assert answer.status_code == 201
    assert answer.headers["location"] == path
    assert answer.headers["content-type"] == "application/json"
    assert record["_links"] == {"self": path, "collection": "/customers"}
    assert list(record) == ["id", "name", "email", "created_at", "_links"]
    assert UUID(record["id"]).version == 7
    assert record["created_at"].endswith("Z")
    assert datetime.fromisoformat(record["created_at"]).utcoffset() is not None
    assert "s3cret" not in answer.text
    again = client.get(path)
    assert again.json() == record
    assert again.headers["etag"] == answer.headers["etag"]


def test_links_lead_to_references_and_open_transitions(client: httpx.Client) -> None:
    record = ticket(client)
    path = f"/tickets/{record['id']}"
    assert record["_links"] == {
        "self": path,
        "collection": "/tickets",
        "customer": f"/customers/{record['customer_id']}",
        "state:assigned": f"{path}/state",
        "state:closed": f"{path}/state",
    }
    closed = go(client, record, "closed").json()
    assert [name for name in closed["_links"] if name.startswith("state:")] == []


def test_values_are_written_in_their_json_form(client: httpx.Client) -> None:
    record = ticket(client, price=0, weight=5)
    assert (record["price"], record["weight"]) == ("0.00000000", 5)
    assert record["number"].startswith("TKT-")
    assert record["resolution"] is None
    assert record["priority"] == "low"


def test_a_page_has_items_total_and_cursor(client: httpx.Client) -> None:
    owner = customer(client)["id"]
    made = [ticket(client, customer_id=owner)["id"] for _ in range(3)]
    first = client.get(f"/tickets?customer_id={owner}&limit=2&sort=created_at").json()
    assert list(first) == ["items", "total", "next_cursor"]
    assert first["total"] == 3
    assert all(item["_links"]["self"].endswith(item["id"]) for item in first["items"])
    query = {"customer_id": owner, "limit": "2", "sort": "created_at"}
    query["cursor"] = first["next_cursor"]
    second = client.get("/tickets", params=query).json()
    assert [item["id"] for item in first["items"] + second["items"]] == made
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("method", "path", "parameter"),
    [
        ("GET", "/tickets?stat=new", "stat"),
        ("GET", "/customers?token=x", "token"),
        ("GET", f"/tickets/{NOBODY}?expand=x", "expand"),
        ("POST", "/tickets?dry=1", "dry"),
        ("PATCH", f"/tickets/{NOBODY}?x", "x"),
        ("DELETE", f"/tickets/{NOBODY}?force=true", "force"),
        ("PUT", f"/tickets/{NOBODY}/state?to=x", "to"),
        ("GET", "/health?x=1", "x"),
        ("GET", "/tickets?limit=0", "limit"),
        ("GET", "/tickets?limit=1&limit=2", "limit"),
        ("GET", "/tickets?subject=%00", "subject"),
        ("GET", "/tickets?subject=%ff", ""),
        ("GET", "/tickets?" + "&".join(f"a{n}=1" for n in range(300)), ""),
    ],
)
def test_an_unknown_parameter_is_refused(
    client: httpx.Client, method: str, path: str, parameter: str
) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/bad-query"
    assert answer.json()["errors"][0]["parameter"] == parameter


def test_an_unknown_parameter_gets_the_nearest_name(client: httpx.Client) -> None:
    (error,) = client.get("/tickets?stat=new").json()["errors"]
    assert error["detail"].endswith("did you mean `state`?")


@pytest.mark.parametrize(
    ("known", "status"),
    [
        ("{etag}", 304),
        ("W/{etag}", 304),
        ('"x", {etag}', 304),
        ("*", 304),
        ('"x"', 200),
    ],
)
def test_a_known_version_is_not_sent_again(
    client: httpx.Client, known: str, status: int
) -> None:
    path = ticket(client)["_links"]["self"]
    etag = client.get(path).headers["etag"]
    answer = client.get(path, headers={"if-none-match": known.format(etag=etag)})
    assert (answer.status_code, answer.headers["etag"]) == (status, etag)
    assert bool(answer.content) is (status == 200)


def test_an_update_changes_what_it_names(client: httpx.Client) -> None:
    record = ticket(client, resolution="r")
    path = record["_links"]["self"]
    changed = client.patch(path, json={"subject": "t"})
    assert changed.status_code == 200
    assert changed.json()["resolution"] == "r"
    cleared = client.patch(path, json={"resolution": None}).json()
    assert (cleared["subject"], cleared["resolution"]) == ("t", None)
    assert client.patch(path, json={}).status_code == 200


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "TRANSITION"])
def test_a_write_to_a_stale_version_is_refused(
    client: httpx.Client, method: str
) -> None:
    record = ticket(client)
    path = record["_links"]["self"]
    old = client.get(path).headers["etag"]
    current = client.patch(path, json={"subject": "u"}).headers["etag"]

    def write(etag: str) -> int:
        if method == "TRANSITION":
            return go(client, record, "assigned", **{"if-match": etag}).status_code
        body = {"subject": "v"} if method == "PATCH" else None
        headers = {"if-match": etag}
        return client.request(method, path, headers=headers, json=body).status_code

    assert write(old) == 412
    assert write(current) in (200, 204)


def test_a_deleted_record_is_gone(client: httpx.Client) -> None:
    path = ticket(client)["_links"]["self"]
    answer = client.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.get(path).status_code == 404
    assert client.delete(path).status_code == 404


def test_faults_of_the_repository_are_problems(client: httpx.Client) -> None:
    owner = customer(client)
    twin = client.post("/customers", json={"name": "B", "email": owner["email"]})
    assert twin.status_code == 409
    assert twin.json()["errors"][0]["pointer"] == "/email"
    lost = client.post("/tickets", json={"subject": "s", "customer_id": NOBODY})
    assert lost.status_code == 422
    assert lost.json()["errors"][0]["pointer"] == "/customer_id"
    ticket(client, customer_id=owner["id"])
    assert client.delete(owner["_links"]["self"]).status_code == 409


def test_a_transition_follows_the_workflow(client: httpx.Client) -> None:
    record = ticket(client)
    illegal = go(client, record, "resolved")
    assert illegal.status_code == 400
    assert illegal.json()["allowed_states"] == ["assigned", "closed"]
    assert go(client, record, "nonsense").status_code == 400
    assert go(client, record, "assigned").json()["state"] == "assigned"
    unmet = go(client, record, "resolved")
    assert unmet.status_code == 422
    assert [e["pointer"] for e in unmet.json()["errors"]] == ["/resolution"]
    client.patch(record["_links"]["self"], json={"resolution": "done"})
    resolved = go(client, record, "resolved")
    assert (resolved.status_code, resolved.json()["state"]) == (200, "resolved")


@pytest.mark.parametrize(
    ("method", "suffix", "body"),
    [
        ("GET", "", None),
        ("HEAD", "", None),
        ("PATCH", "", {"subject": "s"}),
        ("PATCH", "", {"weight": 1}),
        ("DELETE", "", None),
        ("PUT", "/state", {"state": "closed"}),
    ],
)
@pytest.mark.parametrize("key", [NOBODY, "nonsense", "%00", "%ff", "a%2Fb", "..%2f"])
def test_a_missing_record_is_404(
    client: httpx.Client, key: str, method: str, suffix: str, body: Any
) -> None:
    answer = client.request(method, f"/tickets/{key}{suffix}", json=body)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "path", ["/tickets/", "/tickets//state", "//tickets", "/Tickets", "/tickets/a/b"]
)
def test_other_spellings_are_404_and_never_redirect(
    client: httpx.Client, path: str
) -> None:
    answer = client.get(str(client.base_url) + path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_rules_hold_for_what_would_be_stored(client: httpx.Client) -> None:
    owner = customer(client)["id"]
    heavy = {"subject": "s", "customer_id": owner, "weight": 2000}
    refused = client.post("/tickets", json=heavy)
    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {
            "pointer": "/weight",
            "code": "rule",
            "detail": "a ticket of low priority weighs less than 1000",
        }
    ]
    record = client.post("/tickets", json=heavy | {"priority": "high"}).json()
    path = record["_links"]["self"]
    assert client.patch(path, json={"priority": "low"}).status_code == 422
    lighter = client.patch(path, json={"priority": "low", "weight": 1})
    assert lighter.status_code == 200


def test_a_key_of_several_fields_is_escaped(client: httpx.Client) -> None:
    answer = client.post("/seats", json={"hall": "a/b,c %", "place": 1, "note": "n"})
    path = answer.headers["location"]
    assert path == answer.json()["_links"]["self"] == "/seats/a%2Fb%5C,c%20%25,1"
    assert client.get(path).json()["hall"] == "a/b,c %"
    replaced = client.put(path, json={})
    assert (replaced.status_code, replaced.json()["note"]) == (200, None)
    assert client.put("/seats/x,1", json={}).status_code == 404


@pytest.mark.parametrize("path", ["/tickets", "/health", "/readyz", "/openapi.json"])
def test_head_is_get_without_a_body(client: httpx.Client, path: str) -> None:
    read, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == read.headers["content-length"]


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/tickets", "GET, HEAD, OPTIONS, POST"),
        (f"/tickets/{NOBODY}", "DELETE, GET, HEAD, OPTIONS, PATCH"),
        (f"/tickets/{NOBODY}/state", "OPTIONS, PUT"),
        ("/seats", "OPTIONS, POST"),
    ],
)
def test_a_path_tells_its_methods(client: httpx.Client, path: str, allow: str) -> None:
    options = client.options(path)
    assert (options.status_code, options.headers["allow"]) == (204, allow)
    for method in ("TRACE", "PROPFIND"):
        refused = client.request(method, path)
        assert (refused.status_code, refused.headers["allow"]) == (405, allow)
        assert refused.json()["type"] == "/problems/method-not-allowed"


def test_custom_routes_win_below_a_collection(client: httpx.Client) -> None:
    assert client.get("/tickets/urgent?limit=3").json() == {"limit": 3}
    assert client.patch("/tickets/urgent", json={}).status_code == 404


def test_pages_of_the_service(client: httpx.Client) -> None:
    assert client.get("/health").json() == {"status": "ok", "domain": "desk"}
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}
    document = client.get("/openapi.json")
    assert document.json() == {"openapi": "3.1.0"}
    known = {"if-none-match": document.headers["etag"]}
    assert client.get("/openapi.json", headers=known).status_code == 304
    for path in ("/docs", "/redoc"):
        page = client.get(path)
        assert page.headers["content-type"].startswith("text/html")
        assert "desk &lt;&amp;&gt; friends" in page.text


def test_metrics_count_by_route(client: httpx.Client) -> None:
    client.get(f"/customers/{NOBODY}")
    client.request("PROPFIND", "/customers")
    text = client.get("/metrics").text
    for line in (
        'http_requests_total{method="GET",route="/customers/{id}",status="404"}',
        'http_requests_total{method="OTHER",route="/customers",status="405"}',
        'http_request_duration_seconds_bucket{method="GET",route="/customers/{id}",le="+Inf"}',
    ):
        assert line in text
    assert NOBODY not in text


def test_a_request_has_an_id(client: httpx.Client) -> None:
    first, second = (client.get("/health").headers["x-request-id"] for _ in range(2))
    assert first != second
    echoed = client.get("/health", headers={"x-request-id": "trace-1"})
    assert echoed.headers["x-request-id"] == "trace-1"
    odd = client.get("/health", headers={"x-request-id": 'a"b'})
    assert odd.headers["x-request-id"] != 'a"b'


def test_other_origins_are_admitted_as_configured(tmp_path: Path) -> None:
    app = desk.build(tmp_path, cors_origins=("https://a.example",), auth_enabled=True)
    preflight = {"access-control-request-method": "PATCH"}
    with served(app) as client:
        for origin, status in (("https://a.example", 200), ("https://b.example", 400)):
            headers = {"origin": origin, **preflight}
            answer = client.options("/tickets", headers=headers)
            assert answer.status_code == status
        answer = client.get("/broken", headers={"origin": "https://a.example"})
    assert answer.headers["access-control-allow-origin"] == "https://a.example"
    assert answer.headers["access-control-allow-credentials"] == "true"


async def by_token(request: Request) -> Caller:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token not in ("admin", "agent", "customer"):
        raise Unauthenticated(error="invalid_token" if token else "")
    return Caller(id=token, role=token)


def test_roles_are_asked_for(tmp_path: Path) -> None:
    with served(desk.build(tmp_path, auth=by_token)) as client:
        path = f"/customers/{NOBODY}"
        assert client.get("/health").status_code == 200
        refused = client.get("/customers")
        assert (refused.status_code, refused.headers["www-authenticate"]) == (
            401,
            "Bearer",
        )
        statuses = {
            token: client.delete(
                path, headers={"authorization": f"Bearer {token}"}
            ).status_code
            for token in ("nobody", "customer", "agent", "admin")
        }
        assert statuses == {"nobody": 401, "customer": 403, "agent": 403, "admin": 404}
        as_customer = {"authorization": "Bearer customer"}
        assert client.get("/customers", headers=as_customer).status_code == 200
        assert client.post("/tickets", content=b"{").status_code == 401


def test_a_guard_may_ask_for_another_role_than_its_operation(tmp_path: Path) -> None:
    with served(desk.build(tmp_path, auth=by_token)) as client:
        client.headers["authorization"] = "Bearer admin"
        record = ticket(client, resolution="done")
        assert go(client, record, "assigned").status_code == 200
        refused = go(client, record, "resolved")
        assert (refused.status_code, refused.json()["roles"]) == (403, ["agent"])
        client.headers["authorization"] = "Bearer agent"
        assert go(client, record, "resolved").status_code == 200


def test_readiness_fails_while_the_service_ends(tmp_path: Path) -> None:
    app = desk.build(tmp_path)
    with served(app) as client:
        app.state.lifecycle.draining = True
        answer = client.get("/readyz")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert client.get("/health").status_code == 200


def test_a_client_that_leaves_harms_nobody(client: httpx.Client) -> None:
    address = (client.base_url.host, client.base_url.port or 80)
    with socket.create_connection(address) as leaving:
        leaving.sendall(
            b"POST /tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
        )
    time.sleep(0.1)
    assert client.get("/health").status_code == 200


def test_many_collections_mount_quickly() -> None:
    (customers, *_) = desk.collections(None)  # type: ignore[arg-type]
    many = [
        Collection(
            f"/c{n}",
            entity=customers.entity,
            repository=customers.repository,
            operations=customers.operations,
        )
        for n in range(200)
    ]
    started = time.perf_counter()
    mount(Table(), many, database=NO_DATABASE, auth=None, max_body_bytes=1)
    assert time.perf_counter() - started < 0.3


def test_an_operation_is_declared_once() -> None:
    (customers, *_) = desk.collections(None)  # type: ignore[arg-type]
    twice = Collection(
        "/x",
        entity=customers.entity,
        repository=customers.repository,
        operations=(List("a"), Read("b"), List("c")),
    )
    with pytest.raises(ValueError, match="GET /x is declared twice"):
        mount(Table(), [twice], database=NO_DATABASE, auth=None, max_body_bytes=1)


def test_a_collection_may_stand_at_the_root() -> None:
    (customers, *_) = desk.collections(None)  # type: ignore[arg-type]
    root = Collection(
        "",
        entity=customers.entity,
        repository=customers.repository,
        operations=(List("a"), Read("b")),
    )
    table = Table()
    mount(table, [root], database=NO_DATABASE, auth=None, max_body_bytes=1)
    assert table.templates() == ("/", "/{id}")
    for path, key in (("/", ""), ("/7", "7")):
        scope = {"type": "http", "method": "GET", "path": path}
        found = table.find(scope)
        assert found is not None
        assert found[1] == key
