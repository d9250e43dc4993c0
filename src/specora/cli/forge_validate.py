"""`spc forge validate`"""

from __future__ import annotations

from pathlib import Path

import click

from forge.diagnostics import Diagnostic, ordered
from forge.ir.compiler import analyze
from forge.parser.loader import Contracts, load_all_contracts
from specora.cli import output
from specora.cli.domains import domains_of, path_argument


@click.command("validate")
@path_argument
@output.json_option
@output.strict_option
@click.option(
    "--output",
    "style",
    type=click.Choice(output.FORMATS),
    default="text",
    help="Form of the report.",
)
def command(path: Path | None, as_json: bool, strict: bool, style: str) -> int:
    """Check contracts and report every fault with its place."""
    style = "json" if as_json else style
    found: list[Diagnostic] = []
    for domain in domains_of(path):
        contracts = load_all_contracts(domain)
        diagnostics = analyze(contracts).diagnostics
        found += diagnostics
        if style == "text":
            _table(domain, contracts, diagnostics)
    if style != "text":
        output.report(ordered(found), style=style)
    return output.exit_code(found, strict=strict)


def _table(
    domain: Path, contracts: Contracts, diagnostics: tuple[Diagnostic, ...]
) -> None:
    output.say(f"Validating {domain.as_posix()}...")
    failed = {d.span.file for d in diagnostics if d.is_error}
    width = max((len(fqn) for fqn in contracts), default=0)
    for fqn, contract in contracts.items():
        verdict = (
            output.paint("FAILED", "error")
            if contract.file in failed
            else output.paint("OK", "good")
        )
        output.say(f"  {fqn:<{width}}   {verdict}")
    for file in contracts.broken:
        output.say(f"  {file}   {output.paint('FAILED', 'error')}")
    output.say()
    if diagnostics:
        output.report(diagnostics)
        output.say()
    _summary(len(contracts) + len(contracts.broken), diagnostics)


def _summary(count: int, diagnostics: tuple[Diagnostic, ...]) -> None:
    errors = sum(d.is_error for d in diagnostics)
    warnings = sum(d.severity == "warning" for d in diagnostics)
    output.say(
        f"{output.counted(count, 'contract')} validated, {output.counted(errors, 'error')}, "
        f"{output.counted(warnings, 'warning')}"
    )
    if not errors and count:
        output.say(output.paint(_all_valid(count), "good"))


def _all_valid(count: int) -> str:
    return "The contract is valid" if count == 1 else f"All {count} contracts are valid"
