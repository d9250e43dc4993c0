"""Long lists come in pages that an agent can afford, and nothing is lost or told twice."""

from __future__ import annotations

import json
from pathlib import Path

from tests.agents.sessions import over_stdio, run

FILES = 60
MOST_BYTES = 40_000
"""Of one answer, whatever it lists."""


def write(folder: Path, name: str, fields: str) -> None:
    path = folder / f"{name}.contract.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "apiVersion: specora.dev/v1\nkind: Entity\n"
        f"metadata: {{name: {name}, domain: big, description: {'about it ' * 30}}}\n"
        f"spec:\n  mixins: [mixin/stdlib/identifiable]\n  fields:\n{fields}",
        "utf-8",
    )


def big(project: Path) -> None:
    """Many entities, each with a fault, and one of a hundred kilobytes."""
    folder = project / "domains/big/entities"
    for number in range(FILES):
        text = f"    title: {{type: string, requird: {number % 2}}}\n"
        write(folder, f"thing_{number:03}", text)
    long = "".join(
        f"    # field {n}: äöü {'x' * 60}\n    f{n}: {{type: text}}\n"
        for n in range(900)
    )
    write(folder, "large", long)


def test_pages(tmp_path: Path) -> None:
    big(tmp_path)

    async def talk() -> None:
        async with over_stdio(tmp_path) as agent:
            pages = await agent.pages("list_contracts", "contracts")
            names = [one["fqn"] for page in pages for one in page]
            assert len(pages) == 2
            assert len(set(names)) == len(names) == FILES + 1
            first = await agent.ask("list_contracts", limit=5)
            write(tmp_path / "domains/big/entities", "more", "    a: {type: text}\n")
            fault = await agent.refusal(
                "list_contracts", limit=5, cursor=first["next_cursor"]
            )
            assert fault["name"] == "mcp/stale-cursor"
            small = await agent.pages(
                "list_contracts", "contracts", limit=3, query="thing_01"
            )
            assert [len(page) for page in small] == [3] * 3 + [1]
            faults = await agent.pages("validate", "diagnostics", limit=150)
            assert sum(map(len, faults)) == FILES
            assert all(len(json.dumps(page)) < MOST_BYTES for page in (*pages, *faults))
            only = await agent.ask("validate", severity="error", limit=1)
            assert (only["total"], only["summary"]["errors"]) == (FILES, FILES)
            failed, answer = await agent.call("contract_graph", {})
            assert failed
            assert len(json.dumps(answer)) < MOST_BYTES
            assert answer["left_out"] + len(answer["diagnostics"]) == FILES

            texts = []
            answer = await agent.ask("read_contract", name="entity/big/large")
            while answer["next_cursor"]:
                texts.append(answer["text"])
                assert answer["text"].endswith("\n")
                answer = await agent.ask(
                    "read_contract",
                    name="entity/big/large",
                    cursor=answer["next_cursor"],
                )
            texts.append(answer["text"])
            path = tmp_path / "domains/big/entities/large.contract.yaml"
            assert "".join(texts) == path.read_text("utf-8")
            assert len(texts) > 3

            failed, answer = await agent.call("generate", {})
            assert failed
            assert len(json.dumps(answer)) < MOST_BYTES
            assert answer["left_out"] + len(answer["diagnostics"]) == FILES

            fixed = await agent.ask("fix_contracts", unsafe=True)
            assert len(json.dumps(fixed)) < MOST_BYTES
            assert fixed["files_total"] == FILES
            assert fixed["diff_left_out"] > 0
            assert not fixed["applied"]
            assert (await agent.ask("fix_contracts", unsafe=True, apply=True))[
                "applied"
            ]
            assert (await agent.ask("validate"))["summary"]["errors"] == 0

    run(talk)
