"""The documented generator of `auth/`."""

from __future__ import annotations

from collections.abc import Iterator

from forge.emit import File, Templates
from forge.emit.formatting import format_files
from forge.emit.headers import hash_header
from forge.ir.application import Application
from forge.targets.fastapi_prod.plan_auth import AuthPlan, plan_auth
from forge.targets.fastapi_prod.plan_names import plan_names

_TEMPLATES = Templates("forge.targets.fastapi_prod")
_MODULES = ("__init__", "interface", "jwt_provider", "middleware")


def generate_auth(ir: Application) -> tuple[File, ...]:
    """The package `auth`; nothing where no contract asks for authentication."""
    plan = plan_auth(ir, plan_names(ir))
    return () if plan is None else format_files(render_auth(plan))


def render_auth(plan: AuthPlan) -> Iterator[File]:
    """The package `auth`, not yet formatted."""
    for module in _MODULES:
        text = _TEMPLATES.render(f"auth/{module}.py.jinja", plan=plan)
        yield File(
            f"backend/auth/{module}.py", hash_header(plan.fqn) + text, plan.origins
        )
