"""`spc factory add`"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import click

from factory.phrases.describing import present
from factory.proposals import Proposal, propose
from factory.starters import Given, Started, start
from factory.starters.fields import Misspelt
from forge.contracts.envelope import Kind
from forge.contracts.shapes import SNAKE
from forge.contracts.vocabulary import InfraCategory
from forge.diagnostics import Diagnostic, render
from specora.cli import consent, output
from specora.cli.domains import domain_option

_KINDS = {kind.lower_name: kind for kind in Kind}


def _name(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not re.fullmatch(SNAKE, value):
        raise click.BadParameter(f"`{value}` is no name in snake_case")
    return value


@click.command("add")
@click.argument("kind", type=click.Choice(tuple(_KINDS)))
@domain_option
@click.option(
    "--name", "-n", required=True, callback=_name, help="Name of the contract."
)
@click.option(
    "--describe",
    "about",
    default="",
    help="What it is; of entities, mixins and workflows, phrases.",
)
@click.option(
    "--entity", default="", help="What a route, page, agent or workflow is about."
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME:TYPE[!]",
    help="A field: a type, an entity or a|b values, `!` for required. Of an agent, what it sets.",
)
@click.option(
    "--states",
    default="",
    help="States of an entity or workflow: `new -> open`.",
)
@click.option(
    "--trigger", default="", help="The event that starts an agent; ENTITY.created."
)
@click.option(
    "--category",
    default="",
    type=click.Choice(("", *InfraCategory)),
    help="Of infra; its name.",
)
@click.option(
    "--output",
    "-o",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the domain; `domains/DOMAIN` where left out.",
)
@consent.yes_option
@consent.dry_run_option
@output.json_option
def command(
    kind: str, domain: str, name: str, about: str, entity: str, fields: tuple[str, ...],
    states: str, trigger: str, category: str, folder: Path | None,
    yes: bool, dry_run: bool, as_json: bool,
) -> int:  # fmt: skip
    """Add a contract of KIND to a domain: one that compiles, to begin with.

    The change is checked with the whole domain and shown; it is written after consent.
    """
    there = present(folder or Path("domains") / domain)
    given = Given(
        _KINDS[kind], domain, name, about, entity, fields, states, trigger, category
    )
    try:
        started = start(given, there)
    except Misspelt as fault:
        return _refuse(str(fault), as_json)
    if started.faults:
        return _report(started.faults, as_json)
    proposal = propose(there.folder, started.contracts)
    if proposal.blocking:
        return _report(proposal.blocking, as_json)
    return _settle(proposal, started, yes=yes, dry_run=dry_run, as_json=as_json)


def _settle(
    proposal: Proposal, started: Started, *, yes: bool, dry_run: bool, as_json: bool
) -> int:
    if not as_json:
        for missed in started.missed:
            output.note(output.printable(f"not understood: {missed.text}"))
    applied = consent.settled(proposal, yes=yes, dry_run=dry_run, as_json=as_json)
    if as_json:
        left = [m.text for m in started.missed]
        output.print_json(
            {**proposal.to_json(), "not_understood": left, "applied": applied}
        )
    settled = applied or dry_run or (as_json and not yes)
    return output.OK if settled else output.ERRORS


def _report(faults: Iterable[Diagnostic], as_json: bool) -> int:
    every = tuple(faults)
    if as_json:
        output.print_json({**render.to_json(every), "applied": False})
    else:
        output.report(every)
        output.note("Nothing is written.")
    return output.ERRORS


def _refuse(text: str, as_json: bool) -> int:
    if as_json:
        output.print_json({"version": 1, "error": text, "applied": False})
    else:
        output.note(output.printable(text))
    return output.ERRORS
