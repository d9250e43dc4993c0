"""`spc factory explain` says what the compiler knows, with and without a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factory.explanation import domain_page, explain
from factory.proposals.places import domain_folder
from forge.ir.compiler import analyze
from forge.parser.loader import load_all_contracts
from specora_llm import choose_model
from tests.llm.command import desk, factory
from tests.llm.providers import Say, provider_stub

HELPDESK = Path(__file__).parents[2] / "domains/helpdesk"
LOADED = load_all_contracts(HELPDESK)
APP = analyze(LOADED).application
OWN = [c for c in LOADED.values() if not c.file.startswith("<")]


def rows(page: dict[str, Any], title: str) -> list[dict[str, str]]:
    """The table below a heading."""
    found = [section for section in page["sections"] if section["title"] == title]
    return list(found[0]["rows"]) if found else []


@pytest.mark.parametrize("contract", OWN, ids=lambda c: c.fqn)
def test_every_contract_has_a_page(contract: Any) -> None:
    page = explain(APP, contract)
    assert page.name == contract.fqn
    titles = [section.title for section in page.sections]
    assert titles[-1] == "What is enforced where"
    assert len(titles) > 1
    for line in page.markdown().splitlines():
        assert not line.startswith("|") or line.endswith("|")


@pytest.mark.parametrize("entity", APP.entities, ids=lambda e: e.fqn)
def test_an_entity_is_told_whole(entity: Any) -> None:
    page = explain(APP, LOADED[entity.fqn]).to_json()
    assert [r["field"] for r in rows(page, "Fields")] == [
        f"`{field.name}`" for field in entity.fields
    ]
    required = {
        r["field"] for r in rows(page, "Fields") if "required" in r["what holds"]
    }
    assert required == {f"`{f.name}`" for f in entity.fields if f.required}
    assert len(rows(page, "References out")) == len(entity.all_foreign_keys())
    incoming = [
        other.fqn
        for other in APP.entities
        for key in other.all_foreign_keys()
        if key.entity == entity.fqn
    ]
    assert [r["from"].strip("`") for r in rows(page, "References in")] == incoming
    route = APP.route_of(entity.fqn)
    assert route is not None
    assert len(rows(page, "Endpoints")) == len(route.endpoints)


def test_a_workflow_is_told_with_what_steps_need_and_do() -> None:
    page = explain(APP, LOADED["workflow/helpdesk/ticket_lifecycle"]).to_json()
    steps = {row["step"]: (row["needs"], row["does"]) for row in rows(page, "Steps")}
    assert len(steps) == len(APP.workflows[0].transitions)
    assert steps["`in_progress` → `resolved`"] == (
        "`resolution` filled",
        "sets `resolved_at` to `now`; emits `ticket.resolved`",
    )


def test_what_is_enforced_comes_from_the_table_of_coverage() -> None:
    page = explain(APP, LOADED["entity/helpdesk/ticket"]).to_json()
    told = {row["key"]: row for row in rows(page, "What is enforced where")}
    assert told["`field.immutable`"]["service"] == "enforced"
    assert told["`field.immutable`"]["schema"] == "-"
    assert "`field.renamed_from`" not in told


def test_a_domain_is_told_in_lines() -> None:
    told = domain_page(APP).to_json()
    assert len(rows(told, "Entities")) == len(APP.entities)
    assert len(rows(told, "Pages")) == len(APP.pages)


def test_the_command_needs_no_model(tmp_path: Path) -> None:
    path = desk(tmp_path)
    done = factory("explain", path, cwd=tmp_path, env={})
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0] == "# entity/desk/ticket"
    told = factory("explain", "domains/desk", "--json", cwd=tmp_path, env={})
    (page,) = json.loads(told.out)["pages"]
    assert [row["entity"] for row in rows(page, "Entities")] == [
        "`customer`",
        "`ticket`",
    ]
    asked = factory("explain", path, "--model", cwd=tmp_path, env={})
    assert asked.code == 1
    assert "ANTHROPIC_API_KEY" in asked.err


@pytest.mark.parametrize(
    ("here", "path"),
    [
        (".", "domains/desk/entities/ticket.contract.yaml"),
        ("domains/desk/entities", "ticket.contract.yaml"),
        ("domains/desk", "more/deep/agent.contract.yaml"),
        ("/", "/elsewhere/desk/entities/ticket.contract.yaml"),
    ],
)
def test_a_file_belongs_to_the_domain_above_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str, path: str
) -> None:
    desk(tmp_path)
    monkeypatch.chdir(tmp_path if here == "." else tmp_path / here)
    found = domain_folder(Path(path))
    assert found.is_absolute() == Path(path).is_absolute()
    wanted = "/elsewhere/desk" if here == "/" else tmp_path / "domains/desk"
    assert found.resolve() == Path(wanted)


def test_what_does_not_compile_is_told_as_far_as_it_goes(tmp_path: Path) -> None:
    path = tmp_path / desk(tmp_path)
    path.write_text(path.read_text("utf-8").replace("type: string\n", "type: strnig\n"))
    done = factory("explain", path, cwd=tmp_path, env={})
    assert done.code == 1
    assert "`subject`" in done.out
    assert "has errors" in done.err
    path.write_text("kind: [")
    done = factory("explain", path, cwd=tmp_path, env={})
    assert done.code == 1
    assert "error[yaml/" in done.out


def test_a_model_adds_a_summary(tmp_path: Path) -> None:
    from factory.authoring.summary import summarise

    record = tmp_path / "t.jsonl"
    desk(tmp_path)
    loaded = load_all_contracts(tmp_path / "domains/desk")
    page = explain(analyze(loaded).application, loaded["entity/desk/ticket"])
    with provider_stub(Say("Requests\x1b[31m of people.")) as stub:
        model = choose_model(stub.environ("openai"), transcript=record)
        summarise(model, [page])
    env = {"SPECORA_AI_REPLAY": str(record)}
    path = "domains/desk/entities/ticket.contract.yaml"
    done = factory("explain", path, "--model", cwd=tmp_path, env=env)
    assert done.code == 0
    assert done.out.startswith("Requests\ufffd[31m of people.\n\n# entity/desk/ticket")
