"""`tests/`: black-box tests of the generated service, derived from its contracts."""

from __future__ import annotations

from typing import Any

from forge.emit import Generated
from forge.ir.application import Application

__all__ = ["TARGET", "Tests"]


class Tests:
    """The target `tests`."""

    name = "tests"
    summary = "tests/: black-box HTTP tests of everything that the contracts promise"

    def generate(self, ir: Application, options: Any = None) -> Generated:
        """The package `tests`, not yet formatted."""
        from forge.targets.tests.plan import plan
        from forge.targets.tests.render import render

        return Generated(tuple(render(plan(ir))))


TARGET = Tests()
