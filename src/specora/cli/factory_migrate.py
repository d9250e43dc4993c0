"""`spc factory migrate`"""

from __future__ import annotations

from pathlib import Path

import click

from factory.importers.drafts import Unreadable
from factory.importers.migration import FORMATS, Migration, migrate
from factory.importers.pruning import Refused
from specora.cli import output
from specora.cli.domains import domain_option


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
    target = folder or Path("domains") / domain
    try:
        found = migrate(source, domain, format=form, output=target)
    except (Unreadable, Refused) as error:
        _refuse(error, as_json)
        return output.ERRORS
    if not dry_run:
        found.apply(target)
    if as_json:
        output.print_json(found.to_json())
    else:
        _tell(found, target, dry_run)
    return output.ERRORS if strict and found.unmapped else output.OK


def _refuse(error: Unreadable | Refused, as_json: bool) -> None:
    if as_json:
        output.print_json({"version": 1, "error": str(error)})
    else:
        output.note(str(error))


def _tell(found: Migration, folder: Path, dry_run: bool) -> None:
    for name, fix in found.fixes.items():
        output.say(f"  {folder.as_posix()}/{name}   {fix.title}")
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
