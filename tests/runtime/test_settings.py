from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from specora_runtime.settings import Settings, SettingsError, Variable

SECRET = "s" * 32


def load(**environ: str) -> Settings:
    return Settings.load(environ, domain="desk")


def faults(*, has_auth: bool = False, **environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.load(environ, domain="desk", has_auth=has_auth)
    return caught.value.faults


def test_the_defaults_are_the_documented_ones() -> None:
    settings = load()
    assert (
        settings.database_url == "postgresql://specora:specora@localhost:5432/specora"
    )
    assert settings.database_backend == "postgres"
    assert settings.port == 8000
    assert settings.cors_origins == ("*",)
    assert settings.auth_enabled is False
    assert settings.auth_provider == "jwt"
    assert settings.auth_secret == "change-me-in-production"
    assert settings.auth_token_expire_minutes == 60


def test_authentication_is_on_where_the_contracts_ask_for_it() -> None:
    assert Settings.load({}, domain="desk", has_auth=True).auth_enabled is True
    off = Settings.load({"AUTH_ENABLED": "false"}, domain="desk", has_auth=True)
    assert off.auth_enabled is False


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load(PORT="", AUTH_SECRET=" ").port == 8000


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({}, "data/desk.db"),
        ({"DATABASE_URL": "sqlite:////srv/x.db"}, "/srv/x.db"),
        ({"DATABASE_URL": "/srv/y.db"}, "/srv/y.db"),
    ],
)
def test_sqlite_has_a_file(tmp_path: Path, environ: dict[str, str], path: str) -> None:
    settings = Settings.load(
        {"DATABASE_BACKEND": "sqlite", **environ}, domain="desk", root=tmp_path
    )
    assert settings.database_url == str(tmp_path / path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PORT", "-1"),
        ("PORT", "٣"),
        ("PORT", "9" * 5000),
        ("DATABASE_BACKEND", "mongo"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "http://["),
        ("AUTH_ENABLED", "maybe"),
        ("AUTH_PROVIDER", "saml"),
        ("AUTH_TOKEN_EXPIRE_MINUTES", "0"),
        ("MAX_BODY_BYTES", "1k"),
        ("LOG_LEVEL", "loud"),
        ("SPECORA_HEALER_URL", "file:///etc/passwd"),
        ("SPECORA_HEALER_URL", "http://["),
        ("CURSOR_SECRET", "short"),
    ],
)
def test_a_malformed_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({name: value}, domain="desk")
    (fault,) = caught.value.faults
    assert fault.startswith(f"{name} must")


def test_all_faults_are_listed_at_once() -> None:
    found = faults(PORT="x", LOG_LEVEL="y", AUTH_ENABLED="z")
    assert [fault.split()[0] for fault in found] == [
        "PORT",
        "AUTH_ENABLED",
        "LOG_LEVEL",
    ]


def test_declared_variables() -> None:
    variables = (
        Variable("SMTP_HOST", "where mail goes", required=True),
        Variable("SMTP_PORT", default="25"),
        Variable("SMTP_USER"),
    )
    with pytest.raises(SettingsError) as caught:
        Settings.load({}, domain="desk", variables=variables)
    assert caught.value.faults == ("SMTP_HOST is required (where mail goes)",)
    given = Settings.load({"SMTP_HOST": "h"}, domain="desk", variables=variables)
    assert given.variables == {"SMTP_HOST": "h", "SMTP_PORT": "25"}


PRODUCTION: dict[str, str] = {
    "APP_ENV": "production",
    "AUTH_SECRET": SECRET,
    "CORS_ORIGINS": "https://desk.example",
}


def test_production_starts_with_a_safe_environment() -> None:
    settings = Settings.load(PRODUCTION, domain="desk", has_auth=True)
    assert settings.production is True
    assert settings.cors_credentials is True
    assert settings.cursor_secret is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AUTH_SECRET", "change-me-in-production"),
        ("AUTH_SECRET", "s" * 31),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example, *"),
        ("AUTH_ENABLED", "false"),
        ("AUTH_DEV_LOGIN", "true"),
    ],
)
def test_production_refuses_what_is_unsafe(name: str, value: str) -> None:
    (fault,) = faults(has_auth=True, **PRODUCTION | {name: value})
    assert fault.startswith(f"{name} must")
    assert name != "AUTH_SECRET" or value not in fault


def test_production_without_authentication_needs_no_secret() -> None:
    assert load(APP_ENV="production").cors_origins == ("*",)


def test_production_refuses_the_default_of_a_declared_secret() -> None:
    variable = Variable("API_KEY", default="k", secret=True)
    with pytest.raises(SettingsError) as caught:
        Settings.load({"APP_ENV": "production"}, domain="desk", variables=(variable,))
    assert caught.value.faults[0].startswith("API_KEY must")


@pytest.mark.parametrize(
    ("environ", "warnings"),
    [
        ({}, 0),
        ({"HOST": "0.0.0.0"}, 1),
        ({"HOST": "0.0.0.0", "AUTH_ENABLED": "false"}, 1),
        ({"HOST": "0.0.0.0", "AUTH_SECRET": SECRET}, 0),
        ({"AUTH_ENABLED": "false"}, 0),
    ],
)
def test_development_warns_on_an_open_address(
    environ: dict[str, str], warnings: int
) -> None:
    settings = Settings.load(environ, domain="desk", has_auth=True)
    assert len(settings.warnings) == warnings


def test_secrets_are_not_printed() -> None:
    values: dict[str, Any] = {"AUTH_SECRET": SECRET, "SPECORA_HEALER_TOKEN": SECRET}
    assert SECRET not in repr(load(**values))


def test_a_bad_environment_ends_the_process_without_a_traceback() -> None:
    program = (
        "from specora_runtime.settings import Settings\n"
        "Settings.load({'PORT': 'x'}, domain='desk')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr == (
        "the configuration cannot be used:\n"
        "  PORT must be a whole number from 0 to 65535, not `x`\n"
    )
