"""The documented generator of `repositories/`."""

from __future__ import annotations

from forge.emit import File
from forge.emit.formatting import format_files
from forge.ir.application import Application
from forge.targets.fastapi_prod.plan import plan
from forge.targets.fastapi_prod.render import render_repositories


def generate_repositories(ir: Application) -> tuple[File, ...]:
    """The interface of every repository and its adapters."""
    return format_files(render_repositories(ir, plan(ir).repositories))
