"""An agent's work from the first question to a tested service, over both transports."""

from __future__ import annotations

from pathlib import Path

import jsonschema_rs

from tests.agents.sessions import (
    BEFORE,
    CURRENT,
    Agent,
    over_http,
    over_stdio,
    run,
    scaffold,
    served,
)

NOTE = """\
apiVersion: specora.dev/v1
kind: Entity
metadata: {name: note, domain: desk, description: A note}  # the heart of it
spec:
  fields:
    title: {type: string, required: true, constraints: {maxLength: 80}}
    stars: {type: integer, default: 3}  # of five
  mixins: [mixin/stdlib/identifiable, mixin/stdlib/timestamped]
"""
NOTES = """\
apiVersion: specora.dev/v1
kind: Route
metadata: {name: notes, domain: desk}
spec: {entity: entity/desk/note}
"""


MOST_TOKENS = 5_000
BYTES_OF_A_TOKEN = 3
"""Fewer than tokenizers come to, so that the count is never too low."""


async def read_the_list(agent: Agent) -> None:
    """What an agent reads before anything else: bounded, described, valid."""
    listed = await agent.client.list_tools()
    text = listed.model_dump_json(by_alias=True, exclude_none=True)
    assert len(text.encode()) / BYTES_OF_A_TOKEN < MOST_TOKENS
    assert len(listed.tools) <= 10
    for tool in listed.tools:
        assert tool.title, tool.name
        assert tool.description, tool.name
        assert tool.annotations is not None
        assert tool.annotations.open_world_hint is False
        jsonschema_rs.meta.validate(tool.input_schema)
        jsonschema_rs.meta.validate(tool.output_schema)
        assert tool.input_schema["additionalProperties"] is False


async def look_around(agent: Agent) -> None:
    """What can be known without changing anything."""
    await read_the_list(agent)
    assert agent.client.instructions
    assert (await agent.ask("validate"))["summary"] == {"errors": 0, "warnings": 0}
    listed = await agent.ask("list_contracts")
    assert [one["fqn"] for one in listed["contracts"]] == ["entity/desk/example"]
    read = await agent.ask("read_contract", name="entity/desk/example")
    by_file = await agent.ask("read_contract", name=read["file"])
    assert read["text"] == by_file["text"]
    assert "name: example" in read["text"].splitlines()[4]
    library = await agent.ask("read_contract", name="workflow/stdlib/ticket")
    assert library["fqn"] == "workflow/stdlib/ticket"
    graph = await agent.ask("contract_graph", name="mixin/stdlib/timestamped")
    assert {"from": "entity/desk/example", "to": "mixin/stdlib/timestamped"} in graph[
        "edges"
    ]
    found = await agent.ask("search_language", query="on delete cascade")
    assert "`references`" in [match["name"] for match in found["matches"]]
    page = await agent.ask("explain", name="entity/unknown-field")
    assert page["text"].startswith("# entity/unknown-field\n")
    page = await agent.ask("explain", name="entity/desk/example")
    assert "# entity/desk/example" in page["text"].split("\n")
    by_file = await agent.ask("explain", name=read["file"])
    assert by_file["text"] == page["text"]
    assert (await agent.ask("explain", name="domains/desk"))["total"] > 50
    assert (await agent.ask("explain", name="endpoint"))["text"].startswith(
        "### Endpoint"
    )
    manual = await agent.client.read_resource("specora://AGENTS.md")
    assert "## Contract Language Reference" in getattr(
        manual.contents[0], "text", ""
    ).split("\n")


