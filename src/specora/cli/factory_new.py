"""`spc factory new`"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from factory.phrases.describing import Described, Present, described, present
from factory.phrases.reading import Missed, Reading, read_phrases
from factory.proposals import Proposal
from forge.contracts.shapes import SNAKE
from specora.cli import consent, output
from specora.cli.asking import ask, interview_file
from specora.cli.described import tell
from specora.cli.factory_refine import accounts, refuse
from specora.cli.models import chosen, variables
from specora.cli.process import INTERRUPTED
from specora_llm import OVERRIDE, Model, ModelFault, NoModel


@click.command("new")
@click.option(
    "--domain", "-d", default="", help="Name of the domain; the text's where left out."
)
@click.option("--describe", "text", help="What the domain is, in sentences.")
@click.option(
    "--describe-file",
    "source",
    type=click.File(encoding="utf-8"),
    help="A file of them; `-` is standard input.",
)
@click.option(
    "--output",
    "-o",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the domain; `domains/DOMAIN` where left out.",
)
@click.option(
    "--no-model",
    is_flag=True,
    help="Use the phrase grammar although a model is configured.",
)
@click.option(
    "--restart",
    is_flag=True,
    help="Forget the answers of an interview that was interrupted.",
)
@click.option(
    "--strict", is_flag=True, help="Exit 1 where something is not understood."
)
@consent.yes_option
@consent.dry_run_option
@output.json_option
def command(
    domain: str, text: str | None, source: Any, folder: Path | None, no_model: bool, restart: bool,
    strict: bool, yes: bool, dry_run: bool, as_json: bool,
) -> int:  # fmt: skip
    """Make the contracts of a domain from a description, or from an interview.

    A domain that exists is extended: what stands there keeps every word. Without a model the text
    is read by a grammar of phrases (docs/factory.md); what that does not understand is listed.
    """
    if text is not None and source is not None:
        raise click.UsageError("--describe and --describe-file are two descriptions")
    if domain and not re.fullmatch(SNAKE, domain):
        raise click.BadParameter(f"`{domain}` is no name in snake_case")
    said = source.read() if source is not None else text
    interviewed = said is None
    if said is None:
        held = present(_folder(folder, domain)).things if domain or folder else ()
        interview = ask(domain, held, restart=restart)
        if interview is None:
            return INTERRUPTED
        domain, kept = interview.name, interview_file(domain)
        said = interview.description()
    name = domain or _named(said)
    there = present(_folder(folder, name))
    try:
        model = None if no_model else _model()
    except ModelFault as fault:
        refuse(fault, as_json)
        return output.ERRORS
    done = _written(
        said,
        there,
        name,
        model,
        strict=strict,
        yes=yes,
        dry_run=dry_run,
        as_json=as_json,
    )
    if interviewed and done == output.OK and not dry_run:
        kept.unlink(missing_ok=True)
    return done


def _folder(folder: Path | None, domain: str) -> Path:
    return folder or Path("domains") / domain


def _named(text: str) -> str:
    """The domain that a text names; the only one of the project where it names none."""
    named = read_phrases(text).domain
    if named:
        return named
    found = [p for p in sorted(Path("domains").glob("*")) if p.is_dir()]
    if len(found) == 1:
        return found[0].name
    raise click.UsageError(
        "the text does not say what the domain is called: give --domain"
    )


def _model() -> Model | None:
    """The model that the environment offers; a name in it that helps nothing is told."""
    try:
        return chosen()
    except NoModel:
        if variables().get(OVERRIDE, "").strip():
            raise
        return None


def _written(
    text: str, there: Present, domain: str, model: Model | None, *, strict: bool, yes: bool,
    dry_run: bool, as_json: bool,
) -> int:  # fmt: skip
    if model is not None:
        return _by_model(
            text, there, domain, model, yes=yes, dry_run=dry_run, as_json=as_json
        )
    found = described(read_phrases(text, there.things), there, domain)
    if not found.reading.facts:
        return _nothing(found.reading, as_json)
    if not as_json:
        tell(found, domain)
    if found.proposal.blocking:
        return _blocked(found.proposal, found, as_json)
    applied = consent.settled(found.proposal, yes=yes, dry_run=dry_run, as_json=as_json)
    if as_json:
        output.print_json(found.to_json() | {"domain": domain, "applied": applied})
    if strict and found.reading.missed:
        return output.ERRORS
    return _code(found.proposal, applied, yes=yes, dry_run=dry_run, as_json=as_json)


def _by_model(
    text: str,
    there: Present,
    domain: str,
    model: Model,
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    from factory.authoring.creation import create

    try:
        made = create(model, text, there.folder, domain)
    except ModelFault as fault:
        refuse(fault, as_json)
        if not as_json:
            output.note("--no-model reads the description by the phrase grammar.")
        return output.ERRORS
    if not as_json:
        if made.remark:
            output.note(output.printable(made.remark))
        output.note(f"({made.usage})")
    applied = consent.settled(made.proposal, yes=yes, dry_run=dry_run, as_json=as_json)
    if as_json:
        told = accounts(model.name, made.remark, made.rounds, made.usage)
        output.print_json(
            {**made.proposal.to_json(), **told, "domain": domain, "applied": applied}
        )
    return _code(made.proposal, applied, yes=yes, dry_run=dry_run, as_json=as_json)


def _code(
    proposal: Proposal, applied: bool, *, yes: bool, dry_run: bool, as_json: bool
) -> int:
    settled = applied or dry_run or not proposal.fixes or (as_json and not yes)
    return output.OK if settled else output.ERRORS


def _nothing(reading: Reading, as_json: bool) -> int:
    if as_json:
        missed = [_missed(m) for m in reading.missed]
        output.print_json(
            {"version": 1, "error": "nothing is understood", "not_understood": missed}
        )
    else:
        for one in reading.missed:
            output.note(output.printable(str(one)))
        output.note(
            "Nothing of this is understood. docs/factory.md has the phrases that are."
        )
    return output.ERRORS


def _missed(missed: Missed) -> dict[str, object]:
    return {"line": missed.line, "column": missed.column, "text": missed.text}


def _blocked(proposal: Proposal, found: Described, as_json: bool) -> int:
    if as_json:
        output.print_json(found.to_json() | {"applied": False})
    else:
        output.report(proposal.blocking)
        output.note("Nothing is written: the domain would not compile.")
    return output.ERRORS
