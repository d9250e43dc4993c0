"""Spec sheets: services in YAML become domains whose services answer every listed path."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from factory.importers import migrate
from factory.importers.drafts import Unreadable
from factory.importers.migration import Migration
from forge.ir.application import Application
from forge.ir.compiler import Compiler
from tests.cli.spc import spc
from tests.conformance.apps import Served, generate, served
from tests.shared import shared

SAMPLE = Path(__file__).parent / "samples" / "depot.md"
SERVICES = {
    "spec_registry": 11,
    "neural_code_generator": 3,
    "knowledge_base": 8,
    "workflow_orchestrator": 11,
    "api_gateway": 6,
}
"""The printed services, and how many operations each lists."""
TENANT = str(uuid4())
BODIES: dict[str, dict[str, Any]] = {
    "/templates": {"name": "api", "version": "1", "schema": {"a": 1}},
    "/instances": {"project_id": TENANT, "user_id": TENANT, "values": {}},
    "/snippets": {"user_id": TENANT, "language": "c", "content": "int x;"},
    "/projects": {"name": "p", "state": "initialization", "user_id": TENANT},
    "/tasks": {
        "project_id": TENANT,
        "service": "s",
        "task_type": "t",
        "status": "new",
    },
    "/knowledge/{project_id}": {"key": "k", "value": 1},
    "/projects/{project_id}/state": {"state": "integration"},
}
"""What the paths are sent; `/instances` needs a template besides."""


def sheets() -> Path:
    return shared("requirements", "service-spec-sheets.md")


def compiled(found: Migration, folder: Path) -> Application:
    found.apply(folder)
    assert not [
        d
        for d in Compiler(folder).analyze().diagnostics
        if d.is_error and d.name != "behavior/missing-function"
    ]
    return Compiler(folder).analyze().application


@pytest.fixture(scope="module")
def depot(tmp_path_factory: pytest.TempPathFactory) -> Application:
    folder = tmp_path_factory.mktemp("depot")
    return compiled(migrate(SAMPLE, "parcel_depot", output=folder), folder)


def test_tables(depot: Application) -> None:
    shelf = depot.entity("entity/parcel_depot/storage_shelf")
    parcel = depot.entity("entity/parcel_depot/parcel")
    assert shelf is not None
    assert parcel is not None
    assert (shelf.table, shelf.tenant_scoped) == ("storage_shelves", True)
    assert shelf.fields["code"].constraints.max_length == 20
    assert shelf.fields["code"].unique
    assert (shelf.fields["kind"].enum, shelf.fields["kind"].default) == (
        ("cold", "dry"),
        "dry",
    )
    assert (shelf.unique, parcel.indexes) == ((("kind", "code"),), (("weight",),))
    assert parcel.primary_key == ("number",)
    reference = parcel.fields["shelf_id"].reference
    assert (reference.entity, reference.on_delete) == (shelf.fqn, "set_null")
    assert parcel.fields["weight"].constraints.scale == 2


def test_endpoints(depot: Application) -> None:
    found = {
        f"{e.method} {route.base_path.rstrip('/')}{e.path}": (
            route.entity.rpartition("/")[2],
            e.handler or e.operation.value,
        )
        for route in depot.routes
        for e in route.endpoints
        if not e.implied
    }
    assert found == {
        "GET /v1/shelves/": ("storage_shelf", "list"),
        "POST /v1/shelves/": ("storage_shelf", "create"),
        "GET /v1/shelves/{shelf_id}": ("storage_shelf", "read"),
        "PATCH /v1/shelves/{shelf_id}": ("storage_shelf", "update"),
        "DELETE /v1/shelves/{shelf_id}": ("storage_shelf", "delete"),
        "GET /parcels/{number}/state": ("parcel", "get_parcels_state"),
        "PUT /parcels/{number}/state": ("parcel", "put_parcels_state"),
        "POST /parcels/{number}/weigh": ("parcel", "parcels_weigh"),
        "GET /parcels/lost": ("parcel", "get_parcels_lost"),
        "GET /shelves/{shelf_id}/parcels": ("parcel", "get_shelves_parcels"),
        "POST /shelves/{shelf_id}/parcels": ("parcel", "post_shelves_parcels"),
    }
    update = next(
        e for r in depot.routes for e in r.endpoints if e.operation == "update"
    )
    assert update.side_effects == ({"emit_event": "shelf.updated"},)


def test_surroundings(depot: Application) -> None:
    found = {one.name: one for one in depot.infra}
    assert found["tenancy"].config == {"source": "header", "header": "X-Tenant-Id"}
    assert found["auth"].config == {"provider": "jwt"}
    assert found["deployment"].config["resources"] == {"cpu": 0.25}
    assert {v.name: (v.default, v.secret) for v in found["deployment"].env_vars} == {
        "SCALE_URL": ("http://localhost:9100", False),
        "SCALE_TOKEN": (None, True),
    }


def test_what_no_contract_says_is_told_where_it_stands(tmp_path: Path) -> None:
    found = migrate(SAMPLE, "parcel_depot", output=tmp_path)
    told = {note.what: note for note in found.unmapped}
    lines = SAMPLE.read_text("utf-8").split("\n")
    for what, text in {
        "depth collation": "depth: {type: int",
        "event van.arrived consumed": "consumes: [van.arrived]",
        "GET /health": "- path: /health",
        "replicas: 2": "replicas: 2",
        "Every van stops here.": "Every van stops here.",
        "shape vector(3)": "shape: {type: vector(3)}",
        "service counter": "yamlservice_name: counter",
    }.items():
        assert text in lines[told[what].place.line - 1]
    for fact in found.to_json()["evidence"]:
        assert fact["line"] > 2, fact
        assert fact["rule"].startswith("spec-sheet/")
    compiled(found, tmp_path)
    contract = tmp_path / "entities" / "parcel.contract.yaml"
    assert "shape vector(3): its type is not known" in contract.read_text("utf-8")


def test_a_sheet_by_itself(tmp_path: Path) -> None:
    text = SAMPLE.read_text("utf-8").split("2. Counter\nyaml")[1]
    path = tmp_path / "counter.yaml"
    path.write_text(text, "utf-8")
    found = migrate(path, "desk", output=tmp_path / "desk")
    app = compiled(found, tmp_path / "desk")
    assert [e.fqn for e in app.entities] == ["entity/desk/counter"]
    assert not app.entities[0].tenant_scoped
    assert found.folders == ("",)


def test_several_services_become_a_domain_each(tmp_path: Path) -> None:
    done = spc("factory", "migrate", SAMPLE, "-d", "depots", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "2 services, a domain each: domains/parcel_depot, domains/counter" in (
        done.out
    )
    behaviors = tmp_path / "domains" / "counter" / "behaviors" / "counter.py"
    assert "async def call(ctx: Context) -> None:" in behaviors.read_text("utf-8")
    files = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    again = spc("factory", "migrate", SAMPLE, "-d", "depots", cwd=tmp_path)
    assert "wrote 0 files" in again.out
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == files


@pytest.fixture(scope="module", params=list(SERVICES))
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Migration, Path]:
    """A printed service: its name, what was found, and the generated backend."""
    name = request.param
    folder = tmp_path_factory.mktemp(name)
    found = migrate(sheets(), name, output=folder / "domains" / name)
    done = spc("factory", "migrate", sheets(), "-d", name, cwd=folder)
    assert done.code == 0, done.out + done.err
    return name, found, generate(folder / "domains" / name, folder / "app")


@pytest.mark.postgres
@pytest.mark.parametrize("adapter", ["sqlite", "postgres"])
def test_printed_services_answer_every_listed_path(
    service: tuple[str, Migration, Path],
    adapter: str,
    postgres_server_url: str,
    tmp_path: Path,
) -> None:
    name, found, app = service
    operations = found.imported.operations
    assert len(operations) == SERVICES[name]
    with served(app, adapter, tmp_path, postgres_server_url) as running:
        statuses = dict(answers(running, operations))
        assert running.app.call("GET", "/health")[0] == 200
        if name == "api_gateway":
            status, answer = running.app.call("GET", "/api/specs/templates/1")
            assert (status, answer["status"]) == (501, 501)
    stubs = {
        f"{e.method} {route.base_path.rstrip('/')}{e.path}".rstrip("/")
        for route in found.imported.routes
        for e in route.endpoints
        if "handler" in e.keys
    }
    usual = {"GET": 200, "POST": 201, "PUT": 200, "DELETE": 204}
    assert statuses == {
        f"{method} {path}": 501 if f"{method} {path}" in stubs else usual[method]
        for method, path in operations
    }


def answers(
    running: Served, operations: tuple[tuple[str, str], ...]
) -> Iterator[tuple[str, int]]:
    """The status of each operation, on records that the service itself made."""
    headers = {"X-Tenant-Id": TENANT}
    ids: dict[str, str] = {}
    order = {"POST": 0, "GET": 1, "PUT": 2, "DELETE": 3}
    for method, path in sorted(operations, key=lambda o: (order[o[0]], o[1] + "~")):
        collection = path.partition("/{")[0]
        target = path
        for name in (part.partition("}")[0] for part in path.split("{")[1:]):
            target = target.replace("{" + name + "}", ids.get(collection, TENANT))
        body = None
        if method in ("POST", "PUT"):
            body = BODIES.get(path, BODIES.get(collection))
        if collection == "/instances" and body is not None:
            body = {**body, "template_id": template(running, headers)}
        status, answer = running.app.call(method, target, body, headers=headers)
        if status == 201:
            ids[path] = answer["id"]
            assert answer["tenant_id"] == TENANT
            other = {"X-Tenant-Id": str(uuid4())}
            key = f"{path}/{answer['id']}"
            assert running.app.call("GET", key, headers=other)[0] == 404
        yield f"{method} {path}", status
    for path in {path for method, path in operations if method == "GET"}:
        # Without a tenant nobody's records are seen.
        if "{" not in path:
            status, answer = running.app.call("GET", path)
            assert status == 501 or answer["items"] == [], path
    stored = next((path for path in ids), "")
    if stored:
        assert running.app.call("POST", stored, BODIES[stored])[0] == 400


def template(running: Served, headers: dict[str, str]) -> str:
    """The id of a template of its own, which nothing deletes."""
    body = BODIES["/templates"] | {"version": str(uuid4())}
    status, answer = running.app.call("POST", "/templates", body, headers=headers)
    assert status == 201, answer
    return str(answer["id"])


def test_other_notations(tmp_path: Path) -> None:
    """Tables by name, columns and constraints in a line, endpoints as methods with paths."""
    source = SAMPLE.with_name("loans.yaml")
    found = migrate(source, "lib", output=tmp_path)
    app = compiled(found, tmp_path)
    member = app.entity("entity/lib/member")
    loan = app.entity("entity/lib/book_loan")
    assert member is not None
    assert loan is not None
    assert (member.table, loan.table) == ("members", "book_loans")
    assert member.fields["email"].constraints.max_length == 200
    assert (member.fields["email"].required, member.fields["email"].unique) == (
        True,
        True,
    )
    assert member.fields["active"].default is True
    assert member.fields["joined"].computed is not None
    assert loan.fields["member_id"].reference.on_delete == "cascade"
    assert loan.fields["title"].unique
    assert loan.unique == (("member_id", "title"),)
    listed = [
        (route.base_path, e.method, e.path)
        for route in found.imported.routes
        for e in route.endpoints
    ]
    assert listed == [
        ("/members", "GET", "/"),
        ("/members", "POST", "/"),
        ("/loans", "GET", "/{loan_id}"),
        ("/loans", "GET", "/"),
        ("/loans", "POST", "/"),
        ("/loans", "POST", "/{loan_id}/renew"),
    ]
    assert loan.fields["pages"].constraints.min == 1
    told = {(note.place.line, note.what) for note in found.unmapped}
    assert (15, "pages collate x") in told
    assert not migrate(source, "lib", output=tmp_path).fixes


def test_bounds_and_deep_paths(tmp_path: Path) -> None:
    """Fenced and printed services in one file, checks, three levels, paths without an end."""
    source = SAMPLE.with_name("clinic.md")
    found = migrate(source, "clinic", output=tmp_path / "clinic")
    app = compiled(found, tmp_path / "clinic")
    visit = app.entity("entity/clinic/visit")
    patient = app.entity("entity/clinic/patient")
    assert visit is not None
    assert patient is not None
    score, status = visit.fields["score"].constraints, visit.fields["status"]
    assert (score.min, score.max, status.enum) == (1, 10, ("open", "done"))
    assert (patient.fields["kind"].enum, visit.unique) == (
        ("a", "b"),
        (("patient_id", "status"),),
    )
    assert patient.fields["email"].constraints.max_length == 120
    handlers = {
        f"{e.method} {route.base_path.rstrip('/')}{e.path}": e.handler
        for route in app.routes
        for e in route.endpoints
    }
    assert (
        handlers["GET /patients/{patient_id}/visits/{visit_id}/notes/{note_id}"]
        == "get_patients_visits_notes_2"
    )
    assert handlers["POST /patients/{patient_id}/merge/{other_id}"] == "patients_merge"
    assert handlers["GET /files/{path}/{path_2}/{path_3}"] == "get_files_3_steps"
    mail = compiled(
        migrate(source, "mail", output=tmp_path / "mail"), tmp_path / "mail"
    )
    assert [e.handler for r in mail.routes for e in r.endpoints] == [
        "send",
        "get_queue_messages",
    ]


BOMBS = {
    "cycle": "components: &a [*a]\n",
    "deep": f"container: {'[' * 150}{']' * 150}\n",
    "wide": f"a: &a [{'x,' * 99}]\nb: &b [{'*a ,' * 99}]\nc: [{'*b ,' * 99}]\n",
    "long": f"tables: {{t: {{columns: {{c: {{type: text, default: {'x' * 9**7}}}}}}}}}\n",
    "text": f"components: {{a: {'x' * 9**7}}}\n",
}


@pytest.mark.parametrize("bomb", list(BOMBS))
def test_small_texts_that_are_large(bomb: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_text(f"service_name: x\nendpoints: [GET /a]\n{BOMBS[bomb]}", "utf-8")
    with suppress(Unreadable):
        found = migrate(path, "x", output=tmp_path / "x")
        assert sum(map(len, found.texts.values())) < 100_000