async def change(agent: Agent, project: Path) -> None:
    """A proposal writes nothing; what has errors is not written; the rest keeps its comments."""
    wrong = NOTE.replace("string", "strng")
    proposal = await agent.ask("change_contracts", contracts=[wrong, NOTES])
    assert (proposal["applied"], proposal["valid"]) == (False, False)
    refused, answer = await agent.call(
        "change_contracts", {"contracts": [wrong, NOTES], "apply": True}
    )
    assert refused
    assert answer["diagnostics"][0]["name"] == "entity/unknown-field-type"
    assert not (project / "domains/desk/routes/notes.contract.yaml").exists()

    proposal = await agent.ask("change_contracts", contracts=[NOTE, NOTES])
    assert (proposal["applied"], proposal["valid"]) == (False, True)
    assert "+++ b/domains/desk/routes/notes.contract.yaml" in proposal["diff"].split(
        "\n"
    )
    assert not (project / "domains/desk/entities/note.contract.yaml").exists()
    done = await agent.ask("change_contracts", contracts=[NOTE, NOTES], apply=True)
    assert done["applied"]
    assert done["diff"] == proposal["diff"]

    bounded = NOTE.replace("default: 3", "default: 3, constraints: {min: 1, max: 5}")
    plain = "\n".join(line.partition("  #")[0] for line in bounded.splitlines())
    done = await agent.ask("change_contracts", contracts=[plain], apply=True)
    path = project / "domains/desk/entities/note.contract.yaml"
    assert path.read_text("utf-8") == bounded
    again = await agent.ask("change_contracts", contracts=[plain], apply=True)
    assert (again["applied"], again["files"], again["diff"]) == (False, [], "")
    edit = {"name": "entity/desk/note", "old": "max: 5}", "new": "max: 6}"}
    done = await agent.ask("change_contracts", edits=[edit], apply=True)
    assert done["files"] == ["domains/desk/entities/note.contract.yaml"]
    assert path.read_text("utf-8") == bounded.replace("max: 5", "max: 6")


async def build(agent: Agent, project: Path) -> None:
    """From valid contracts to a service that passes its own tests."""
    assert (await agent.ask("validate"))["summary"]["errors"] == 0
    planned = await agent.ask("generate", check=True, targets=["openapi"])
    assert (planned["would_change"], planned["written"]) == (True, ["openapi.json"])
    assert not (project / "runtime").joinpath("openapi.json").exists()
    made = await agent.ask("generate")
    assert made["written_total"] > 100
    assert (project / "runtime/backend/app.py").is_file()
    tested = await agent.ask("run_tests", select="test_notes and Refusing")
    assert tested["ok"], tested
    assert tested["passed"] > 5
    assert tested["failed"] + tested["errors"] == 0


async def wait(agent: Agent, project: Path) -> None:
    """What takes long tells that it goes on."""
    told: list[float] = []

    async def progress(at: float, total: float | None, message: str | None) -> None:
        told.append(at)

    slow = "import time\ndef test_slow():\n    time.sleep(2.5)\n"
    (project / "runtime/tests/test_wait.py").write_text(slow, "utf-8")
    waited = await agent.client.call_tool(
        "run_tests", {"select": "test_wait"}, progress_callback=progress
    )
    assert not waited.is_error
    assert told
    assert sorted(told) == told


def test_over_stdio_with_the_version_before(tmp_path: Path) -> None:
    project = scaffold(tmp_path)

    async def talk() -> None:
        async with over_stdio(project, BEFORE) as agent:
            await look_around(agent)
            await change(agent, project)
            await build(agent, project)
            await wait(agent, project)

    run(talk)


def test_over_http_with_the_current_version(tmp_path: Path) -> None:
    project = scaffold(tmp_path)

    async def talk(url: str) -> None:
        async with over_http(url, CURRENT) as agent:
            await look_around(agent)
            await change(agent, project)
            await build(agent, project)

    with served(project) as url:
        run(lambda: talk(url))


def test_the_other_pairs(tmp_path: Path) -> None:
    project = scaffold(tmp_path)

    async def talk(url: str) -> None:
        async with over_http(url, BEFORE) as agent:
            await look_around(agent)
        async with over_stdio(project, CURRENT) as agent:
            await look_around(agent)
            await change(agent, project)

    with served(project) as url:
        run(lambda: talk(url))
