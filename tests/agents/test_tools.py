"""What the list of tools says, and what it costs an agent to read."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs

from specora.mcp.tools import TOOLS
from tests.agents.sessions import over_stdio, run

MOST_TOKENS = 5_000
BYTES_OF_A_TOKEN = 3
"""Fewer than tokenizers come to, so that the count is never too low."""


def test_the_list(tmp_path: Path) -> None:
    async def talk() -> None:
        async with over_stdio(tmp_path) as agent:
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

    run(talk)


def test_only_reading_tools_say_that_they_change_nothing() -> None:
    writing = {tool.name for tool in TOOLS if not tool.reads_only}
    assert writing == {"change_contracts", "fix_contracts", "generate", "run_tests"}


def test_every_argument_is_described() -> None:
    from specora.mcp.arguments import schema_of

    for tool in TOOLS:
        for name, schema in schema_of(tool.takes)["properties"].items():
            assert schema.get("description"), (tool.name, name)
        json.dumps(schema_of(tool.takes))
