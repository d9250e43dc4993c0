"""`spc factory refine`"""

from __future__ import annotations

from pathlib import Path

import click

from factory.authoring import Refinement, refine, target_of
from specora.cli import consent, output
from specora.cli.models import chosen
from specora_llm import ModelFault, NotAccepted, Usage


@click.command("refine")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("instruction")
@consent.yes_option
@consent.dry_run_option
@output.json_option
def command(
    path: Path, instruction: str, yes: bool, dry_run: bool, as_json: bool
) -> int:
    """Change the contract in PATH as INSTRUCTION says, with a language model.

    The change is checked with the whole domain and shown; it is written after consent. Comments and
    layout of what stays are kept.
    """
    if not path.name.endswith(".contract.yaml"):
        raise click.UsageError(f"{path} is no contract: those end in .contract.yaml")
    try:
        model = chosen()
        target = target_of(path)
        if isinstance(target, tuple):
            output.report(target, style="json" if as_json else "text")
            return output.ERRORS
        found = refine(model, target, instruction)
    except ModelFault as fault:
        refuse(fault, as_json)
        return output.ERRORS
    if not as_json:
        if found.remark:
            output.note(output.printable(found.remark))
        output.note(f"({found.usage})")
    applied = consent.settled(found.proposal, yes=yes, dry_run=dry_run, as_json=as_json)
    if as_json:
        output.print_json(_object(found, model.name, applied))
    nothing_left = applied or dry_run or not found.proposal.fixes
    return output.OK if nothing_left or (as_json and not yes) else output.ERRORS


def refuse(fault: ModelFault, as_json: bool) -> None:
    """Why there is no answer that can be used."""
    complaints = fault.complaints if isinstance(fault, NotAccepted) else ()
    if as_json:
        output.print_json(
            {
                "version": 1,
                "error": fault.sentence,
                "fault": fault.kind,
                "complaints": list(complaints),
            }
        )
        return
    output.note(output.printable(fault.sentence))
    for complaint in complaints:
        output.note(output.printable(f"  {complaint}"))


def _object(found: Refinement, model: str, applied: bool) -> dict[str, object]:
    told = accounts(model, found.remark, found.rounds, found.usage)
    return {**found.proposal.to_json(), "applied": applied, **told}


def accounts(model: str, remark: str, rounds: int, usage: Usage) -> dict[str, object]:
    """What a model said and took, for programs."""
    return {
        "remark": remark,
        "model": model,
        "rounds": rounds,
        "usage": usage_json(usage),
    }


def usage_json(usage: Usage) -> dict[str, object]:
    """What answers took, for programs."""
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "requests": usage.requests,
        "cost": None if usage.cost is None else str(usage.cost),
    }
