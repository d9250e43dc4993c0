"""Container files: held to the Compose specification and run from their own requirements."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from forge.ir.application import Application, EnvVar, Infra
from forge.ir.compiler import Compiler
from forge.ir.types import InfraCategory
from forge.targets import docker, fastapi_prod, openapi, sqlite
from forge.targets.docker.environment import dotenv
from forge.targets.fastapi_prod.gen_docker import generate_docker
from forge.targets.generation import generate

HERE = Path(__file__).parent
AUTH = Infra(
    fqn="infra/everything/auth",
    name="auth",
    domain="everything",
    category=InfraCategory.AUTH,
    config={"provider": "jwt", "roles": ["admin"]},
    env_vars=(EnvVar(name="AUTH_SECRET", required=True, secret=True),),
)


@cache
def everything(*, auth: bool = False) -> Application:
    ir = Compiler(contract_root=HERE / "everything").compile()
    return replace(ir, infra=(AUTH, *ir.infra)) if auth else ir


def files(ir: Application) -> dict[str, str]:
    return {f.path: f.content for f in generate_docker(ir)}


def test_documented_files_are_there() -> None:
    assert set(files(everything())) == {
        "Dockerfile",
        "Dockerfile.healer",
        "docker-compose.yml",
        "requirements.txt",
        "requirements.healer.txt",
        ".env.example",
        ".dockerignore",
    }


@pytest.mark.parametrize("auth", [False, True])
def test_compose_file_meets_the_specification(auth: bool) -> None:
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    # Vendored from check-jsonschema 0.x; the licence lies beside it.
    schema = json.loads((HERE / "docker" / "compose-spec.json").read_text("utf-8"))
    compose = yaml.safe_load(files(everything(auth=auth))["docker-compose.yml"])
    faults = [
        e.message for e in jsonschema_rs.validator_for(schema).iter_errors(compose)
    ]
    assert faults == []


def test_everything_published_is_on_loopback_by_default() -> None:
    compose = yaml.safe_load(files(everything())["docker-compose.yml"])
    ports = [p for service in compose["services"].values() for p in service["ports"]]
    assert ports == [
        "127.0.0.1:${POSTGRES_PORT:-5432}:5432",
        "${BIND_ADDRESS:-127.0.0.1}:${PORT:-8000}:8000",
        "127.0.0.1:${SPECORA_HEALER_PORT:-8083}:8083",
    ]


def test_app_and_healer_share_one_token() -> None:
    compose = yaml.safe_load(files(everything())["docker-compose.yml"])
    services: dict[str, Any] = compose["services"]
    tokens = {
        name: services[name]["environment"].get("SPECORA_HEALER_TOKEN")
        for name in ("app", "healer")
    }
    assert tokens["app"] == tokens["healer"]
    assert tokens["app"]


def test_only_an_auth_contract_brings_its_variables_into_the_compose_file() -> None:
    found = {}
    for auth in (False, True):
        compose = yaml.safe_load(files(everything(auth=auth))["docker-compose.yml"])
        names = compose["services"]["app"]["environment"]
        found[auth] = {name for name in names if name.startswith("AUTH_")}
    assert not found[False]
    assert {"AUTH_ENABLED", "AUTH_SECRET", "AUTH_TOKEN_EXPIRE_MINUTES"} <= found[True]


@pytest.mark.parametrize(
    "value",
    ["", "plain", "a b", "a#b", " # c", 'say "hi"', "it's", "a\nb", "back\\slash", "é"],
)
def test_values_in_env_example_read_as_they_were(value: str) -> None:
    parser = pytest.importorskip("dotenv.main")
    from io import StringIO

    text = f"BEFORE=1\nNAME={dotenv(value)}\nAFTER=2\n"
    read = parser.dotenv_values(stream=StringIO(text), interpolate=False)
    assert read == {"BEFORE": "1", "NAME": value, "AFTER": "2"}


@pytest.mark.slow
@pytest.mark.parametrize("auth", [False, True])
def test_app_runs_from_its_lowest_requirements(auth: bool, tmp_path: Path) -> None:
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("needs uv")
    targets = (fastapi_prod.TARGET, openapi.TARGET, sqlite.TARGET, docker.TARGET)
    for file in generate(everything(auth=auth), targets):
        place = tmp_path / "app" / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(file.content, "utf-8")
    interpreter = tmp_path / "venv" / "bin" / "python"
    _run(uv, "venv", "--quiet", str(tmp_path / "venv"))
    wanted = ("--resolution", "lowest-direct", "-r", "app/requirements.txt")
    command = (uv, "pip", "install", "--quiet", "--python", str(interpreter), *wanted)
    if _fails_for_want_of_network(command, tmp_path):
        pytest.skip("the package index cannot be reached")
    _run(str(interpreter), "-c", READY, folder=tmp_path / "app")


READY = """
import asyncio, os
os.environ |= {"DATABASE_BACKEND": "memory", "AUTH_SECRET": "s" * 40}
import httpx
import backend.repositories.postgres
from backend.app import app

async def main():
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app):
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            assert (await client.get("/readyz")).status_code == 200

asyncio.run(main())
"""


def _run(*command: str, folder: Path | None = None) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _fails_for_want_of_network(command: tuple[str, ...], folder: Path) -> bool:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return False
    assert "error sending request" in done.stderr or "dns" in done.stderr, done.stderr
    return True
