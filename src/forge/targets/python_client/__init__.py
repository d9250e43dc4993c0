"""`clients/python/`: an installable package that calls the service."""

from __future__ import annotations

from typing import Any

from forge.emit import Generated
from forge.ir.application import Application

__all__ = ["TARGET", "PythonClient"]


class PythonClient:
    """The target `python-client`."""

    name = "python-client"
    summary = "clients/python/: a typed client package over httpx, blocking and awaited"

    def generate(self, ir: Application, options: Any = None) -> Generated:
        """The package, not yet formatted."""
        from forge.targets.python_client.render import render

        return Generated(tuple(render(ir)))


TARGET = PythonClient()
