"""`docs/agents.md`: its configurations start a server, its call answers as printed."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from tests.agents.sessions import run, scaffold
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


def printed() -> list[dict[str, Any]]:
    """The call on the page, and its answer."""
    return [
        json.loads(text)
        for text in blocks("json")
        if "maxLength" in text or "diff" in text
    ]


def test_configurations_start_servers_that_answer_as_printed(tmp_path: Path) -> None:
    project = scaffold(tmp_path)
    text = readme_blocks("yaml")[0]
    for slip, right in (("aproval", "approval"), ("strng", "string"), ("yes", "true")):
        text = text.replace(slip, right)
    folder = project / "domains/desk/entities"
    (folder / "example.contract.yaml").unlink()
    (folder / "note.contract.yaml").write_text(text, "utf-8")
    found = servers()
    assert len(found) == 4
    assert {one["command"] for one in found} == {"spc"}
    call, wanted = printed()
    begun = wanted.pop("diff").partition("@@")[0]

    async def talk() -> None:
        for server in {json.dumps(one["args"]) for one in found}:
            args = json.loads(server.replace("${workspaceFolder}", str(project)))
            started = StdioServerParameters(
                command=str(BIN / "spc"), args=args, cwd=project, env=environment()
            )
            async with Client(stdio_client(started)) as client:
                done = await client.call_tool(call["name"], call["arguments"])
            answer = dict(done.structured_content or {})
            assert answer.pop("diff").startswith(begun)
            answer.pop("version")
            assert answer == wanted

    run(talk)
