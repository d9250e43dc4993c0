"""`docker-compose.yml` as a value."""

from __future__ import annotations

from typing import Any

from forge.ir.application import Application, EnvVar
from forge.targets.docker.environment import BARE, PROVIDERS
from forge.targets.fastapi_prod.variables import BUILT_IN, declared

HEALER_TOKEN = "${SPECORA_HEALER_TOKEN:-specora-compose-network}"
"""Known to everyone who reads this file: good enough for loopback and a network of our own."""

APP = {
    "APP_ENV": "${APP_ENV:-development}",
    "HOST": "0.0.0.0",
    "CORS_ORIGINS": "${CORS_ORIGINS:-*}",
    "DATABASE_BACKEND": "postgres",
    "DATABASE_URL": "postgresql://specora:${POSTGRES_PASSWORD:-specora}@db:5432/specora",
    "SPECORA_HEALER_URL": "http://healer:8083",
    "SPECORA_HEALER_TOKEN": HEALER_TOKEN,
}
AUTH = {
    "AUTH_ENABLED": "${AUTH_ENABLED:-true}",
    "AUTH_PROVIDER": "${AUTH_PROVIDER:-jwt}",
    "AUTH_SECRET": "${AUTH_SECRET:-change-me-in-production}",
    "AUTH_TOKEN_EXPIRE_MINUTES": "${AUTH_TOKEN_EXPIRE_MINUTES:-60}",
    "AUTH_DEV_LOGIN": "${AUTH_DEV_LOGIN:-false}",
    "AUTH_BOOTSTRAP_PASSWORD": "${AUTH_BOOTSTRAP_PASSWORD:-}",
    "AUTH_PUBLIC_KEY": "${AUTH_PUBLIC_KEY:-}",
    "AUTH_AUDIENCE": "${AUTH_AUDIENCE:-}",
    "AUTH_ISSUER": "${AUTH_ISSUER:-}",
}
PASSED = (
    "LOG_LEVEL",
    "MAX_BODY_BYTES",
    "TRUSTED_PROXIES",
    "CURSOR_SECRET",
    "DRAIN_SECONDS",
)


def compose(ir: Application, *, auth: bool) -> dict[str, Any]:
    """The three services: the database, the app and the healer beside it."""
    return {
        "services": {
            "db": _database(),
            "app": _app(ir, auth=auth),
            "healer": _healer(),
        },
        "volumes": {"pgdata": {}, "healer": {}},
    }


def _database() -> dict[str, Any]:
    return {
        "image": "postgres:16",
        "restart": "unless-stopped",
        "environment": {
            "POSTGRES_DB": "specora",
            "POSTGRES_USER": "specora",
            "POSTGRES_PASSWORD": "${POSTGRES_PASSWORD:-specora}",
        },
        "ports": ["127.0.0.1:${POSTGRES_PORT:-5432}:5432"],
        "volumes": ["pgdata:/var/lib/postgresql/data"],
        "healthcheck": {
            "test": ["CMD-SHELL", "pg_isready -U specora -d specora"],
            "interval": "5s",
            "timeout": "5s",
            "retries": 10,
        },
    }


def _app(ir: Application, *, auth: bool) -> dict[str, Any]:
    environment: dict[str, str | None] = {**APP, **(AUTH if auth else {})}
    environment |= {name: f"${{{name}:-}}" for name in PASSED}
    for variable in declared(ir):
        if variable.name in BUILT_IN:
            _override(environment, variable)
        elif variable.name not in environment:
            environment[variable.name] = _passed(variable)
    return {
        "build": ".",
        "restart": "unless-stopped",
        "ports": ["${BIND_ADDRESS:-127.0.0.1}:${PORT:-8000}:8000"],
        "environment": environment,
        "depends_on": {"db": {"condition": "service_healthy"}},
        "stop_grace_period": "30s",
    }


def _healer() -> dict[str, Any]:
    return {
        "build": {"context": ".", "dockerfile": "Dockerfile.healer"},
        "restart": "on-failure:3",
        "ports": ["127.0.0.1:${SPECORA_HEALER_PORT:-8083}:8083"],
        "environment": {
            "SPECORA_HEALER_TOKEN": HEALER_TOKEN,
            "SPECORA_HEALER_WEBHOOK_URL": "${SPECORA_HEALER_WEBHOOK_URL:-}",
            **{name: f"${{{name}:-}}" for name in PROVIDERS},
        },
        "volumes": ["healer:/app/.forge/healer"],
    }


def _override(environment: dict[str, str | None], variable: EnvVar) -> None:
    """Take a contract's default for one of the runtime's variables."""
    own = environment.get(variable.name) or ""
    if variable.default is None or not own.startswith("${"):
        return
    # Interpolation knows no quoting: what it could misread stays with the app, which
    # has the same default.
    plain = BARE.match(variable.default) is not None
    default = f"${{{variable.name}:-{variable.default}}}"
    environment[variable.name] = default if plain else None


def _passed(variable: EnvVar) -> str | None:
    """What hands a variable on: the app has its default, so none is repeated here."""
    if variable.required and variable.default is None:
        return f"${{{variable.name}:?set {variable.name} in .env}}"
    return f"${{{variable.name}:-}}"
