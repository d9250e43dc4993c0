"""The Python package covers every operation, pleases its checkers and talks with real services."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from forge.targets.generation import generate
from forge.targets.python_client import TARGET
from tests.clients.conftest import PASSWORD, Served
from tests.clients.test_typescript import described
from tests.targets.gallery import gallery

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
CACHE = HERE.parents[1] / ".cache" / "mypy-clients"
KIT = HERE.parents[1] / "src" / "forge" / "targets" / "python_client" / "kit"

OPERATIONS = """
import importlib, json, sys
package = importlib.import_module(sys.argv[1])
ids = []
for client in (package.Client("http://x"), package.AsyncClient("http://x")):
    own = [v for n, v in vars(client).items() if not n.startswith("_")]
    calls = [getattr(c, n) for c in own for n in dir(c) if not n.startswith("_")]
    found = [c.operation_id for c in calls if hasattr(c, "operation_id")]
    ids.append(found + [i for c in own for i in getattr(c, "operation_ids", {}).values()])
print(json.dumps(ids))
"""


def package(tree: Path) -> str:
    """The name of the package in a tree."""
    (found,) = (tree / "clients" / "python").glob("*_client")
    return found.name


def run(folder: Path, *command: str, **variables: str) -> str:
    """The output of a command that has to succeed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def python(tree: Path, *arguments: str) -> str:
    """What Python prints with the package at hand."""
    path = str(tree / "clients" / "python")
    return run(tree, sys.executable, "-W", "error", *arguments, PYTHONPATH=path)


def test_every_operation_has_a_method(tree: Path) -> None:
    for ids in json.loads(python(tree, "-c", OPERATIONS, package(tree))):
        assert sorted(ids) == described(tree)


@pytest.mark.slow
def test_types_are_strict(tree: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    cache = ("--cache-dir", str(CACHE), "--sqlite-cache")
    mypy = str(BIN / "mypy")
    run(tree / "clients" / "python", mypy, "--strict", *cache, package(tree))


def test_the_linter_and_the_formatter_are_content(tree: Path) -> None:
    ruff = (str(BIN / "ruff"),)
    options = ("--isolated", "--no-cache", "clients")
    run(tree, *ruff, "check", "--extend-select", "I", *options)
    run(tree, *ruff, "format", "--check", *options)


GALLERY = """
from gallery_client import Client

client = Client("http://x", tenant="t")
made: int = client.items.copy_item("1", {"times": 2})["made"]
client.auth.login({"email": "a@b.example", "password": "x"})
client.slots.get(("a", 1))
client.items.copy_item("1", {"times": "2"})  # type: ignore[typeddict-item]
client.items.update("1", {"body": "x"})  # type: ignore[typeddict-unknown-key]
"""


def test_one_of_everything_with_hostile_texts(tmp_path: Path) -> None:
    for file in generate(gallery(), (TARGET,)):
        place = tmp_path / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content.encode("utf-8"))
    (tmp_path / "use.py").write_text(GALLERY, "utf-8")
    ruff, path = str(BIN / "ruff"), str(tmp_path / "clients" / "python")
    run(tmp_path, ruff, "check", "--isolated", "--no-cache", "clients")
    run(tmp_path, ruff, "format", "--check", "--isolated", "--no-cache", "clients")
    options = ("--strict", "--cache-dir", str(CACHE), "--sqlite-cache")
    run(tmp_path, str(BIN / "mypy"), *options, "use.py", MYPYPATH=path)


def test_users_are_told_what_is_wrong(desk: Served, tmp_path: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    script = HERE / "python" / "typed.py"
    (tmp_path / "typed.py").write_text(script.read_text("utf-8"), "utf-8")
    options = ("--strict", "--cache-dir", str(CACHE), "--sqlite-cache")
    path = str(desk.tree / "clients" / "python")
    run(tmp_path, str(BIN / "mypy"), *options, "typed.py", MYPYPATH=path)


@pytest.mark.parametrize("script", ["records", "awaited", "failures"])
def test_the_client_talks_with_a_service(desk: Served, script: str) -> None:
    place = str(HERE / "python" / f"{script}.py")
    assert python(desk.tree, place, desk.url) == "done\n"


def test_a_session_is_renewed(vault: Served) -> None:
    place = str(HERE / "python" / "session.py")
    assert python(vault.tree, place, vault.url, PASSWORD) == "done\n"


def test_the_package_can_be_installed(desk: Served, tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    command = "from hatchling.build import build_wheel; print(build_wheel('.'))"
    folder = tmp_path / "source"
    run(tmp_path, "cp", "-r", str(desk.tree / "clients" / "python"), str(folder))
    wheel = run(folder, sys.executable, "-c", command).strip()
    listed = run(folder, sys.executable, "-m", "zipfile", "-l", wheel)
    assert "helpdesk_client/py.typed" in listed
    assert "helpdesk_client/entities/ticket.py" in listed


class _Blocking(ast.NodeTransformer):
    """An awaited module as the blocking one that does the same."""

    names = {  # noqa: RUF012
        "AsyncIterator": "Iterator",
        "AsyncClient": "Client",
        "aclose": "close",
        "asyncio": "time",
        "__aenter__": "__enter__",
        "__aexit__": "__exit__",
    }

    def visit_Await(self, node: ast.Await) -> ast.AST:
        return self.visit(node.value)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        fields = dict(ast.iter_fields(node)) | {
            "name": self.names.get(node.name, node.name)
        }
        return ast.FunctionDef(**fields)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        self.generic_visit(node)
        return ast.For(**dict(ast.iter_fields(node)))

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        self.generic_visit(node)
        return ast.With(**dict(ast.iter_fields(node)))

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        awaitable = isinstance(node.value, ast.Name) and node.value.id == "Awaitable"
        return node.slice if awaitable else node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        return ast.Attribute(node.value, self.names.get(node.attr, node.attr), node.ctx)


def _functions(module: str) -> dict[str, str]:
    """The methods of each class; `all` may delegate where it blocks."""
    awaited = ast.parse((KIT / module).read_text("utf-8"))
    tree = ast.fix_missing_locations(_Blocking().visit(awaited))
    found = {}
    for owner in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for node in owner.body:
            if isinstance(node, ast.FunctionDef) and node.name != "all":
                found[f"{owner.name}.{node.name}"] = ast.unparse(node)
    return found


def test_blocking_and_awaited_calls_do_the_same() -> None:
    assert _functions("_sync.py") == _functions("_async.py")
