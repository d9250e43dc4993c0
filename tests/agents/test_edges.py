"""Where projects are not as usual, and calls not one at a time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import anyio

from tests.agents.sessions import (
    Agent,
    is_running,
    over_http,
    over_stdio,
    run,
    scaffold,
    served,
)
from tests.agents.test_session import NOTE, NOTES
from tests.cli.spc import environment


def entity(name: str) -> str:
    return NOTE.replace("name: note", f"name: {name}")


def test_changes_at_once_and_in_the_right_folder(tmp_path: Path) -> None:
    project = scaffold(tmp_path)
    domains = project / "domains"

    async def talk() -> None:
        async with over_stdio(project) as agent:
            await seen(agent, domains / "desk")
            await at_once(agent)
            # The folder of a domain may have another name than the domain.
            (domains / "desk").rename(domains / "office")
            done = await agent.ask("change_contracts", contracts=[NOTE], apply=True)
            assert done["files"] == ["domains/office/entities/note.contract.yaml"]
            await two_domains(agent)
            await together(agent, domains)
            whole = str(project / "domains/office")
            assert (await agent.ask("validate", path=whole))["contracts"] > 10
            os.mkfifo(domains / "office/entities/pipe.contract.yaml")
            fault = await agent.refusal("validate")
            assert fault["name"] == "mcp/no-file"

    run(talk)


async def seen(agent: Agent, folder: Path) -> None:
    """What another program writes between two calls is seen by the next."""
    note, route = (
        folder / "entities/note.contract.yaml",
        folder / "routes/n.contract.yaml",
    )
    assert (await agent.ask("validate"))["contracts"] == 1
    note.write_text(NOTE, "utf-8")
    route.write_text(NOTES, "utf-8")
    assert (await agent.ask("validate"))["contracts"] == 3
    note.write_text(entity("memo"), "utf-8")
    wrong = await agent.ask("validate")
    assert wrong["diagnostics"][0]["name"] == "contract/unresolved-reference"
    by_file = await agent.ask("validate", path="domains/desk/routes/n.contract.yaml")
    assert by_file["diagnostics"] == wrong["diagnostics"]
    other = await agent.ask("validate", path="domains/desk/entities/note.contract.yaml")
    assert (other["summary"]["errors"], other["diagnostics"]) == (0, [])
    found = await agent.ask("contract_graph", name="entity/desk/memo")
    assert found["total"] == 2
    note.unlink()
    route.unlink()


async def at_once(agent: Agent) -> None:
    """Every change is whole, and none is lost."""

    async def change(number: int) -> None:
        text = entity(f"part_{number}")
        assert (await agent.ask("change_contracts", contracts=[text], apply=True))[
            "applied"
        ]
        assert (await agent.ask("validate"))["summary"]["errors"] == 0

    async with anyio.create_task_group() as group:
        for number in range(10):
            group.start_soon(change, number)
    assert (await agent.ask("list_contracts", query="part_"))["total"] == 10


async def two_domains(agent: Agent) -> None:
    """A new domain comes of its first contract; after that it has to be plain which is meant."""
    shop = NOTE.replace("domain: desk", "domain: shop")
    done = await agent.ask("change_contracts", contracts=[shop], apply=True)
    assert done["files"] == ["domains/shop/entities/note.contract.yaml"]
    fault = await agent.refusal("change_contracts", contracts=[shop, NOTE])
    assert fault["name"] == "mcp/several-domains"
    fault = await agent.refusal("generate")
    assert fault["name"] == "mcp/several-domains"
    edit = {"name": "entity/shop/note", "old": "80", "new": "90"}
    fault = await agent.refusal("change_contracts", path="domains/office", edits=[edit])
    assert fault["name"] == "mcp/other-domain"
    assert (await agent.ask("change_contracts", edits=[edit]))["files"] == done["files"]


async def together(agent: Agent, domains: Path) -> None:
    """A new contract and the edit that refers to it are one change."""
    tag = entity("tag")
    link = (
        "    stars: {type: integer, default: 3}",
        "    tag_id: {type: uuid, references: {entity: entity/desk/tag}}",
    )
    edit = {"name": "entity/desk/note", "old": link[0], "new": "\n".join(link)}
    fault = await agent.refusal("change_contracts", edits=[edit], apply=True)
    assert fault["name"] == "contract/unresolved-reference"
    again = {"name": "entity/desk/tag", "old": "80", "new": "40"}
    done = await agent.ask(
        "change_contracts", contracts=[tag], edits=[edit, again], apply=True
    )
    assert done["applied"]
    assert len(done["files"]) == 2
    text = (domains / "office/entities/tag.contract.yaml").read_text("utf-8")
    assert text == tag.replace("80", "40")


def test_a_client_that_goes_away_ends_what_it_asked_for(tmp_path: Path) -> None:
    tests = tmp_path / "runtime/tests"
    tests.mkdir(parents=True)
    mark = tmp_path / "pid"
    (tests / "test_slow.py").write_text(
        "import os, time\nfrom pathlib import Path\ndef test_slow():\n"
        f"    Path({str(mark)!r}).write_text(str(os.getpid()))\n    time.sleep(120)\n",
        "utf-8",
    )

    async def talk(url: str) -> None:
        async with over_http(url) as agent, anyio.create_task_group() as group:
            group.start_soon(agent.call, "run_tests", {})
            while not (mark.exists() and mark.read_text()):
                await anyio.sleep(0.05)
            group.cancel_scope.cancel()

    with served(tmp_path) as url:
        run(lambda: talk(url))
        end = time.monotonic() + 15
        while is_running(int(mark.read_text())):
            assert time.monotonic() < end
            time.sleep(0.05)


def test_without_the_extra(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['mcp'] = None; sys.argv = ['spc', 'mcp']\n"
        "from specora.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 1
    assert "specora-core[mcp]" in done.stderr
    assert "Traceback" not in done.stderr
