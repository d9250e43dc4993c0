"""Rules, diagnostics and fixes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from forge.source import Span


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Applicability(StrEnum):
    """Who may apply a fix."""

    SAFE = "safe"
    """The contract keeps its meaning. Tools may apply it unasked."""

    UNSAFE = "unsafe"
    """Probably what was meant. A person or an agent must opt in."""

    DISPLAY = "display"
    """An illustration, never applied."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of a span."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that belong together."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.UNSAFE

    @classmethod
    def replace(cls, span: Span, text: str) -> Fix:
        """Offer `text` in place of what stands at `span`."""
        return cls(f"write `{text}` here", (Edit(span, text),))


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that has to do with a fault, and what it has to do with it."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A fault that can be found. Its page is the docstring of the file that declares it."""

    name: str
    severity: Severity
    message: str
    """One line, lower case, no full stop, with `{placeholders}`."""

    def at(
        self,
        span: Span,
        *,
        label: str = "",
        related: Iterable[Related] = (),
        help: str = "",
        fixes: Iterable[Fix] = (),
        **values: object,
    ) -> Diagnostic:
        """The fault, found at `span`."""
        return Diagnostic(
            self.name,
            self.severity,
            self.message.format_map(
                {key: _shown(value) for key, value in values.items()}
            ),
            span,
            _printable(label),
            tuple(replace(r, text=_printable(r.text)) for r in related),
            _printable(help),
            tuple(replace(fix, title=_printable(fix.title)) for fix in fixes),
        )


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A fault at a place."""

    name: str
    severity: Severity
    message: str
    span: Span
    label: str = ""
    """What this place is, in a few words."""
    related: tuple[Related, ...] = ()
    help: str = ""
    """What to do, with the legal values."""
    fixes: tuple[Fix, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether it stops compilation."""
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        return f"{self.span}: {self.severity}[{self.name}]: {self.message}"


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Diagnostics by place, each fault at one place once."""
    unique = {(d.span, d.name, d.message): d for d in diagnostics}
    return tuple(
        sorted(
            unique.values(),
            key=lambda d: (d.span.file, d.span.start.offset, d.name, d.message),
        )
    )


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of `diagnostics` is an error."""
    return any(d.is_error for d in diagnostics)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The legal name that `name` was probably meant to be."""
    import difflib

    candidates = sorted(set(names))
    lowered = {candidate.lower(): candidate for candidate in reversed(candidates)}
    found = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None


def _shown(value: object) -> str:
    """A value inside a message: one line, bounded, with control characters escaped."""
    text = _printable(str(value))
    return text if len(text) <= 120 else text[:117] + "..."


def _printable(text: str) -> str:
    """One line: what a terminal or a log would act on is escaped."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in text
    )
