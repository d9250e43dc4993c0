"""What the compiler tells people, as values.

A `Rule` says what can go wrong; a `Diagnostic` says that it did, and where. Nothing here prints:
the renderers return text.
"""

from forge.diagnostics.model import (
    Applicability,
    Diagnostic,
    Edit,
    Fix,
    Related,
    Rule,
    Severity,
    has_errors,
    nearest,
    ordered,
)

__all__ = [
    "Applicability", "Diagnostic", "Edit", "Fix", "Related", "Rule", "Severity",
    "has_errors", "nearest", "ordered",
]  # fmt: skip
