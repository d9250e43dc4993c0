"""Running targets over an IR: the files of all of them, formatted in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from forge.diagnostics import Diagnostic, ordered
from forge.emit import File, Generated, Target
from forge.emit.formatting import format_files
from forge.ir.application import Application


def generate(
    ir: Application, targets: Iterable[Target], extra: Iterable[File] = ()
) -> Generated:
    """What `targets` make of `ir`, and `extra` files that come from elsewhere, as they are."""
    files: list[File] = []
    diagnostics: list[Diagnostic] = []
    for target in targets:
        generated = target.generate(ir)
        files += (replace(f, target=target.name) for f in generated.files)
        diagnostics += generated.diagnostics
    return Generated((*extra, *format_files(files)), ordered(diagnostics))
