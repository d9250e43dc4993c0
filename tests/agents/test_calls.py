"""Calls that cannot be carried out: each is answered with what is wrong, and harms nothing."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from specora.mcp.tools import TOOLS
from tests.agents.sessions import BEFORE, Agent, over_stdio, run, scaffold
from tests.agents.test_session import NOTE, NOTES

GOOD: dict[str, dict[str, Any]] = {
    "validate": {"path": "domains/desk", "severity": "error", "limit": 3},
    "explain": {"name": "entity/bad-bound"},
    "search_language": {"query": "unique", "limit": 2},
    "list_contracts": {"kind": "entity", "query": "example"},
    "read_contract": {"name": "entity/desk/example"},
    "contract_graph": {"name": "entity/desk/example"},
    "change_contracts": {
        "path": "domains/desk",
        "contracts": [NOTE],
        "edits": [{"name": "entity/desk/example", "old": "text", "new": "json"}],
    },
    "fix_contracts": {"path": "domains/desk", "unsafe": True},
    "generate": {"path": "domains/desk", "check": True, "targets": ["openapi"]},
    "run_tests": {"output": "runtime", "select": "none", "seconds": 5},
}
"""A call of each tool, none of which writes."""
PATHS = {
    "validate": "path",
    "list_contracts": "path",
    "contract_graph": "path",
    "change_contracts": "path",
    "fix_contracts": "path",
    "generate": "path",
    "read_contract": "name",
    "run_tests": "output",
}
OUTSIDE = ("../other", "/etc", "domains/../../other", "link", "x\0y", " ", "a" * 5000)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project beside what it must not reach."""
    made = scaffold(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "secret.contract.yaml").write_text("secret: yes", "utf-8")
    (made / "link").symlink_to(other)
    return made


