"""`spc explain`"""

from __future__ import annotations

import sys

import click

from forge.diagnostics import nearest, pages
from specora.cli import output


@click.command("explain")
@click.argument("name", required=False)
@output.json_option
def command(name: str | None, as_json: bool) -> int:
    """Explain a diagnostic; without NAME list them all."""
    if name is None:
        names = pages.names()
        if as_json:
            output.print_json(list(names))
        else:
            output.say("\n".join(names))
        return output.OK
    text = pages.page(name)
    if text is None:
        guess = nearest(name, pages.names())
        hint = f", did you mean `{guess}`?" if guess else "; `spc explain` lists them"
        raise click.UsageError(f"no diagnostic is called `{name}`{hint}")
    if as_json:
        output.print_json({"name": name, "page": text})
    elif sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        output.say(text.rstrip())
    return output.OK
