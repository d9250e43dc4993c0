"""Checking loaded contracts: the documented entry point."""

from __future__ import annotations

from forge.diagnostics import Diagnostic
from forge.ir.compiler import analyze
from forge.parser.loader import Contracts


def validate_all(contracts: Contracts) -> list[Diagnostic]:
    """The errors of a domain's contracts, by place. Empty when all are valid."""
    return [d for d in analyze(contracts).diagnostics if d.is_error]
