"""The plan as text."""

from __future__ import annotations

from forge.emit import File, Templates
from forge.targets.typescript.plan import Plan

PATH = "types.ts"

_templates = Templates(__package__)


def render(plan: Plan) -> File:
    """The file of a plan."""
    return File(PATH, _templates.render("types.ts.jinja", plan=plan), plan.sources)
