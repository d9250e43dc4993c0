"""Running targets over an IR: the files of all of them, formatted in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from forge.cache import Cache, text_digest
from forge.diagnostics import Diagnostic, ordered
from forge.emit import File, Generated, Target
from forge.emit.formatting import format_files
from forge.emit.memo import remembering
from forge.ir.application import Application


def generate(
    ir: Application,
    targets: Iterable[Target],
    cache: Cache | None = None,
) -> Generated:
    """What `targets` make of `ir`."""
    chosen = tuple(targets)
    names = " ".join((ir.domain, *(target.name for target in chosen)))
    files: list[File] = []
    diagnostics: list[Diagnostic] = []
    with remembering(cache, f"parts-{text_digest(names)}"):
        for target in chosen:
            generated = target.generate(ir)
            files += (replace(f, target=target.name) for f in generated.files)
            diagnostics += generated.diagnostics
        formatted = format_files(files)
    return Generated(formatted, ordered(diagnostics))
