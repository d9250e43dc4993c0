"""`spc forge fix`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from forge.diagnostics import Applicability, Diagnostic, ordered, render
from forge.diagnostics.fixes import Applied, Fixed, Texts, fix_texts, write_texts
from forge.ir.compiler import analyze
from forge.parser.loader import load_texts, read_texts
from specora.cli import output
from specora.cli.domains import domains_of, path_argument


@click.command("fix")
@path_argument
@click.option(
    "--unsafe", is_flag=True, help="Also write what was probably meant: names, values."
)
@click.option(
    "--check", is_flag=True, help="Write nothing; exit 3 if something would change."
)
@output.json_option
def command(path: Path | None, unsafe: bool, check: bool, as_json: bool) -> int:
    """Correct contracts where a diagnostic says how. Comments and layout stay as they are."""
    done = [_fixed_domain(domain, unsafe=unsafe) for domain in domains_of(path)]
    if not check:
        for fixed in done:
            write_texts(fixed.changed)
    remaining = ordered(d for fixed in done for d in fixed.remaining)
    if as_json:
        output.print_json(_object(done, remaining))
    else:
        _print(done, remaining, check=check, unsafe=unsafe)
    if check and any(fixed.changed for fixed in done):
        return output.WOULD_CHANGE
    return output.exit_code(remaining)


def _fixed_domain(domain: Path, *, unsafe: bool) -> Fixed:
    def faults(texts: Texts) -> tuple[Diagnostic, ...]:
        return analyze(load_texts(texts.items(), root=domain)).diagnostics

    return fix_texts(read_texts(domain), faults, unsafe=unsafe)


def _print(
    done: list[Fixed],
    remaining: tuple[Diagnostic, ...],
    *,
    check: bool,
    unsafe: bool,
) -> None:
    applied = [one for fixed in done for one in fixed.applied]
    verb = "would fix" if check else "fixed"
    for one in applied:
        span = one.diagnostic.span
        output.say(f"{span}: {verb} {one.diagnostic.name}: {one.fix.title}")
    files = sum(len(fixed.changed) for fixed in done)
    output.say(
        f"{verb} {output.counted(len(applied), 'fault')} in {output.counted(files, 'file')}, "
        f"{len(remaining)} left"
    )
    open_fixes = sum(_is_unsafe(d) for d in remaining)
    if open_fixes and not unsafe:
        output.say(
            f"{output.counted(open_fixes, 'fault')} could be fixed with --unsafe"
        )


def _is_unsafe(diagnostic: Diagnostic) -> bool:
    return any(f.applicability is Applicability.UNSAFE for f in diagnostic.fixes)


def _object(done: list[Fixed], remaining: tuple[Diagnostic, ...]) -> dict[str, Any]:
    return {
        **render.to_json(remaining),
        "fixed": [_fixed(one) for fixed in done for one in fixed.applied],
        "written": sorted(name for fixed in done for name in fixed.changed),
    }


def _fixed(one: Applied) -> dict[str, Any]:
    span = one.diagnostic.span
    return {
        "name": one.diagnostic.name,
        "title": one.fix.title,
        "file": span.file,
        "line": span.start.line,
        "column": span.start.column,
    }
