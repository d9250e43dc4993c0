"""What the containers of a service consist of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forge.ir.application import Application
from forge.ir.types import InfraCategory
from forge.targets.docker.compose import compose
from forge.targets.docker.environment import Group, groups

APP_REQUIREMENTS = (
    "fastapi>=0.133",
    "starlette>=1.0",
    "uvicorn[standard]>=0.34",
    "pydantic>=2.11",
    "msgspec>=0.19",
    "asyncpg>=0.30",
    "httpx>=0.28",
)
"""What the runtime imports, each with the lowest version that it runs with."""

AUTH_REQUIREMENTS = ("PyJWT[crypto]>=2.10", "pwdlib[argon2]>=0.2.1")
HEALER_REQUIREMENTS = (
    "PyYAML>=6.0.2",
    "click>=8.1",
    "rich>=13.9",
    "Jinja2>=3.1.6",
    "ruff>=0.12",
    "fastapi>=0.133",
    "starlette>=1.0",
    "uvicorn[standard]>=0.34",
    "pydantic>=2.11",
    "msgspec>=0.19",
    "httpx>=0.28",
)
"""What the wheel of the healer needs: it is installed without looking at an index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The files of the target, as values."""

    requirements: tuple[str, ...]
    healer_requirements: tuple[str, ...]
    compose: dict[str, Any]
    environment: tuple[Group, ...]


def plan(ir: Application) -> Plan:
    """Decide everything."""
    auth = ir.infra_of(InfraCategory.AUTH) is not None
    return Plan(
        requirements=APP_REQUIREMENTS + (AUTH_REQUIREMENTS if auth else ()),
        healer_requirements=HEALER_REQUIREMENTS,
        compose=compose(ir, auth=auth),
        environment=groups(ir, auth=auth),
    )
