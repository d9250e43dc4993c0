"""The domain's own code, taken along into the generated app."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from forge.emit import File

BEHAVIORS = "behaviors"
"""The owner of these files in the manifest."""


def behavior_files(domain: Path) -> Iterator[File]:
    """The files below `DOMAIN/behaviors/`, as they are, at their place in the app."""
    folder = domain / BEHAVIORS
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*.py")):
        relative = path.relative_to(folder).as_posix()
        yield File(f"backend/behaviors/{relative}", _text(path), target=BEHAVIORS)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise click.ClickException(
            f"{path.as_posix()} is not UTF-8 at byte {error.start + 1}"
        ) from None
