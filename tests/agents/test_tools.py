"""What the table of tools says."""

from __future__ import annotations

import json

from specora.mcp.tools import TOOLS


def test_only_reading_tools_say_that_they_change_nothing() -> None:
    writing = {tool.name for tool in TOOLS if not tool.reads_only}
    assert writing == {"change_contracts", "fix_contracts", "generate", "run_tests"}


def test_every_argument_is_described() -> None:
    from specora.mcp.arguments import schema_of

    for tool in TOOLS:
        for name, schema in schema_of(tool.takes)["properties"].items():
            assert schema.get("description"), (tool.name, name)
        json.dumps(schema_of(tool.takes))


def test_every_answer_of_a_tool_is_described_by_key() -> None:
    for tool in TOOLS:
        assert tool.answers["type"] == "object"
        assert tool.answers["properties"], tool.name
        assert "required" not in tool.answers, tool.name


def test_search_finds_what_is_asked_for() -> None:
    from factory.briefing.search import search

    asked = {
        "how do I limit the length of a string": "`constraints`",
        "rename a field": "Field",
        "on delete cascade": "`references`",
        "roles login auth": "Example: Infra auth",
        "state machine transitions": "Workflow `spec`",
        "custom endpoint handler": "Endpoint",
        "tenant": "Entity `spec`",
        "entity/bad-bound": "entity/bad-bound",
        "guard condition": "Guard",
    }
    for query, wanted in asked.items():
        assert wanted in [found.name for found in search(query)[:4]], query
    assert search("qqqq") == ()
    assert search("") == ()
