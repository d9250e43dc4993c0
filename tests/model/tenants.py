"""Whose records a request is about."""

from __future__ import annotations

from forge.ir.application import Application
from tests.model.answers import Request

NAMES = ("ada", "ada", "ada", "bob", "bob", "a,d:a%", "two words", "")
"""What conversations say in the header; the last two name nobody."""


def header_of(ir: Application) -> str:
    """The header that names the tenant; empty where records belong to none."""
    return next((e.tenant_header for e in ir.entities if e.tenant_header), "") or ""


def tenant_of(ir: Application, request: Request) -> str | None:
    """The tenant that a request names: 1 to 128 visible ASCII characters."""
    named = request.headers.get(header_of(ir), "")
    legal = 0 < len(named) <= 128 and all("!" <= one <= "~" for one in named)
    return named if legal else None
