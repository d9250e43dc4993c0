"""`spc agents`"""

from __future__ import annotations

from pathlib import Path

import click

from specora.cli import output, program
from specora.cli.catalogue import commands
from specora.scaffold.manual import FILES, BrokenMarks, manual, refreshed


def section() -> str:
    """What `AGENTS.md` and `CLAUDE.md` say of this version."""
    return manual(commands(program()))


@click.command("agents")
@click.argument(
    "folder",
    required=False,
    default=".",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
)
@click.option(
    "--check", is_flag=True, help="Write nothing; exit 3 if something would change."
)
@output.json_option
def command(folder: Path, check: bool, as_json: bool) -> int:
    """Bring AGENTS.md and CLAUDE.md of a project to this version.

    Only the marked section is written. Where a file has none it goes behind the last byte.
    """
    changed = _changed(folder, section())
    if not check:
        for path, text in changed.items():
            path.write_text(text, "utf-8", newline="")
    names = [path.as_posix() for path in changed]
    if as_json:
        output.print_json(
            {"version": 1, "written": [] if check else names, "stale": names}
        )
    else:
        verb = "would write" if check else "wrote"
        output.say("\n".join(f"{verb} {name}" for name in names) or "up to date")
    return output.WOULD_CHANGE if check and changed else output.OK


def _changed(folder: Path, section: str) -> dict[Path, str]:
    """The new texts of the files that are not up to date."""
    found = {}
    for name in FILES:
        path = folder / name
        before = _text(path) if path.exists() else ""
        try:
            text = refreshed(before, section)
        except BrokenMarks as error:
            raise click.ClickException(f"{path.as_posix()}: {error}") from None
        if text != before:
            found[path] = text
    return found


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{path.as_posix()} is not UTF-8") from None
