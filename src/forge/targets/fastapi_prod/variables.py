"""Environment variables: what every service reads, and what infra contracts declare."""

from __future__ import annotations

from forge.ir.application import Application, EnvVar

BUILT_IN = {
    "DATABASE_URL": None,
    "DATABASE_BACKEND": "postgres",
    "PORT": "8000",
    "HOST": "127.0.0.1",
    "CORS_ORIGINS": "*",
    "APP_ENV": "development",
    "MAX_BODY_BYTES": "1048576",
    "LOG_LEVEL": "info",
    "TRUSTED_PROXIES": None,
    "CURSOR_SECRET": None,
    "DRAIN_SECONDS": "0",
    "AUTH_ENABLED": "true",
    "AUTH_PROVIDER": "jwt",
    "AUTH_SECRET": "change-me-in-production",
    "AUTH_TOKEN_EXPIRE_MINUTES": "60",
    "AUTH_DEV_LOGIN": "false",
    "SPECORA_HEALER_URL": None,
    "SPECORA_HEALER_TOKEN": None,
}
"""Defaults of the variables that the runtime reads and judges itself."""


def declared(ir: Application) -> tuple[EnvVar, ...]:
    """The variables that infra contracts declare, each once, by name."""
    found = {v.name: v for infra in reversed(ir.infra) for v in infra.env_vars}
    return tuple(found[name] for name in sorted(found))
