"""SPEC.md: endpoints in every notation, models, states, and what stands around a service."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import asyncpg
import pytest

from factory.importers import migrate
from factory.importers.detection import detect
from factory.importers.migration import Migration
from factory.importers.reading import Text
from factory.importers.spec_md import json_reader
from forge.ir.application import Application
from forge.ir.compiler import Compiler
from tests.cli.spc import spc
from tests.conformance.apps import generate
from tests.postgres_server import new_database
from tests.servers import running
from tests.shared import shared

SAMPLES = Path(__file__).parent / "samples"
NAMES = ("ask", "bookings", "render", "stock", "tasks")

ENUM = """# Ledger

- **GET /entries/{entry_id}** - Read one

## States

pending → booked → reversed

```python
class EntryStatus(str, Enum):
    PENDING = "pending"
    BOOKED = "booked"
    REVERSED = "reversed"

class Entry(BaseModel):
    entry_id: UUID
    status: EntryStatus = EntryStatus.PENDING
```
"""


BUILD_ID = "00000000-0000-4000-8000-000000000001"
BUILD = f"""INSERT INTO "BuildJob" (
    "build_id", "service_name", "spec_path", "approval_mode", "status", "current_phase",
    "progress_percent", "phases", "artifacts", "created_at", "deployment_urls",
    "rollback_available"
) VALUES (
    '{BUILD_ID}', 's', 'SPEC.md', 'auto', 'queued', 'parse', 0, '{{}}', '[]',
    '2026-01-01T00:00:00.000000Z', '{{}}', FALSE
)"""
BODIES = {"/builds/submit": {"spec_path": "SPEC.md"}}


def imported(name: str, folder: Path) -> tuple[Migration, Application]:
    found = migrate(SAMPLES / f"{name}-SPEC.md", "work", output=folder)
    found.apply(folder)
    return found, Compiler(folder).analyze().application


def operations(found: Migration) -> set[str]:
    return {f"{method} {path}" for method, path in found.imported.operations}


def config(found: Migration, name: str) -> dict[str, object]:
    return next(dict(c.spec) for c in found.imported.contracts if c.name == name)


def reasons(found: Migration) -> dict[str, str]:
    return {note.what: note.reason for note in found.unmapped}


@pytest.mark.parametrize("name", NAMES)
def test_is_valid_and_lasting(name: str, tmp_path: Path) -> None:
    found, _ = imported(name, tmp_path)
    faults = [d for d in Compiler(tmp_path).analyze().diagnostics if d.is_error]
    assert {d.name for d in faults} <= {"behavior/missing-function"}
    again = migrate(SAMPLES / f"{name}-SPEC.md", "work", output=tmp_path)
    assert dict(again.fixes) == {}
    assert again.differences == ()
    assert found.format == "spec-md"


def test_models_states_and_bodies(tmp_path: Path) -> None:
    found, app = imported("tasks", tmp_path)
    assert operations(found) == {
        "GET /tasks",
        "POST /tasks",
        "GET /tasks/{id}",
        "PATCH /tasks/{id}",
        "DELETE /tasks/{id}",
        "POST /tasks/{id}/assign",
    }
    task = app.entity("entity/work/task")
    assert task is not None
    fields = {f.name: f for f in task.fields}
    assert fields["title"].constraints.max_length == 120
    assert (fields["priority"].enum, fields["priority"].default) == (
        ("low", "high"),
        "low",
    )
    assert fields["assignee"].reference.entity == "entity/work/member"
    assert (fields["effort"].constraints.min, fields["effort"].constraints.max) == (
        0,
        100,
    )
    assert (fields["id"].type.value, fields["state"].column) == ("uuid", "status")
    (life,) = app.workflows
    assert (life.initial, [s.name for s in life.states]) == (
        "draft",
        ["draft", "open", "in_progress", "done", "cancelled"],
    )
    spec = config(found, "deployment")
    assert spec["config"] == {
        "service": "Task Service",
        "version": "2.1.0",
        "port": 8130,
    }
    assert spec["env_vars"] == {
        "TASKS_LIMIT": {"default": "50", "description": "Most tasks of a member"},
        "TASKS_API_KEY": {"secret": True, "description": "Key of the mailer"},
    }
    assert found.imported.checklist[:2] == (
        "Tasks survive a restart",
        "Nobody sees deleted tasks",
    )
    assert {"port 8140", "port 9999"} <= set(reasons(found))


def test_tables_and_items(tmp_path: Path) -> None:
    found, app = imported("bookings", tmp_path)
    assert operations(found) == {
        "GET /api/v1/rooms",
        "POST /api/v1/rooms",
        "GET /api/v1/rooms/{room_id}",
        "PUT /api/v1/rooms/{room_id}",
        "POST /api/v1/rooms/{room_id}/close",
        "GET /api/v1/bookings",
        "DELETE /api/v1/bookings/{booking_id}",
        "GET /api/v1/reports/usage",
    }
    room = app.entity("entity/work/room")
    booking = app.entity("entity/work/booking")
    assert room is not None
    assert booking is not None
    assert room.primary_key == ("room_id",)
    assert room.fields["kind"].enum == ("meeting", "phone", "hall")
    assert room.fields["name"].constraints.max_length == 80
    assert booking.fields["room_id"].reference.entity == "entity/work/room"
    assert booking.fields["guests"].default == 1
    assert config(found, "deployment")["config"] == {
        "service": "booking-service",
        "version": "0.3",
        "port": 8077,
    }


def test_samples_and_commands(tmp_path: Path) -> None:
    found, app = imported("stock", tmp_path)
    assert operations(found) == {
        "GET /items",
        "POST /items",
        "GET /items/{id}",
        "PUT /items/{id}",
        "DELETE /items/{id}",
        "POST /items/{id}/count",
    }
    item = app.entity("entity/work/item")
    assert item is not None
    assert item.fields["sku"].required
    assert item.fields["unit"].enum == ("piece", "box")
    assert item.fields["id"].type.value == "uuid"
    told = reasons(found)
    assert told["GET /users/{id}"] == "is not an endpoint of this service"
    assert told["GET /items query"].endswith("`warehouse`")
    assert config(found, "deployment")["config"] == {"service": "Stock", "port": 7070}


def test_code_and_the_mesh(tmp_path: Path) -> None:
    found, app = imported("render", tmp_path)
    assert {"GET /capabilities", "POST /message", "POST /jobs"} <= operations(found)
    assert "GET /jobs/{job_id}/frames" in operations(found)
    (life,) = app.workflows
    assert life.initial == "waiting"
    assert {s.name for s in life.states if s.terminal} == {"ready", "broken"}
    assert "WEBSOCKET /jobs/{job_id}/live" in reasons(found)


def test_what_cannot_be_served_is_told(tmp_path: Path) -> None:
    found, _ = imported("ask", tmp_path)
    assert operations(found) == {"POST /ask", "GET /ask/history"}
    assert {"WS /ask/live", "HEAD /ask", "GET /files/*"} <= set(reasons(found))
    (route,) = found.imported.routes
    ask = dict(route.endpoints[0].keys)
    assert ask["request_body"]["fields"]["depth"]["enum"] == ["shallow", "deep"]
    assert set(ask["response"]["fields"]) == {"answer", "sources", "confidence"}


def test_an_enum_of_python_is_a_life(tmp_path: Path) -> None:
    source = tmp_path / "SPEC.md"
    source.write_text(ENUM, "utf-8")
    found = migrate(source, "work", output=tmp_path / "work")
    found.apply(tmp_path / "work")
    (life,) = Compiler(tmp_path / "work").analyze().application.workflows
    assert life.initial == "pending"
    assert {(s.source, s.target) for s in life.transitions} == {
        ("pending", "booked"),
        ("booked", "reversed"),
    }


def test_evidence_names_the_line(tmp_path: Path) -> None:
    found, _ = imported("tasks", tmp_path)
    lines = {one["what"]: one["line"] for one in found.to_json()["evidence"]}
    text = (SAMPLES / "tasks-SPEC.md").read_text("utf-8").split("\n")
    assert text[lines["Task.effort"] - 1].strip().startswith("effort: int")
    assert text[lines["POST /tasks/{id}/assign"] - 1].startswith("**`POST /tasks/:id")


def test_depth_of_json_has_an_end() -> None:
    for text in ("{" * 500, "[" * 500, '{"a": ' + "[" * 500 + "]" * 500 + "}"):
        assert len(list(json_reader.documents(text))) <= len(text)


def test_a_heading_with_an_endpoint_is_no_spec_sheet() -> None:
    text = "service: x\ndatabase:\n\n### GET /x\n"
    assert detect([Text("SPEC.md", text)]) == "spec-md"


def test_the_build_executor(tmp_path: Path) -> None:
    source = shared("requirements", "build-executor-SPEC.md")
    folder = tmp_path / "domains" / "builds"
    found = migrate(source, "builds", output=folder)
    found.apply(folder)
    app = Compiler(folder).analyze().application
    job = app.entity("entity/builds/build_job")
    assert job is not None
    assert (job.primary_key, len(job.fields)) == (("build_id",), 16)
    (life,) = app.workflows
    assert life.initial == "queued"
    assert [s.name for s in life.states] == [
        "queued",
        "running",
        "awaiting_approval",
        "completed",
        "failed",
        "cancelled",
    ]
    assert len(found.imported.checklist) == 13
    assert config(found, "deployment")["config"]["port"] == 8211  # type: ignore[index]
    assert {"registry", "verifier", "orchestrator"} <= set(
        config(found, "mesh")["config"]["dependencies"]  # type: ignore[index]
    )
    assert not migrate(source, "builds", output=folder).fixes


@pytest.fixture(scope="module")
def build_executor(tmp_path_factory: pytest.TempPathFactory) -> tuple[Migration, Path]:
    """What was found, and the generated backend."""
    folder = tmp_path_factory.mktemp("builds")
    source = shared("requirements", "build-executor-SPEC.md")
    found = migrate(source, "builds", output=folder / "domains" / "builds")
    done = spc("factory", "migrate", source, "-d", "builds", cwd=folder)
    assert done.code == 0, done.out + done.err
    return found, generate(folder / "domains" / "builds", folder / "app")


@pytest.mark.postgres
@pytest.mark.parametrize("adapter", ["sqlite", "postgres"])
def test_the_build_executor_answers_every_listed_path(
    build_executor: tuple[Migration, Path],
    adapter: str,
    postgres_server_url: str,
    tmp_path: Path,
) -> None:
    found, app = build_executor
    with ExitStack() as stack:
        postgres = adapter == "postgres"
        url = stack.enter_context(new_database(postgres_server_url)) if postgres else ""
        service = stack.enter_context(
            running(app, adapter, state=tmp_path, postgres_url=url)
        )
        # Only a handler creates a build, and what handlers do is for people to write.
        if postgres:
            asyncio.run(execute(url, BUILD))
        else:
            with closing(sqlite3.connect(tmp_path / "test.db")) as database, database:
                database.execute(BUILD)
        statuses = {
            f"{method} {path}": service.call(
                method,
                path.replace("{build_id}", BUILD_ID),
                BODIES.get(path, {}) if method == "POST" else None,
            )[0]
            for method, path in found.imported.operations
        }
        assert service.call("GET", "/builds")[1]["items"][0]["build_id"] == BUILD_ID
        missing = BUILD_ID.replace("1", "2")
        assert service.call("GET", f"/builds/{missing}/status")[0] == 404
    handled = {
        f"{e.method} {route.base_path.rstrip('/')}{e.path}"
        for route in found.imported.routes
        for e in route.endpoints
        if "handler" in e.keys
    }
    assert len(statuses) == 11
    assert statuses == {one: 501 if one in handled else 200 for one in statuses}
    assert set(statuses) - handled == {"GET /health", "GET /builds"}


async def execute(url: str, statement: str) -> None:
    """Carry out a statement on PostgreSQL."""
    session = await asyncpg.connect(url)
    try:
        await session.execute(statement)
    finally:
        await session.close()
