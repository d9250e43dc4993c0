"""The only place of the command line that prints, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import click

from forge.diagnostics import Diagnostic, Severity
from forge.diagnostics import render as renderers

OK = 0
ERRORS = 1
USAGE = 2
WOULD_CHANGE = 3

_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan", "good": "green"}

FORMATS = ("text", "concise", "json", "github", "sarif")

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON and nothing else."
)
json_lines_option = click.option(
    "--json", "as_json", is_flag=True, help="Print a JSON object a line, nothing else."
)
strict_option = click.option("--strict", is_flag=True, help="Treat warnings as errors.")


def say(text: str = "") -> None:
    """A line for people, on standard output."""
    click.echo(text)


def note(text: str) -> None:
    """A line for people that is not the result, on standard error."""
    click.echo(text, err=True)


def printable(text: str) -> str:
    """A stranger's text without what a terminal would carry out."""
    return "".join(
        c if c in "\n\t" or c.isprintable() or c == "\u00a0" else "\ufffd" for c in text
    )


def paint(text: str, style: str) -> str:
    """Colour on a terminal; `click` strips it in a pipe."""
    return click.style(text, fg=_COLOURS.get(style), bold=style == "error")


def print_json(value: Any) -> None:
    """The one JSON value of a command."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def report(diagnostics: Iterable[Diagnostic], *, style: str = "text") -> None:
    """Diagnostics on standard output in one of `FORMATS`."""
    every = tuple(diagnostics)
    if style == "json":
        print_json(renderers.to_json(every))
    elif style == "sarif":
        print_json(renderers.sarif(every))
    elif style == "github":
        if every:
            say(renderers.github(every))
    elif every:
        text = (
            renderers.concise(every)
            if style == "concise"
            else renderers.text(every, _lines, paint)
        )
        say(text)


class Teller:
    """What a command that goes on for long tells as it happens: lines of text or of JSON."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json

    def __call__(self, event: str, text: str, **facts: object) -> None:
        """An event: `text` for people, its name and facts for programs."""
        if self._as_json:
            self._line({"version": 1, "event": event, **facts})
        else:
            say(text)

    def diagnostics(self, diagnostics: Iterable[Diagnostic]) -> None:
        """What is wrong with the contracts, also where that is nothing."""
        if self._as_json:
            found = renderers.to_json(tuple(diagnostics))
            self._line({"version": 1, "event": "diagnostics", **found})
        else:
            report(diagnostics)

    @staticmethod
    def _line(value: dict[str, object]) -> None:
        click.echo(json.dumps(value, ensure_ascii=False))


def exit_code(diagnostics: Iterable[Diagnostic], *, strict: bool = False) -> int:
    """0 without errors, 1 with; `strict` counts warnings."""
    failing = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return ERRORS if any(d.severity in failing for d in diagnostics) else OK


def counted(number: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


@cache
def _lines(file: str) -> Sequence[str]:
    try:
        return Path(file).read_text("utf-8-sig", errors="replace").split("\n")
    except OSError:
        return ()
