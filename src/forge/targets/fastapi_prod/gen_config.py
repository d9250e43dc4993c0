"""The documented generator of `config.py`."""

from __future__ import annotations

from forge.emit import File
from forge.emit.formatting import format_files
from forge.ir.application import Application
from forge.targets.fastapi_prod.plan import plan
from forge.targets.fastapi_prod.render import render_config


def generate_config(ir: Application) -> tuple[File, ...]:
    """Configuration from environment variables."""
    return format_files(render_config(ir, plan(ir).config))
