"""Diagnostics as text for people, as JSON for tools, as annotations for CI and as SARIF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from forge.diagnostics.model import Diagnostic, Fix, Severity
from forge.source import Span

Lines = Callable[[str], Sequence[str]]
"""The lines of a file by its name; empty where there is no such file."""

Paint = Callable[[str, str], str]
"""`(text, style)` -> the text as it is shown."""

STYLES = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "note",
}


def plain_paint(text: str, style: str) -> str:
    """No colours."""
    return text


def text(
    diagnostics: Iterable[Diagnostic], lines: Lines, paint: Paint = plain_paint
) -> str:
    """Every diagnostic with its place, its line and what to do, separated by empty lines."""
    return "\n\n".join(_text(d, lines, paint) for d in diagnostics)


def _text(diagnostic: Diagnostic, lines: Lines, paint: Paint) -> str:
    span = diagnostic.span
    style = STYLES[diagnostic.severity]
    gutter = " " * len(str(span.start.line))
    head = paint(f"{diagnostic.severity}[{diagnostic.name}]", style)
    out = [f"{head}: {diagnostic.message}", f"{gutter}--> {span}"]
    out += _excerpt(diagnostic, lines, paint, gutter)
    out += [f"{gutter} = note: {r.span}: {r.text}" for r in diagnostic.related]
    if diagnostic.help:
        out.append(f"{gutter} = help: {diagnostic.help}")
    out += [f"{gutter} = fix ({f.applicability}): {f.title}" for f in diagnostic.fixes]
    return "\n".join(out)


def _excerpt(
    diagnostic: Diagnostic, lines: Lines, paint: Paint, gutter: str
) -> list[str]:
    span = diagnostic.span
    every = lines(span.file)
    if not 1 <= span.start.line <= len(every) or span.start == span.end:
        return []
    line = every[span.start.line - 1]
    width = span.end.column - span.start.column
    if span.end.line != span.start.line:
        width = len(line.rstrip()) - span.start.column + 1
    start = " " * (span.start.column - 1)
    marker = paint("^" * max(1, width), STYLES[diagnostic.severity])
    return [
        f"{gutter} |",
        f"{span.start.line} | {_printable(line)}",
        f"{gutter} | {start}{marker} {diagnostic.label}".rstrip(),
    ]


def _printable(line: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)


def concise(diagnostics: Iterable[Diagnostic]) -> str:
    """One line each: `file:line:column: error[name]: message`."""
    return "\n".join(str(d) for d in diagnostics)


def to_json(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """The versioned object that `--json` prints."""
    every = list(diagnostics)
    return {
        "version": 1,
        "summary": {
            "errors": sum(d.severity is Severity.ERROR for d in every),
            "warnings": sum(d.severity is Severity.WARNING for d in every),
        },
        "diagnostics": [_object(d) for d in every],
    }


def _object(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **_place(diagnostic.span),
        "related": [{"message": r.text, **_place(r.span)} for r in diagnostic.related],
        "help": diagnostic.help,
        "fixes": [_fix(f) for f in diagnostic.fixes],
    }


def _place(span: Span) -> dict[str, Any]:
    return {
        "file": span.file,
        "line": span.start.line,
        "column": span.start.column,
        "end_line": span.end.line,
        "end_column": span.end.column,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "applicability": fix.applicability.value,
        "edits": [
            {
                **_place(edit.span),
                "start": edit.span.start.offset,
                "end": edit.span.end.offset,
                "text": edit.text,
            }
            for edit in fix.edits
        ],
    }


def github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands that annotate a pull request."""
    levels = {
        Severity.ERROR: "error",
        Severity.WARNING: "warning",
        Severity.NOTE: "notice",
    }
    return "\n".join(
        f"::{levels[d.severity]} file={_property(d.span.file)},line={d.span.start.line},"
        f"col={d.span.start.column},endLine={d.span.end.line},"
        f"endColumn={d.span.end.column},title={_property(d.name)}::{_escaped(d.message)}"
        for d in diagnostics
    )


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _escaped(value).replace(":", "%3A").replace(",", "%2C")


def sarif(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """SARIF 2.1.0, which code scanners read."""
    every = list(diagnostics)
    levels = {
        Severity.ERROR: "error",
        Severity.WARNING: "warning",
        Severity.NOTE: "note",
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "specora",
                        "rules": [
                            {"id": name} for name in sorted({d.name for d in every})
                        ],
                    }
                },
                "results": [
                    {
                        "ruleId": d.name,
                        "level": levels[d.severity],
                        "message": {"text": d.message},
                        "locations": [_sarif_place(d.span)],
                    }
                    for d in every
                ],
            }
        ],
    }


def _sarif_place(span: Span) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": span.file},
            "region": {
                "startLine": span.start.line,
                "startColumn": span.start.column,
                "endLine": span.end.line,
                "endColumn": max(span.end.column, 1),
            },
        }
    }
