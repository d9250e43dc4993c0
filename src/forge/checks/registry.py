"""The rules, in the order in which they look."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from forge.checks.contract import unresolved_reference
from forge.checks.project import no_contracts
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic

Check = Callable[[Subject], Iterable[Diagnostic]]

CHECKS: tuple[Check, ...] = (
    no_contracts.check,
    unresolved_reference.check,
)
