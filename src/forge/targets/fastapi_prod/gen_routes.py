"""The documented generator of `routes_<route>.py`."""

from __future__ import annotations

from forge.emit import File
from forge.emit.formatting import format_files
from forge.ir.application import Application
from forge.targets.fastapi_prod.plan import plan
from forge.targets.fastapi_prod.render import render_routes


def generate_routes(ir: Application) -> tuple[File, ...]:
    """One module for each route."""
    return format_files(render_routes(plan(ir).routes))
