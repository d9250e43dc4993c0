"""Containers: the app, its database and its healer, for Docker Compose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from forge.emit import Generated
from forge.ir.application import Application


@dataclass(frozen=True, slots=True)
class Docker:
    """The target `docker`."""

    name: str = "docker"
    summary: str = "Dockerfiles, docker-compose.yml, requirements and .env.example"

    def generate(self, ir: Application, options: Any = None) -> Generated:
        """The files, as a pure function of the IR."""
        from forge.targets.docker.plan import plan
        from forge.targets.docker.render import render

        return Generated(tuple(render(ir, plan(ir))))


TARGET = Docker()
