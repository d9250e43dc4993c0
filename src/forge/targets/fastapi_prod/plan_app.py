"""`app.py` and `config.py`: the service as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forge.emit import Code
from forge.emit.literals import py
from forge.ir.application import Application, EnvVar
from forge.ir.types import InfraCategory
from forge.targets.fastapi_prod.plan_routes import RoutePlan
from forge.targets.fastapi_prod.printing import Import, call, flag, natural

BUILT_IN = {
    "DATABASE_URL": None,
    "DATABASE_BACKEND": "postgres",
    "PORT": "8000",
    "HOST": "127.0.0.1",
    "CORS_ORIGINS": "*",
    "APP_ENV": "development",
    "MAX_BODY_BYTES": "1048576",
    "LOG_LEVEL": "info",
    "AUTH_ENABLED": "true",
    "AUTH_PROVIDER": "jwt",
    "AUTH_SECRET": "change-me-in-production",
    "AUTH_TOKEN_EXPIRE_MINUTES": "60",
    "AUTH_DEV_LOGIN": "false",
    "SPECORA_HEALER_URL": None,
    "SPECORA_HEALER_TOKEN": None,
}
"""Variables that every service reads, and their defaults. Settings judge them themselves."""


@dataclass(frozen=True, slots=True)
class ConfigPlan:
    """The module `config.py`."""

    domain: str
    auth: bool
    defaults: tuple[tuple[str, str], ...]
    """Defaults of the contracts for variables that every service reads."""
    variables: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class AppPlan:
    """The module `app.py`."""

    title: str
    domain: str
    auth: bool
    imports: tuple[Import, ...]
    collections: tuple[Code, ...]


def plan_config(ir: Application) -> ConfigPlan:
    """The configuration: what every service reads, and what the contracts declare."""
    declared = env_vars(ir)
    return ConfigPlan(
        domain=ir.domain,
        auth=ir.infra_of(InfraCategory.AUTH) is not None,
        defaults=tuple(
            (v.name, v.default)
            for v in declared
            if v.name in BUILT_IN and v.default not in (None, "", BUILT_IN[v.name])
        ),
        variables=tuple(_variable(v) for v in declared),
    )


def plan_app(ir: Application, routes: Iterable[RoutePlan]) -> AppPlan:
    """The application over the collections of every route."""
    every = tuple(routes)
    return AppPlan(
        title=ir.domain,
        domain=ir.domain,
        auth=ir.infra_of(InfraCategory.AUTH) is not None,
        imports=tuple(
            Import(Code(f"backend.{r.module}"), (r.constant,))
            for r in sorted(every, key=lambda r: natural(r.module))
        ),
        collections=tuple(r.constant for r in every),
    )


def env_vars(ir: Application) -> tuple[EnvVar, ...]:
    """The variables that infra contracts declare, each once, by name."""
    found = {v.name: v for infra in reversed(ir.infra) for v in infra.env_vars}
    return tuple(found[name] for name in sorted(found))


def _variable(variable: EnvVar) -> Code:
    return call(
        "Variable",
        py(variable.name),
        description=py(variable.description) if variable.description else None,
        default=None if variable.default is None else py(variable.default),
        required=flag(variable.required and variable.name not in BUILT_IN),
        secret=flag(variable.secret),
    )
