"""A generated backend formats, lints, type-checks strictly, imports and boots."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from generated_trees import DOMAINS, compiled, written

from forge.ir.application import Application
from forge.targets import fastapi_prod, openapi, postgres, sqlite
from forge.targets.fastapi_prod import (
    gen_app,
    gen_auth,
    gen_config,
    gen_models,
    gen_repositories,
    gen_routes,
)
from forge.targets.fastapi_prod.generator import FastAPIProductionGenerator
from forge.targets.fastapi_prod.plan_types import MODEL_NAMES
from forge.targets.generation import generate

HERE = Path(__file__).parent
RUFF, MYPY = (str(Path(sys.executable).parent / name) for name in ("ruff", "mypy"))
CACHE = HERE.parents[1] / ".cache" / "mypy-generated"
TARGETS = (fastapi_prod.TARGET, openapi.TARGET, postgres.TARGET, sqlite.TARGET)

BOOT = """
import asyncio, json, httpx
from backend.app import app

async def main():
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app):
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            ready = await client.get("/readyz")
            described = await client.get("/openapi.json")
            print(json.dumps([ready.status_code, list(described.json()["paths"])]))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def everything() -> Application:
    """The domain that uses all there is."""
    return compiled(DOMAINS[0])


def run(*command: str, folder: Path, **environ: str) -> str:
    """The output of a command that has to succeed."""
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environ},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def python(tree: Path, code: str) -> str:
    """What `code` prints in the generated app, started from another folder."""
    return run(
        sys.executable,
        *("-W", "error::UserWarning", "-c", code),
        folder=tree.parent,
        PYTHONPATH=str(tree),
        DATABASE_BACKEND="memory",
    )


def test_formatting_changes_nothing(tree: Path) -> None:
    run(RUFF, "format", "--isolated", "--no-cache", "--check", ".", folder=tree)


@pytest.mark.parametrize("rules", [(), ("--select", "I")], ids=["default", "imports"])
def test_linting_finds_nothing(tree: Path, rules: tuple[str, ...]) -> None:
    run(RUFF, "check", "--isolated", "--no-cache", *rules, ".", folder=tree)


@pytest.mark.slow
def test_types_are_strict(tree: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    cache = ("--cache-dir", str(CACHE), "--sqlite-cache")
    run(MYPY, "--strict", *cache, "backend", "tests", folder=tree)


def test_app_boots_in_memory(tree: Path) -> None:
    ready, paths = json.loads(python(tree, BOOT))
    assert ready == 200
    assert paths


@pytest.mark.parametrize("backend", ["memory", "sqlite", "postgres"])
def test_every_adapter_imports(tree: Path, backend: str) -> None:
    python(tree, f"import backend.repositories.{backend}")


def test_an_unknown_backend_is_named(tree: Path) -> None:
    code = (
        "from backend import config\n"
        "from backend.repositories import base\n"
        "config.DATABASE_BACKEND = 'mongodb'\n"
        "try:\n    base.database()\n"
        "except base.UnknownBackend as fault:\n    print(fault)\n"
    )
    said = python(tree, code).strip()
    assert said == (
        "DATABASE_BACKEND is 'mongodb': the adapters are memory, postgres and sqlite"
    )


def test_literals_of_hostile_text_are_unchanged(
    everything: Application, tmp_path: Path
) -> None:
    tree = written(generate(everything, TARGETS), tmp_path)
    code = (
        "import json\n"
        "from backend import config, entities, models\n"
        "fields = entities.SPECIMEN.by_name\n"
        "print(json.dumps({\n"
        "    'default': fields['notes'].default,\n"
        "    'model': models.SpecimenCreate.model_fields['notes'].default,\n"
        "    'values': fields['kind'].values,\n"
        "    'pattern': models.SpecimenCreate.model_fields['title'].metadata[-1].regex,\n"
        "    'variable': config.SETTINGS.variables['MAIL_FROM'],\n"
        "}))\n"
    )
    specimen = next(e for e in everything.entities if e.name == "specimen")
    fields = {field.name: field for field in specimen.fields}
    notes, kind, title = fields["notes"], fields["kind"], fields["title"]
    mail = next(
        v for i in everything.infra for v in i.env_vars if v.name == "MAIL_FROM"
    )
    assert json.loads(python(tree, code)) == {
        "default": notes.default,
        "model": notes.default,
        "values": list(kind.enum),
        "pattern": title.constraints.pattern,
        "variable": mail.default,
    }


def test_generating_twice_gives_the_same_bytes(everything: Application) -> None:
    first, second = (
        [(f.path, f.content) for f in fastapi_prod.TARGET.generate(everything)]
        for _ in range(2)
    )
    assert first == second


def test_the_runtime_is_copied_verbatim(everything: Application) -> None:
    import specora_runtime

    source = Path(inspect.getfile(specora_runtime)).parent
    copied = {
        f.path.removeprefix("backend/runtime/"): f.content
        for f in fastapi_prod.TARGET.generate(everything)
        if f.path.startswith("backend/runtime/")
    }
    here = {
        p.relative_to(source).as_posix(): p.read_text("utf-8")
        for p in source.rglob("*.py")
    }
    # The domain has no auth contract.
    needed = {p: text for p, text in here.items() if not p.startswith("auth/")}
    assert {p: text for p, text in copied.items() if p.endswith(".py")} == needed


def test_the_forge_never_imports_the_runtime() -> None:
    code = (
        "import sys\n"
        "from forge.targets.fastapi_prod.runtime_files import runtime_files\n"
        "assert list(runtime_files(auth=True))\n"
        "assert 'specora_runtime' not in sys.modules\n"
    )
    run(sys.executable, "-c", code, folder=HERE, PYTHONPATH=os.pathsep.join(sys.path))


def test_documented_generators_give_the_files_of_the_target() -> None:
    ir = compiled(DOMAINS[-1])
    whole = {f.path: f.content for f in FastAPIProductionGenerator().generate(ir)}
    assert {"types.ts", "openapi.json", "backend/app.py"} <= whole.keys()
    parts = (
        gen_config.generate_config(ir),
        gen_models.generate_models(ir),
        gen_repositories.generate_repositories(ir),
        gen_routes.generate_routes(ir),
        gen_app.generate_app(ir),
        gen_auth.generate_auth(ir),
    )
    files = {f.path: f.content for part in parts for f in part}
    assert files == {path: whole[path] for path in files}
    generated = {path for path in whole if path.startswith("backend/")}
    runtime = {path for path in generated if path.startswith("backend/runtime/")}
    assert files.keys() == generated - runtime - {"backend/entities.py"}


def test_no_attribute_of_pydantic_models_is_shadowed() -> None:
    from pydantic import BaseModel

    public = {name for name in dir(BaseModel) if not name.startswith("_")}
    assert public <= MODEL_NAMES
