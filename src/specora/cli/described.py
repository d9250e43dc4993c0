"""Tells what of a description was understood."""

from __future__ import annotations

from collections.abc import Iterator

from factory.phrases.describing import Described
from forge.ir.entities import Entity
from specora.cli import output


def tell(found: Described, domain: str) -> None:
    """The domain with the change, what follows from nothing said, and what is not understood."""
    app = found.proposal.analysis.application
    changed = set(found.proposal.fixes)
    told = [e for e in app.entities if e.origin.span.file in changed]
    output.note(f"domain {domain}")
    for entity in told:
        output.note(f"  {entity.name}: {', '.join(_fields(entity))}")
    for flow in app.workflows:
        if flow.origin.span.file in changed:
            steps = ", ".join(f"{t.source} -> {t.target}" for t in flow.transitions)
            output.note(f"  {flow.name}: {steps}")
    for note in found.notes:
        output.note(f"note: {output.printable(note)}")
    for missed in found.reading.missed:
        output.note(output.printable(str(missed)))


def _fields(entity: Entity) -> Iterator[str]:
    for field in entity.fields:
        if field.computed is not None:
            continue
        target = (
            f" -> {field.reference.entity.rpartition('/')[2]}"
            if field.reference
            else ""
        )
        mark = "!" if field.required else ""
        yield (
            f"{field.name}{mark}{target}"
            if target
            else f"{field.name}{mark} {field.type.value}"
        )
