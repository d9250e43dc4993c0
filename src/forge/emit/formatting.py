"""Formatting of generated Python: one call of the formatter for all files."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ruff import find_ruff_bin

from forge.emit.files import File


class FormattingError(Exception):
    """The formatter refused generated code: a bug of a target, never of a contract."""


def format_files(files: Iterable[File]) -> tuple[File, ...]:
    """The same files, Python formatted the way the formatter's defaults have it."""
    every = tuple(files)
    texts = {f.path: f.content for f in every if f.path.endswith(".py")}
    if not texts:
        return every
    formatted = _format(texts)
    return tuple(replace(f, content=formatted.get(f.path, f.content)) for f in every)


def _format(texts: dict[str, str]) -> dict[str, str]:
    with tempfile.TemporaryDirectory(prefix="specora-") as folder:
        root = Path(folder)
        for path, text in texts.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8"))
        run = subprocess.run(
            [find_ruff_bin(), "format", "--isolated", "--no-cache", "--quiet", "."],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode != 0:
            raise FormattingError(run.stderr.strip())
        return {path: (root / path).read_bytes().decode("utf-8") for path in texts}
