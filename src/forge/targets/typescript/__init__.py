"""`types.ts`: what the HTTP interface takes and answers, as TypeScript types."""

from __future__ import annotations

from typing import Any

from forge.emit import Generated
from forge.ir.application import Application
from forge.targets.typescript.plan import plan
from forge.targets.typescript.render import render

__all__ = ["TARGET", "TypeScript"]


class TypeScript:
    """The target `typescript`."""

    name = "typescript"
    summary = "types.ts: every record and every body as TypeScript types"

    def generate(self, ir: Application, options: Any = None) -> Generated:
        """One file, a pure function of the IR."""
        return Generated((render(ir, plan(ir)),))


TARGET = TypeScript()
