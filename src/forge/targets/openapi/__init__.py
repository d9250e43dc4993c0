"""`openapi.json`: the HTTP interface of an application, as OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from forge.emit import Generated
from forge.ir.application import Application
from forge.targets.openapi.assembly import assemble
from forge.targets.openapi.render import render

__all__ = ["TARGET", "OpenAPI"]


class OpenAPI:
    """The target `openapi`."""

    name = "openapi"
    summary = "openapi.json: every operation with every answer it can give"

    def generate(self, ir: Application, options: Any = None) -> Generated:
        """One file, a pure function of the IR."""
        return Generated((render(assemble(ir)),))


TARGET = OpenAPI()
