"""`specora-init` and `spc init`"""

from __future__ import annotations

from pathlib import Path

import click

from specora.cli import output
from specora.cli.agents import section
from specora.cli.schema import schema_files
from specora.scaffold import domain_name, project_files, write_project


@click.command("specora-init")
@click.argument("name")
@click.option(
    "-p",
    "--path",
    "parent",
    default=".",
    metavar="TEXT",
    help="Parent directory for the project",
)
@click.option("--json", "as_json", is_flag=True, hidden=True)
def command(name: str, parent: str, as_json: bool) -> int:
    """Scaffold a new standalone Specora project."""
    domain = domain_name(name)
    if domain is None:
        raise click.UsageError(
            f"`{name}` makes no domain name: it needs a letter first"
        )
    folder = Path(parent) / name
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.UsageError(f"`{folder.as_posix()}` is there already and not empty")
    files = project_files(domain, schema_files(), section())
    write_project(folder, files)
    if as_json:
        output.print_json(
            {
                "version": 1,
                "project": folder.as_posix(),
                "domain": domain,
                "files": sorted(f.path for f in files),
            }
        )
        return output.OK
    output.say(f"Created {folder.as_posix()}/ with the domain `{domain}`.")
    output.say(f"  cd {folder.as_posix()}")
    output.say(f"  spc forge validate domains/{domain}")
    output.say(f"  spc up domains/{domain}")
    return output.OK
