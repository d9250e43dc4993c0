"""`spc lsp`"""

from __future__ import annotations

import gc

import click

from specora.cli import output

_ALLOCATIONS = 100_000
"""So many new objects make it worth while to look for garbage."""


@click.command("lsp")
@click.option("--stdio", is_flag=True, hidden=True, help="What it does anyway.")
@output.json_option
def command(stdio: bool, as_json: bool) -> int:
    """Serve editors on standard input and output (Language Server Protocol)."""
    del stdio, as_json
    try:
        from specora.lsp.server import run
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"this needs `{error.name}`: install `specora-core[lsp]`"
        ) from None
    # Other commands end before garbage matters; an editor stays for days. Contracts are large and
    # live long: looking at them each time costs more than what is found.
    gc.enable()
    gc.set_threshold(_ALLOCATIONS)
    run()
    return output.OK
