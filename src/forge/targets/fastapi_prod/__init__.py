"""A production backend on FastAPI: declarations over the runtime that is copied beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forge.emit import Generated
from forge.ir.application import Application


@dataclass(frozen=True, slots=True)
class FastApiProduction:
    """The target `fastapi-prod`."""

    name: str = "fastapi-prod"
    summary: str = (
        "A FastAPI service with models, repositories for three databases, and routes"
    )

    includes: tuple[str, ...] = ("postgres", "sqlite", "openapi", "typescript")
    """Targets that run along: the adapters read the schemas, `/openapi.json` the description."""

    def generate(self, ir: Application, options: Any = None) -> Generated:
        """The package `backend`, not yet formatted."""
        from forge.targets.fastapi_prod.plan import plan
        from forge.targets.fastapi_prod.render import render
        from forge.targets.fastapi_prod.supports import unsupported

        return Generated(tuple(render(ir, plan(ir))), unsupported(ir))


TARGET = FastApiProduction()
