"""`spc lsp`"""

from __future__ import annotations

from importlib.util import find_spec

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
    if find_spec("pygls") is None:
        raise click.ClickException(
            "the language server needs the extra `lsp`: install `specora-core[lsp]`"
        )
    import gc

    from specora.lsp.server import run

    # Other commands end before garbage matters; an editor stays for days. Contracts are large and
    # live long: looking at them each time costs more than what is found.
    gc.enable()
    gc.set_threshold(_ALLOCATIONS)
    run()
    return output.OK
