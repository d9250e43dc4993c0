"""`spc forge behaviors`"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path

import click

from forge.checks.behavior.missing_function import RULE
from forge.checks.behaviors import uses
from forge.diagnostics import Diagnostic, ordered, render
from forge.ir.compiler import analyze, subject_of
from forge.parser.loader import load_all_contracts
from specora import stubs
from specora.cli import output
from specora.cli.domains import domains_of, path_argument


@click.command("behaviors")
@path_argument
@click.option(
    "--check", is_flag=True, help="Write nothing; exit 3 if a function is missing."
)
@output.json_option
def command(path: Path | None, check: bool, as_json: bool) -> int:
    """Write a stub for each function that contracts name and `behaviors/` lacks.

    A stub is typed and answers 501 until it is filled in. Functions that are there are
    never touched: what is new goes behind the last byte of a file.
    """
    found: list[Diagnostic] = []
    planned: list[stubs.Stubs] = []
    for domain in domains_of(path):
        missing = missing_stubs(domain)
        found += missing.diagnostics
        if not output.exit_code(found):
            planned += missing.stubs
    code = output.exit_code(found)
    if not (code or check):
        for one in planned:
            stubs.write(one)
    if as_json:
        _print_json(found, planned if not code else [], check=check)
    else:
        _print(found, planned if not code else [], check=check)
    return code or (output.WOULD_CHANGE if check and planned else output.OK)


@dataclass(frozen=True, slots=True)
class Missing:
    """What is to be written for a domain, and its other diagnostics."""

    stubs: tuple[stubs.Stubs, ...]
    """None where a diagnostic is an error."""
    diagnostics: tuple[Diagnostic, ...]


def missing_stubs(domain: Path) -> Missing:
    """The stubs of functions that the domain's contracts name and nobody wrote yet."""
    contracts = load_all_contracts(domain)
    analysis = analyze(contracts)
    every = uses(subject_of(contracts, analysis.application))
    missing = [u for u in every if not u.found and _can_be_written(u.name)]
    places = {use.place for use in missing}
    found = tuple(
        d for d in analysis.diagnostics if d.name != RULE.name or d.span not in places
    )
    fit = domain.is_dir() and not output.exit_code(found)
    return Missing(stubs.plan_stubs(domain, missing) if fit else (), found)


def stubs_json(planned: Iterable[stubs.Stubs]) -> list[dict[str, str]]:
    """The functions of stubs, for programs."""
    return [
        {"file": one.path.as_posix(), "function": name}
        for one in planned
        for name in one.names
    ]


def _can_be_written(name: str) -> bool:
    return name.isidentifier() and not iskeyword(name)


def _print(found: list[Diagnostic], planned: list[stubs.Stubs], *, check: bool) -> None:
    output.report(ordered(found))
    verb = "would write" if check else "wrote"
    for one in planned:
        for name in one.names:
            output.say(f"{one.path.as_posix()}: {verb} {name}")
    count = sum(len(one.names) for one in planned)
    if not output.exit_code(found):
        output.say(f"{verb} {output.counted(count, 'stub')}")


def _print_json(
    found: list[Diagnostic], planned: list[stubs.Stubs], *, check: bool
) -> None:
    value = render.to_json(ordered(found))
    value["written"] = [] if check else [one.path.as_posix() for one in planned]
    value["stubs"] = stubs_json(planned)
    output.print_json(value)
