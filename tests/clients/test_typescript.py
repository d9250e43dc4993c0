"""`client.ts` covers every operation and talks with real services under Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import PASSWORD, Served
from tests.targets.tsc import javascript

HERE = Path(__file__).parent

OPERATIONS = """
import { createClient } from "./js/client.js";

const ids = [];
for (const collection of Object.values(createClient({ baseUrl: "http://x" })))
  for (const call of Object.values(collection)) if (call.operationId) ids.push(call.operationId);
console.log(JSON.stringify(ids));
"""


def node(folder: Path, script: str, *arguments: str) -> str:
    """What a module prints that stands beside the compiled client."""
    (folder / "main.mjs").write_text(script, "utf-8")
    done = subprocess.run(
        ["node", "main.mjs", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def described(tree: Path) -> list[str]:
    """The ids of the operations that the document describes."""
    document = json.loads((tree / "openapi.json").read_text("utf-8"))
    return sorted(
        operation["operationId"]
        for item in document["paths"].values()
        for operation in item.values()
    )


def test_every_operation_has_a_method(tree: Path, tmp_path: Path) -> None:
    javascript(tree, tmp_path, "types", "client")
    assert sorted(json.loads(node(tmp_path, OPERATIONS))) == described(tree)


@pytest.mark.parametrize("script", ["records", "lists", "failures"])
def test_the_client_talks_with_a_service(
    desk: Served, script: str, tmp_path: Path
) -> None:
    javascript(desk.tree, tmp_path, "types", "client")
    text = (HERE / "node" / f"{script}.mjs").read_text("utf-8")
    assert node(tmp_path, text, desk.url) == "done\n"


def test_a_session_is_renewed(vault: Served, tmp_path: Path) -> None:
    javascript(vault.tree, tmp_path, "types", "client")
    text = (HERE / "node" / "session.mjs").read_text("utf-8")
    assert node(tmp_path, text, vault.url, PASSWORD) == "done\n"
