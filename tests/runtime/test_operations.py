"""What operations declare beyond the usual, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import httpx
import pytest
from pydantic import Field as Member
from serving import served

from specora_runtime.app import create_app
from specora_runtime.entity import (
    Caller,
    Computed,
    EmitEvent,
    Entity,
    Field,
    Guard,
    Record,
    Sequence,
    SetField,
    Type,
    Workflow,
)
from specora_runtime.operations import (
    Collection,
    Create,
    Delete,
    List,
    Read,
    Replace,
    Rule,
    Transition,
    Update,
)
from specora_runtime.repository import SqlRepository
from specora_runtime.settings import Settings
from specora_runtime.sqlite import MemoryDatabase
from specora_runtime.types import UNSET, Body, Format, Int64, OneOf, Text

JOB: Final = Entity(
    name="job",
    table="jobs",
    path="/jobs",
    fields=(
        Field(
            name="id",
            type=Type.UUID,
            required=True,
            immutable=True,
            computed=Computed.UUID,
        ),
        Field(name="title", type=Type.STRING, required=True),
        Field(name="class", type=Type.STRING),
        Field(name="code", type=Type.STRING, required=True),
        Field(name="level", type=Type.INTEGER, values=(1, 2)),
        Field(name="site", type=Type.STRING),
        Field(name="resolution", type=Type.TEXT),
        Field(name="done_at", type=Type.DATETIME),
        Field(name="state", type=Type.STRING, required=True, default="open"),
    ),
    workflow=Workflow(
        field="state",
        initial="open",
        transitions={"open": ("done",), "done": ()},
        guards={("open", "done"): Guard(require_fields=("resolution", "done_at"))},
    ),
)
SCHEMA: Final = """\
CREATE TABLE IF NOT EXISTS "jobs" (
    "id" TEXT PRIMARY KEY,
    "title" TEXT NOT NULL,
    "class" TEXT,
    "code" TEXT NOT NULL,
    "level" INTEGER,
    "site" TEXT,
    "resolution" TEXT,
    "done_at" TEXT,
    "state" TEXT NOT NULL
);
"""


class JobCreate(Body):
    title: Text
    class_: Text | None = Member(default=None, alias="class")
    level: Annotated[Int64, OneOf(1, 2)] | None = None
    site: Annotated[Text, Format("uri")] | None = None


class JobReplace(Body):
    title: Text
    class_: Text | None = Member(default=None, alias="class")
    level: Annotated[Int64, OneOf(1, 2)] | None = None


class JobUpdate(Body):
    title: Text = UNSET
    class_: Text | None = Member(default=UNSET, alias="class")


class TransitionJobBody(Body):
    state: Text
    resolution: Text


def long_enough(record: Record, caller: Caller) -> bool:
    return len(record["title"]) > 2


def not_forbidden(record: Record, caller: Caller) -> bool:
    return str(record["title"]) != "forbidden"


def coded(record: Record, caller: Caller) -> bool:
    return record["code"] != "X-forbidden"


def resolved_well(record: Record, caller: Caller) -> bool:
    return record["state"] != "done" or record["resolution"] != "meh"


def shout(record: Record, caller: Caller) -> str:
    return f"X-{record['title']}"


RULES: Final = (
    Rule(long_enough, "too short", "title", status=409, code="short"),
    Rule(not_forbidden, "forbidden", "title"),
    Rule(coded, "bad code", "code"),
)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[httpx.Client]:
    (tmp_path / "schema.sqlite.sql").write_text(SCHEMA)
    (tmp_path / "openapi.json").write_text("{}")
    database = MemoryDatabase((JOB,), tmp_path / "schema.sqlite.sql")
    repository = type("Jobs", (SqlRepository,), {"entity": JOB, "database": database})
    coded_by = (SetField(field="code", function=shout),)
    jobs = Collection(
        "/jobs",
        entity=JOB,
        repository=repository,
        operations=(
            List("list_jobs", filters=("title", "level")),
            Create("create_job", body=JobCreate, validation=RULES, fills=coded_by),
            Read("get_job"),
            Replace("replace_job", body=JobReplace, status=202),
            Update("update_job", body=JobUpdate, status=204, validation=RULES[:1]),
            Delete("delete_job", status=200, validation=RULES[:1]),
            Transition(
                "transition_job",
                body=TransitionJobBody,
                fills=(SetField(field="done_at", value="now"),),
                validation=(Rule(resolved_well, "do better", "resolution"),),
            ),
        ),
    )
    numbered = Collection(
        "/numbered",
        entity=JOB,
        repository=repository,
        operations=(
            Create(
                "create_numbered",
                body=JobUpdate,
                fills=(
                    SetField(field="code", sequence=Sequence(prefix="J-", width=3)),
                    SetField(field="title", value="numbered"),
                ),
                effects=(EmitEvent(name="job.made"),),
            ),
        ),
    )
    app = create_app(
        title="jobs",
        domain="jobs",
        settings=Settings(domain="jobs", database_backend="memory"),
        database=database,
        collections=(jobs, numbered),
        openapi=tmp_path / "openapi.json",
    )
    with served(app) as client:
        yield client


def job(client: httpx.Client, **values: object) -> dict[str, object]:
    answer = client.post("/jobs", json={"title": "clean"} | values)
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


def codes(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def test_only_declared_fields_are_filters(client: httpx.Client) -> None:
    job(client, level=1)
    job(client, level=2)
    assert client.get("/jobs?level=1&title=clean&sort=-code").json()["total"] == 1
    for name in ("code", "titel", "code[null]", "state"):
        answer = client.get("/jobs", params={name: "true"})
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["code"] == "unknown-parameter"
        assert "`code`" not in error["detail"].partition(":")[2]
    assert "did you mean `title`?" in client.get("/jobs?titel=x").text
    assert client.get("/jobs?sort=code,state").status_code == 200


def test_a_rule_names_its_status_and_code(client: httpx.Client) -> None:
    short = client.post("/jobs", json={"title": "x"})
    assert (short.status_code, short.json()["status"]) == (409, 409)
    assert codes(short) == [("/title", "short")]
    assert short.json()["title"] == "Conflict"
    usual = client.post("/jobs", json={"title": "forbidden"})
    assert usual.status_code == 422
    assert codes(usual) == [("/title", "rule"), ("/code", "rule")]


def test_a_filled_field_is_read_only(client: httpx.Client) -> None:
    assert job(client)["code"] == "X-clean"
    sent = client.post("/jobs", json={"title": "clean", "code": "mine"})
    assert sent.status_code == 422
    assert codes(sent) == [("/code", "read-only")]


def test_numbers_are_drawn_with_the_record(client: httpx.Client) -> None:
    codes = [client.post("/numbered", json={}).json()["code"] for _ in range(2)]
    assert codes == ["J-001", "J-002"]


def test_a_replacement_clears_a_field_with_another_attribute(
    client: httpx.Client,
) -> None:
    record = job(client, **{"class": "a", "level": 1})
    answer = client.put(f"/jobs/{record['id']}", json={"title": "new"})
    assert answer.status_code == 202
    found = answer.json()
    assert (found["title"], found["class"], found["level"]) == ("new", None, None)
    assert found["code"] == record["code"]


def test_an_answer_without_a_body_has_the_version(client: httpx.Client) -> None:
    record = job(client)
    path = f"/jobs/{record['id']}"
    answer = client.patch(path, json={"title": "other"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["etag"] == client.get(path).headers["etag"]
    assert client.patch(path, json={"title": "x"}).status_code == 409


def test_a_delete_may_have_rules_and_another_status(client: httpx.Client) -> None:
    path = f"/jobs/{job(client)['id']}"
    assert client.delete(path).status_code == 200
    assert client.delete(path).status_code == 404
    # A record may be older than the rule.
    short = client.put(f"/jobs/{job(client)['id']}", json={"title": "x"}).json()
    assert client.delete(f"/jobs/{short['id']}").status_code == 409


def test_a_step_holds_more_than_a_state(client: httpx.Client) -> None:
    path = f"/jobs/{job(client)['id']}/state"
    missing = client.put(path, json={"state": "done"})
    assert codes(missing) == [("/resolution", "required")]
    filled = client.put(
        path, json={"state": "done", "resolution": "r", "done_at": None}
    )
    assert codes(filled) == [("/done_at", "read-only")]
    meh = client.put(path, json={"state": "done", "resolution": "meh"})
    assert codes(meh) == [("/resolution", "rule")]
    done = client.put(path, json={"state": "done", "resolution": "well"})
    assert done.status_code == 200
    found = done.json()
    assert (found["state"], found["resolution"]) == ("done", "well")
    assert found["done_at"] is not None
    again = client.put(path, json={"state": "done", "resolution": "twice"})
    assert (again.status_code, again.json()["allowed_states"]) == (400, [])


def test_values_of_enums_and_forms(client: httpx.Client) -> None:
    assert job(client, level=2.0)["level"] == 2
    assert job(client, site="https://a.example/b?c#d")["site"]
    wrong = client.post("/jobs", json={"title": "clean", "level": 3, "site": "here"})
    assert codes(wrong) == [("/level", "not-an-enum-value"), ("/site", "bad-format")]
    for level in (True, "1", 1.5):
        assert (
            client.post("/jobs", json={"title": "abc", "level": level}).status_code
            == 422
        )
    bad = client.get("/jobs?level=3")
    assert (bad.status_code, bad.json()["errors"][0]["code"]) == (400, "bad-value")
