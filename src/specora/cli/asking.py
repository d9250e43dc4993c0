"""Carries on an interview at a terminal, or over a pipe: each answer is kept as it comes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from factory.interviews import Interview
from specora.cli import output


def interview_file(domain: str) -> Path:
    """Where answers are kept."""
    name = f"interview-{domain}.json" if domain else "interview.json"
    return Path(".forge") / name


def ask(domain: str, things: Iterable[str], *, restart: bool) -> Interview | None:
    """Ask until all is said; `None` where the input ends before. What was answered is kept."""
    path = interview_file(domain)
    if restart:
        path.unlink(missing_ok=True)
    interview = Interview.load(path, domain, things)
    if interview.answers:
        count = output.counted(len(interview.answers), "answer")
        output.note(
            f"Going on after {count} that {path.as_posix()} keeps (--restart begins anew)."
        )
    else:
        output.note(
            "An empty answer leaves a question open. Answers are kept: Ctrl-C, and go on later."
        )
    try:
        _ask(interview, path)
    except click.Abort:
        output.note(
            f"\nInterrupted. The same command goes on where this ended: {path.as_posix()}"
        )
        return None
    return interview


def _ask(interview: Interview, path: Path) -> None:
    while (asked := interview.question()) is not None:
        output.note(f"\n{asked.text}")
        said = click.prompt(
            f"  ({asked.example})",
            default="",
            show_default=False,
            prompt_suffix="\n> ",
            err=True,
        )
        found = interview.answer(output.printable(said))
        if found is None:
            output.note(
                "  That is not understood. Say it in other words, as in the example."
            )
            continue
        for missed in found.missed:
            output.note(f"  not understood: {missed.text}")
        interview.save(path)
