"""`spc factory migrate`"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from factory.importers.drafts import Unreadable
from factory.importers.migration import FORMATS, Migration, migrate
from factory.importers.pruning import Refused
from specora.cli import output
from specora.cli.domains import domain_option
from specora.cli.forge_behaviors import missing_stubs, stubs_json
from specora.stubs import Stubs, write


@click.command("migrate")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@domain_option
@click.option(
    "--format",
    "form",
    type=click.Choice(("auto", *FORMATS)),
    default="auto",
    show_default=True,
    help="What the source is written in.",
)
@click.option(
    "--output",
    "-o",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the domain; `domains/DOMAIN` where left out.",
)
@click.option(
    "--dry-run", is_flag=True, help="Write nothing; tell what would be written."
)
@click.option(
    "--strict", is_flag=True, help="Exit 1 where something could not be mapped."
)
@output.json_option
def command(
    source: Path,
    domain: str,
    form: str,
    folder: Path | None,
    dry_run: bool,
    strict: bool,
    as_json: bool,
) -> int:
    """Make contracts of a schema, an API document, a spec sheet or a SPEC.md.

    Contracts that exist keep their names, their order and every word; what is new is added.
    """
    try:
        found = migrate(source, domain, format=form, output=folder)
    except (Unreadable, Refused) as error:
        _refuse(error, as_json)
        return output.ERRORS
    several = len(found.folders) > 1
    target = folder or (Path() if several else Path("domains") / domain)
    written: list[Stubs] = []
    if not dry_run:
        found.apply(target)
        written = _write_stubs(target / one for one in found.folders)
    if as_json:
        stubs = stubs_json(written)
        output.print_json(found.to_json() | {"stubs": stubs})
    else:
        _tell(found, target, written, dry_run)
    return output.ERRORS if strict and found.unmapped else output.OK


def _write_stubs(domains: Iterable[Path]) -> list[Stubs]:
    """Stubs for the handlers that the contracts name and nobody wrote yet."""
    planned: list[Stubs] = []
    for domain in domains:
        found = missing_stubs(domain)
        if not output.exit_code(found.diagnostics):
            planned += found.stubs
    for one in planned:
        write(one)
    return planned


def _refuse(error: Unreadable | Refused, as_json: bool) -> None:
    if as_json:
        output.print_json({"version": 1, "error": str(error)})
    else:
        output.note(str(error))


def _tell(
    found: Migration, folder: Path, written: Iterable[Stubs], dry_run: bool
) -> None:
    if len(found.folders) > 1:
        listed = ", ".join((folder / one).as_posix() for one in found.folders)
        output.say(f"{len(found.folders)} services, a domain each: {listed}")
    for name, fix in found.fixes.items():
        output.say(f"  {folder.as_posix()}/{name}   {fix.title}")
    for stubs in written:
        output.say(f"  {stubs.path.as_posix()}   stubs: {', '.join(stubs.names)}")
    for note in found.unmapped:
        output.say(f"{note.place}: {note.what}: {note.reason}")
    for name, difference in found.differences:
        path = ".".join(difference.path)
        output.say(
            f"{folder.as_posix()}/{name}: `{path}` stays as it is; the source says otherwise"
        )
    for line in found.imported.checklist:
        output.say(f"[ ] {line}")
    verb = "would change" if dry_run else "wrote"
    counts = ", ".join(
        (
            output.counted(len(found.imported.entities), "entity").replace(
                "entitys", "entities"
            ),
            f"{len(found.unmapped)} unmapped",
        )
    )
    output.say(
        f"{found.format}: {counts}; {verb} {output.counted(len(found.fixes), 'file')}"
    )
