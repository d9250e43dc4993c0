"""`spc forge compile`"""

from __future__ import annotations

from pathlib import Path

import click

from forge.diagnostics import Diagnostic, ordered, render
from forge.ir.compiler import Compiler
from specora.cli import output
from specora.cli.domains import domains_of, path_argument


@click.command("compile")
@path_argument
@output.json_option
@output.strict_option
def command(path: Path | None, as_json: bool, strict: bool) -> int:
    """Compile contracts and print what they hold."""
    found: list[Diagnostic] = []
    summaries = {}
    for domain in domains_of(path):
        analysis = Compiler(domain).analyze()
        found += analysis.diagnostics
        if not analysis.failed:
            summaries[analysis.application.domain] = analysis.application.summary()
    if as_json:
        output.print_json({**render.to_json(ordered(found)), "domains": summaries})
    else:
        output.report(ordered(found))
        for domain_name, summary in summaries.items():
            output.say(f"{domain_name}: {summary}")
    return output.exit_code(found, strict=strict)
