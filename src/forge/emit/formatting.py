"""Formatting of generated Python: one call of the formatter for all files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from forge.emit.files import File
from forge.emit.memo import keep_text, known_text


class FormattingError(Exception):
    """The formatter refused generated code: a bug of a target, never of a contract."""


def format_files(files: Iterable[File]) -> tuple[File, ...]:
    """The same files, Python formatted the way the formatter's defaults have it."""
    every = tuple(files)
    texts = {
        f.content: "" for f in every if f.path.endswith(".py") and not f.is_formatted
    }
    if not texts:
        return every
    formatted = _formatted(tuple(texts))
    return tuple(replace(f, content=formatted.get(f.content, f.content)) for f in every)


def _formatted(texts: tuple[str, ...]) -> dict[str, str]:
    """Each text as the formatter has it. What was formatted before is known."""
    found = {text: known_text(_key(text)) for text in texts}
    new = [text for text, known in found.items() if known is None]
    for text, formatted in zip(new, _format(new), strict=True):
        keep_text(_key(text), formatted)
        found[text] = formatted
    return {text: known for text, known in found.items() if known is not None}


def _key(text: str) -> str:
    return f"formatted\0{text}"


def _format(texts: list[str]) -> list[str]:
    if not texts:
        return []
    import subprocess
    import tempfile

    from ruff import find_ruff_bin

    with tempfile.TemporaryDirectory(prefix="specora-") as folder:
        places = [f"{folder}/{number}.py" for number in range(len(texts))]
        for place, text in zip(places, texts, strict=True):
            with open(place, "wb") as stream:
                stream.write(text.encode("utf-8"))
        run = subprocess.run(
            [find_ruff_bin(), "format", "--isolated", "--no-cache", "--quiet", "."],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode != 0:
            raise FormattingError(run.stderr.strip())
        return [Path(place).read_bytes().decode("utf-8") for place in places]
