"""`docs/reference/mcp.md`, from the table of tools and the models of their arguments."""

from __future__ import annotations

from typing import Any

from specora.mcp.arguments import schema_of
from specora.mcp.tools import TOOLS, Tool


def mcp_page() -> str:
    """Every tool with its arguments."""
    return "\n\n".join(map(_section, TOOLS)) + "\n"


def _section(tool: Tool) -> str:
    schema = schema_of(tool.takes)
    required = schema.get("required", ())
    rows = [
        f"| `{name}`{' (required)' if name in required else ''} | {_type(one)} "
        f"| {_cell(one['description'])} |"
        for name, one in schema["properties"].items()
    ]
    answers = ", ".join(f"`{name}`" for name in tool.answers["properties"])
    effect = "Changes nothing." if tool.reads_only else "May write."
    parts = (
        f"## {tool.name}",
        f"{tool.description} {effect}",
        "\n".join(("| argument | type | says |", "|---|---|---|", *rows)),
        f"Answers {answers}.",
    )
    return "\n\n".join(parts)


def _type(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return " ".join(f"`{word}`" for word in schema["enum"])
    if "items" in schema:
        item = schema["items"]
        return f"list of {item.get('type', 'object')}"
    return str(schema["type"])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
