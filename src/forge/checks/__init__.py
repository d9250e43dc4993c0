"""Rules over the IR. One rule, one file; a rule never changes anything."""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.registry import CHECKS
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every fault that any rule finds."""
    for rule in CHECKS:
        yield from rule(subject)
