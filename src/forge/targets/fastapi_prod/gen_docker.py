"""The documented name of the target `docker`."""

from __future__ import annotations

from forge.emit import Generated
from forge.ir.application import Application
from forge.targets import docker


def generate_docker(ir: Application) -> Generated:
    """The files that put the service, its database and its healer into containers."""
    return docker.TARGET.generate(ir)
