"""`docs/agents.md`: its configurations start a server, its call answers as printed."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.agents.sessions import over_stdio, run, scaffold
from tests.cli.spc import BIN, environment
from tests.documents.test_readme import blocks as readme_blocks

PAGE = Path(__file__).resolve().parent.parent.parent / "docs/agents.md"


def blocks(language: str) -> list[str]:
    text = PAGE.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def servers() -> list[dict[str, Any]]:
    """The servers of every configuration on the page."""
    values = [json.loads(text) for text in blocks("json") if "specora" in text]
    values += [tomllib.loads(text) for text in blocks("toml")]
    keys = ("mcpServers", "servers", "mcp_servers")
    return [v[key]["specora"] for v in values for key in keys if key in v]


def test_every_configuration_starts_a_server(tmp_path: Path) -> None:
    project = scaffold(tmp_path)
    found = servers()
    assert len(found) == 4

    async def talk() -> None:
        for server in {json.dumps(one["args"]) for one in found}:
            args = json.loads(server.replace("${workspaceFolder}", str(project)))
            started = StdioServerParameters(
                command=str(BIN / "spc"), args=args, cwd=project, env=environment()
            )
            async with Client(stdio_client(started)) as client:
                answer = await client.call_tool("list_contracts", {})
            assert answer.structured_content["total"] == 1

    run(talk)
    assert {one["command"] for one in found} == {"spc"}


def test_the_call_answers_as_printed(tmp_path: Path) -> None:
    project = scaffold(tmp_path)
    text = readme_blocks("yaml")[0]
    for slip, right in (("aproval", "approval"), ("strng", "string"), ("yes", "true")):
        text = text.replace(slip, right)
    folder = project / "domains/desk/entities"
    (folder / "example.contract.yaml").unlink()
    (folder / "note.contract.yaml").write_text(text, "utf-8")
    call, printed = (
        json.loads(t) for t in blocks("json") if "maxLength" in t or "diff" in t
    )

    async def talk() -> None:
        async with over_stdio(project) as agent:
            answer = await agent.ask(call["name"], **call["arguments"])
        begun = printed.pop("diff").removesuffix(" ...")
        assert answer.pop("diff").startswith(begun.partition("@@")[0])
        answer.pop("version")
        assert answer == printed

    run(talk)
