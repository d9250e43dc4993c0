"""`app.py` and `config.py`: the service as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forge.emit import Code
from forge.emit.literals import py
from forge.ir.application import Application, EnvVar
from forge.ir.types import InfraCategory
from forge.targets.fastapi_prod.plan_routes import RouteModule
from forge.targets.fastapi_prod.printing import Import, call, flag, natural
from forge.targets.fastapi_prod.variables import BUILT_IN, declared


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
    tenant_header: str | None
    """The header by which requests name their tenant, where some record has one."""
    imports: tuple[Import, ...]
    collections: tuple[Code, ...]


def plan_config(ir: Application) -> ConfigPlan:
    """The configuration: what every service reads, and what the contracts declare."""
    variables = declared(ir)
    return ConfigPlan(
        domain=ir.domain,
        auth=ir.infra_of(InfraCategory.AUTH) is not None,
        defaults=tuple(
            (v.name, v.default)
            for v in variables
            if v.name in BUILT_IN and v.default not in (None, "", BUILT_IN[v.name])
        ),
        variables=tuple(_variable(v) for v in variables),
    )


def plan_app(ir: Application, routes: Iterable[RouteModule]) -> AppPlan:
    """The application over the collections of every route."""
    every = tuple(routes)
    return AppPlan(
        title=ir.domain,
        domain=ir.domain,
        auth=ir.infra_of(InfraCategory.AUTH) is not None,
        tenant_header=next((e.tenant_header for e in ir.entities if e.tenant), None),
        imports=tuple(
            Import(Code(f"backend.{r.module}"), (Code(r.constant),))
            for r in sorted(every, key=lambda r: natural(r.module))
        ),
        collections=tuple(Code(r.constant) for r in every),
    )


def _variable(variable: EnvVar) -> Code:
    return call(
        "Variable",
        py(variable.name),
        description=py(variable.description) if variable.description else None,
        default=None if variable.default is None else py(variable.default),
        required=flag(variable.required and variable.name not in BUILT_IN),
        secret=flag(variable.secret),
    )
