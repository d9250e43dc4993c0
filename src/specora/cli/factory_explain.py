"""`spc factory explain`"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from factory.explanation import Page, domain_page, explain
from factory.proposals.places import domain_folder
from forge.ir.compiler import Analysis, analyze
from forge.parser.loader import load_texts, read_texts
from specora.cli import output
from specora.cli.domains import domains_of


@click.command("explain")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--model", "ask", is_flag=True, help="Add a summary by a language model.")
@output.json_option
def command(path: Path, ask: bool, as_json: bool) -> int:
    """Explain the contract or the domain in PATH: what it means once it is compiled.

    No model is needed: fields, references either way, life, endpoints and what is enforced where
    come from the compiler.
    """
    pages: list[Page] = []
    failed = False
    for folder in domains_of(path) if path.is_dir() else [domain_folder(path)]:
        analysis, page = _explained(folder, path)
        if page is None:
            output.report(analysis.diagnostics, style="json" if as_json else "text")
            return output.ERRORS
        failed |= analysis.failed
        pages.append(page)
    summary = ""
    if ask:
        from factory.authoring.summary import summarise
        from specora.cli.models import chosen
        from specora_llm import ModelFault

        try:
            summary = summarise(chosen(), pages)
        except ModelFault as fault:
            from specora.cli.factory_refine import refuse

            refuse(fault, as_json)
            return output.ERRORS
    _print(pages, summary, as_json)
    if failed and not as_json:
        output.note("The domain has errors, so that this may be less than it says.")
    return output.ERRORS if failed else output.OK


def _explained(folder: Path, path: Path) -> tuple[Analysis, Page | None]:
    """The page of the contract at `path`, or of the whole folder."""
    loaded = load_texts(read_texts(folder).items(), root=folder)
    analysis = analyze(loaded)
    if path.is_dir():
        return analysis, domain_page(analysis.application)
    wanted = path.resolve()
    for contract in loaded.values():
        if (
            not contract.file.startswith("<")
            and Path(contract.file).resolve() == wanted
        ):
            return analysis, explain(analysis.application, contract)
    return analysis, None


def _print(pages: list[Page], summary: str, as_json: bool) -> None:
    if as_json:
        output.print_json(
            {"version": 1, "summary": summary, "pages": [p.to_json() for p in pages]}
        )
        return
    text = "\n".join(output.printable(page.markdown()) for page in pages)
    if summary:
        text = f"{output.printable(summary)}\n\n{text}"
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        output.say(text.rstrip())
