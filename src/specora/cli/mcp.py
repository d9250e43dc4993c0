"""`spc mcp`"""

from __future__ import annotations

import gc
import os
import signal
import sys
from importlib import metadata
from pathlib import Path
from types import FrameType

import click

from specora.cli import output

TOKEN = "SPECORA_MCP_TOKEN"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command("mcp")
@click.argument(
    "folder",
    required=False,
    default=".",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@click.option(
    "--http",
    "port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help="Serve streamable HTTP at /mcp of this port; any free one for 0.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help=f"Address to listen at; any but loopback needs {TOKEN}.",
)
@output.json_lines_option
def command(folder: Path, port: int | None, host: str, as_json: bool) -> int:
    """Serve the contracts of a project to coding agents, over standard input and output.

    FOLDER is the project; nothing outside of it is read or written.
    """
    token = os.environ.get(TOKEN, "")
    if port is not None and host not in LOOPBACK and not token:
        raise click.UsageError(
            f"`{host}` is not loopback: set {TOKEN} to a secret of yours"
        )
    os.chdir(folder)
    try:
        from specora.mcp.project import Project
        from specora.mcp.server import SpecoraServer
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"this needs `{error.name}`: install `specora-core[mcp]`"
        ) from None
    # A server lives on, so that garbage has to be collected; what is there now stays.
    gc.freeze()
    gc.enable()
    server = SpecoraServer(Project(Path.cwd().resolve()), _version())
    if port is None:
        _end_with_signals()
        if sys.stdin.isatty():
            output.note("Waiting for a client on standard input; see docs/agents.md.")
        server.run("stdio")
    else:
        from specora.mcp.http import serve

        tell = output.Teller(as_json)
        serve(server, host, port, token, lambda url: tell("serving", url, url=url))
    return output.OK


def _end_with_signals() -> None:
    """End at once, with what calls run: who waits for a line cannot be told otherwise."""
    from specora.mcp.processes import end_all

    def end(number: int, frame: FrameType | None) -> None:
        end_all()
        os._exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)


def _version() -> str:
    try:
        return metadata.version("specora-core")
    except metadata.PackageNotFoundError:
        return ""
