"""The documented generator of `app.py`."""

from __future__ import annotations

from forge.emit import File
from forge.emit.formatting import format_files
from forge.ir.application import Application
from forge.targets.fastapi_prod.plan import plan
from forge.targets.fastapi_prod.render import render_app


def generate_app(ir: Application) -> tuple[File, ...]:
    """The application and what makes the backend a package that runs."""
    return format_files(render_app(ir, plan(ir).app))
