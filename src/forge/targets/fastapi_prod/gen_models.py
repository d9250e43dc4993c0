"""The documented generator of `models.py`."""

from __future__ import annotations

from forge.emit import File
from forge.emit.formatting import format_files
from forge.ir.application import Application
from forge.targets.fastapi_prod.plan import plan
from forge.targets.fastapi_prod.render import render_models


def generate_models(ir: Application) -> tuple[File, ...]:
    """Create, Update and Response models of every entity."""
    return format_files(render_models(ir, plan(ir).models))
