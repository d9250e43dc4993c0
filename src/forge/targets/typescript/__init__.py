"""`types.ts` and `client.ts`: what the HTTP interface takes and answers, and its client."""

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
    summary = "types.ts and client.ts: records, bodies and a typed client for fetch"

    def generate(self, ir: Application, options: Any = None) -> Generated:
        """The files, a pure function of the IR."""
        return Generated(tuple(render(ir, plan(ir))))


TARGET = TypeScript()