def everything(folder: Path) -> dict[str, bytes]:
    """All that files below a folder hold."""
    return {
        path.as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_tool_has_a_call_here() -> None:
    assert GOOD.keys() == {tool.name for tool in TOOLS}


def test_wrong_arguments(project: Path) -> None:
    before = everything(project.parent)

    async def talk() -> None:
        async with over_stdio(project, BEFORE) as agent:
            await wrong_types(agent)
            await wrong_paths(agent)
            await wrong_names(agent)
            await wrong_contracts(agent)

    run(talk)
    assert everything(project.parent) == before


async def wrong_types(agent: Agent) -> None:
    for tool, good in GOOD.items():
        fault = await agent.refusal(tool, **good, bogus=1)
        assert fault["name"] == "mcp/bad-argument"
        assert fault["argument"] == "/bogus"
        for name in good:
            for wrong in ({"a": [1]}, 1.5):
                fault = await agent.refusal(tool, **(good | {name: wrong}))
                assert fault["name"] == "mcp/bad-argument", (tool, name, wrong)
                assert fault["argument"].startswith(f"/{name}")
    fault = await agent.refusal("validate", pth="domains")
    assert "did you mean `path`?" in fault["message"]
    for missing in ("explain", "read_contract", "search_language"):
        assert (await agent.refusal(missing))["name"] == "mcp/bad-argument"
    assert (await agent.refusal("validat"))["name"] == "mcp/unknown-tool"
    assert (await agent.refusal("change_contracts"))["name"] == "mcp/nothing-wanted"


async def wrong_paths(agent: Agent) -> None:
    for tool, argument in PATHS.items():
        for path in OUTSIDE:
            fault = await agent.refusal(tool, **(GOOD[tool] | {argument: path}))
            legal = {"mcp/outside-project", "mcp/bad-argument"}
            assert fault["name"] in legal, (tool, path)
    for output in OUTSIDE:
        fault = await agent.refusal("generate", output=output)
        assert fault["name"] == "mcp/outside-project", output
    evil = NOTE.replace("domain: desk", "domain: ../../other")
    assert (await agent.refusal("change_contracts", contracts=[evil]))["name"]
    evil = NOTE.replace("name: note", "name: ../../../../other/note")
    refused, _ = await agent.call(
        "change_contracts", {"contracts": [evil], "apply": True}
    )
    assert refused


async def wrong_names(agent: Agent) -> None:
    fault = await agent.refusal("read_contract", name="entity/desk/exampel")
    assert fault["name"] == "mcp/unknown-contract"
    assert fault["help"] == "did you mean `entity/desk/example`?"
    fault = await agent.refusal("read_contract", name="README.md")
    assert fault["name"] == "mcp/unknown-contract"
    fault = await agent.refusal("validate", path="domains/dsk")
    assert fault["help"] == "did you mean `domains/desk`?"
    fault = await agent.refusal("contract_graph", name="entity/desk/nothing")
    assert fault["name"] == "mcp/unknown-contract"
    fault = await agent.refusal("explain", name="entity/bad-bond")
    assert fault["help"] == "did you mean `entity/bad-bound`?"
    fault = await agent.refusal("explain", name="entity/desk/exampel")
    assert fault["help"] == "did you mean `entity/desk/example`?"
    fault = await agent.refusal("explain", name="../../etc/passwd")
    assert fault["name"] == "mcp/outside-project"
    fault = await agent.refusal("generate", targets=["fastapi"])
    assert fault["name"] == "mcp/refused"
    assert "fastapi-prod" in fault["message"]
    fault = await agent.refusal("generate", targets=["--help"], path="domains/desk")
    assert fault["name"] == "mcp/refused"
    assert (await agent.refusal("run_tests"))["name"] == "mcp/not-generated"
    fault = await agent.refusal("validate", cursor="1000000-00000000")
    assert fault["name"] == "mcp/bad-cursor"
    fault = await agent.refusal("validate", cursor="0-00000000")
    assert fault["name"] == "mcp/stale-cursor"


async def wrong_contracts(agent: Agent) -> None:
    call = "change_contracts"
    for text in ("a: [", "", "- 1", "kind: Entity", "%YAML\n", "a: &a [*a]"):
        failed, answer = await agent.call(call, {"contracts": [text], "apply": True})
        assert failed, text
        assert answer["summary"]["errors"], text
    fault = await agent.refusal(call, contracts=["x" * 1_000_001])
    assert fault["name"] == "mcp/bad-argument"
    edit = {"name": "entity/desk/example", "old": "type", "new": "kind"}
    fault = await agent.refusal(call, edits=[edit])
    assert fault["name"] == "mcp/no-single-place"
    assert fault["argument"] == "/edits/0/old"
    edit = {"name": "mixin/stdlib/timestamped", "old": "created_at", "new": "made_at"}
    assert (await agent.refusal(call, edits=[edit]))["name"] == "mcp/not-yours"
    first = {"name": "entity/desk/example", "old": "type: text", "new": "type: ["}
    failed, answer = await agent.call(call, {"edits": [first], "apply": True})
    assert failed
    assert not answer["applied"]
    assert answer["diagnostics"][0]["name"].startswith("yaml/")


def test_mutated_calls(project: Path) -> None:
    """Three hundred calls with something wrong: the server answers each and goes on."""
    draw = random.Random(4)
    junk: tuple[Any, ...] = (
        None, True, -1, 10**30, 0.1, "", "\U0001f600" * 50, "\x00\x1b[2J", "../" * 40, [], {},
        [[]], {"": ""}, "entity/desk/example", "a: &a [*a, *a]\nb: *a", "{" * 5000, "-" * 300,
        NOTES, ["x"] * 300, "\u202e", "C:\\x", "file:///etc/passwd", "$(id)", "%00",
    )  # fmt: skip
    before = everything(project.parent)

    async def talk() -> None:
        async with over_stdio(project, BEFORE) as agent:
            outcomes = set()
            for _ in range(300):
                tool = draw.choice(
                    [t for t in GOOD if t not in ("generate", "run_tests")]
                )
                arguments = mutated(draw, GOOD[tool], junk)
                failed, answer = await agent.call(tool, arguments)
                if failed:
                    name = answer["diagnostics"][0]["name"]
                    assert name != "mcp/internal-error", (tool, arguments)
                    outcomes.add(name)
            assert len(outcomes) > 5
            assert (await agent.ask("validate"))["contracts"] == 1

    run(talk)
    assert everything(project.parent) == before


def mutated(
    draw: random.Random, good: dict[str, Any], junk: tuple[Any, ...]
) -> dict[str, Any]:
    """Arguments with one to three things wrong. `apply` is never among them."""
    made = dict(good)
    for _ in range(draw.randint(1, 3)):
        name = draw.choice([*good, draw.choice(("cursor", "limit", "path", "zz"))])
        match draw.randrange(4):
            case 0:
                made.pop(name, None)
            case 1 if isinstance(made.get(name), str) and made[name]:
                at = draw.randrange(len(made[name]))
                made[name] = made[name][:at] + draw.choice("\0./:{\n") + made[name][at:]
            case 2 if isinstance(made.get(name), list) and made[name]:
                made[name] = [*made[name], draw.choice(junk)]
            case _:
                made[name] = draw.choice(junk)
    return made


def test_links_out_of_the_project_are_refused(project: Path) -> None:
    folder = project / "domains/desk/entities"
    (folder / "leak.contract.yaml").symlink_to(
        project.parent / "other/secret.contract.yaml"
    )
    os.symlink(project.parent / "other", project / "domains/desk/routes2")
    os.rename(project / "domains/desk/routes", project / "domains/desk/kept")
    os.symlink(project.parent / "other", project / "domains/desk/routes")
    before = everything(project.parent / "other")

    async def talk() -> None:
        async with over_stdio(project) as agent:
            for tool in ("validate", "list_contracts", "contract_graph"):
                fault = await agent.refusal(tool)
                assert fault["name"] == "mcp/outside-project"
            leak = "domains/desk/entities/leak.contract.yaml"
            fault = await agent.refusal("read_contract", name=leak)
            assert fault["name"] == "mcp/outside-project"
            (project / leak).unlink()
            fault = await agent.refusal(
                "change_contracts", contracts=[NOTES, NOTE], apply=True
            )
            assert fault["name"] == "mcp/outside-project"

    run(talk)
    assert everything(project.parent / "other") == before
    assert not (project / "domains/desk/entities/note.contract.yaml").exists()
