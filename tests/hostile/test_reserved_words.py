"""Fields, entities and states that are called like words of Python, SQL and TypeScript."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from forge.ir.application import Application
from forge.ir.compiler import analyze
from forge.parser.loader import load_texts
from forge.targets.generation import generate
from forge.targets.registry import EVERYTHING, find_targets
from tests.hostile.compiling import as_yaml, compiled
from tests.hostile.texts import RESERVED
from tests.targets.tsc import refused_by_tsc

WORDS = tuple(dict.fromkeys(w for w in RESERVED if re.fullmatch("[a-z][a-z0-9_]*", w)))
BIN = Path(sys.executable).parent

Contract = dict[str, Any]


def contract(kind: str, name: str, spec: Contract) -> Contract:
    metadata = {"name": name, "domain": "words"}
    return {
        "apiVersion": "specora.dev/v1",
        "kind": kind,
        "metadata": metadata,
        "spec": spec,
    }


def entity(name: str, *fields: str) -> Contract:
    types = ({"type": "string"}, {"type": "integer"}, {"type": "boolean"})
    chosen = {field: types[n % len(types)] for n, field in enumerate(fields)}
    return contract("Entity", name, {"fields": chosen})


def accepted(*contracts: Contract) -> bool:
    """Whether contracts compile on their own."""
    return not compiled(contracts).errors


@cache
def fields() -> tuple[str, ...]:
    """The words that a field may have as its name."""
    return tuple(word for word in WORDS if accepted(entity("thing", "title", word)))


@cache
def nouns() -> tuple[str, ...]:
    """The words that an entity may have as its name."""
    return tuple(word for word in WORDS if accepted(entity(word, "title")))


def domain() -> list[Contract]:
    """One entity with all the fields, one entity per noun, a workflow of all the words."""
    states = {"begin": {}, **{word: {} for word in WORDS}}
    life = {
        "initial": "begin",
        "states": states,
        "transitions": {"begin": list(WORDS), **{word: ["begin"] for word in WORDS}},
    }
    thing = entity("thing", "title", *fields())
    thing["spec"]["state_machine"] = "workflow/words/life"
    others = [entity(noun, "title") for noun in nouns()]
    every = [thing, *others]
    routes = [
        contract(
            "Route",
            c["metadata"]["name"],
            {"entity": f"entity/words/{c['metadata']['name']}"},
        )
        for c in every
    ]
    return [contract("Workflow", "life", life), *every, *routes]


@pytest.fixture(scope="module")
def application() -> Application:
    texts = [(f"{n:03}.contract.yaml", as_yaml(c)) for n, c in enumerate(domain())]
    analysis = analyze(load_texts(texts))
    assert [str(d) for d in analysis.diagnostics if d.is_error] == []
    return analysis.application


@pytest.fixture(scope="module")
def tree(application: Application, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words")
    for file in generate(application, find_targets((EVERYTHING,))):
        place = folder / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content.encode("utf-8"))
    return folder


def run(*command: str, folder: Path) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "DATABASE_BACKEND": "memory"},
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


def test_most_words_are_names() -> None:
    assert len(fields()) > len(WORDS) * 2 // 3
    assert len(nouns()) > len(WORDS) // 2


def test_linter_and_formatter_are_content(tree: Path) -> None:
    run(str(BIN / "ruff"), "check", "--isolated", "--no-cache", ".", folder=tree)
    run(
        str(BIN / "ruff"),
        "format",
        "--check",
        "--isolated",
        "--no-cache",
        ".",
        folder=tree,
    )


@pytest.mark.slow
def test_types_are_strict(tree: Path) -> None:
    run(str(BIN / "mypy"), "--strict", "backend", "tests", folder=tree)
    own = tree / "clients" / "python"
    run(str(BIN / "mypy"), "--strict", "words_client", folder=own)


def test_typescript_takes_the_types(tree: Path, tmp_path: Path) -> None:
    modules = {n: (tree / f"{n}.ts").read_text("utf-8") for n in ("types", "client")}
    assert refused_by_tsc(tmp_path, **modules) == ""


ROUND = """
import asyncio, json, sys, httpx
from backend.app import app

async def main():
    body = json.loads(sys.argv[1])
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app):
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            made = await client.post("/things", json=body)
            assert made.status_code == 201, made.text
            for name, value in body.items():
                shown = value if isinstance(value, str) else json.dumps(value)
                found = await client.get("/things", params={name: shown, "sort": name})
                assert found.status_code == 200 and found.json()["total"] == 1, (name, found.text)
            read = await client.get(made.headers["location"])
            print(json.dumps({name: read.json()[name] for name in body}))
            for word in json.loads(sys.argv[2]):
                for state in (word, "begin"):
                    path = made.headers["location"] + "/state"
                    moved = await client.put(path, json={"state": state})
                    assert moved.status_code == 200, (state, moved.text)

asyncio.run(main())
"""


def test_every_field_and_state_works(tree: Path) -> None:
    values = ("text", 7, True)
    body = {name: values[n % 3] for n, name in enumerate(("title", *fields()))}
    printed = run(
        sys.executable, "-c", ROUND, json.dumps(body), json.dumps(WORDS), folder=tree
    )
    assert json.loads(printed) == body
