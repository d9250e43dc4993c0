"""The plan as files."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from forge.emit import File, Templates
from forge.emit.headers import hash_header
from forge.ir.application import Application
from forge.targets.docker.plan import Plan

_TEMPLATES = Templates("forge.targets.docker")

TEMPLATED = (
    "Dockerfile",
    "Dockerfile.healer",
    "requirements.txt",
    "requirements.healer.txt",
    ".env.example",
    ".dockerignore",
)


def render(ir: Application, plan: Plan) -> Iterator[File]:
    """Every file of the target."""
    origins = tuple(infra.origin for infra in ir.infra)
    fqns = tuple(infra.fqn for infra in ir.infra) or (f"domain {ir.domain}",)
    header = hash_header(*fqns)
    for path in TEMPLATED:
        template = f"{path.lstrip('.')}.jinja"
        yield File(path, header + _TEMPLATES.render(template, plan=plan), origins)
    text = yaml.safe_dump(
        plan.compose,
        sort_keys=False,
        default_flow_style=False,
        allow_unicode=True,
        width=1000,
    )
    yield File("docker-compose.yml", header + text, origins)
