"""What people read when they point at a place."""

from __future__ import annotations

from dataclasses import dataclass

from forge.diagnostics import Diagnostic
from forge.editing.descriptions import (
    contract_text,
    diagnostic_text,
    field_text,
    key_text,
    state_text,
)
from forge.editing.domain import Domain
from forge.editing.index import Index, Use
from forge.editing.meanings import What
from forge.editing.paths import key_at
from forge.editing.spots import Part, spot_at
from forge.editing.symbols import Location


@dataclass(frozen=True, slots=True)
class Hover:
    """A text in Markdown about a stretch of a file."""

    text: str
    place: Location


def hover(domain: Domain, file: str, offset: int) -> Hover | None:
    """What there is to say about an offset: its name or key, and the faults there."""
    index = domain.index(file)
    if index is None:
        return None
    parts, place = [], None
    use = index.use_at(offset)
    if use is not None:
        parts.append(_name_text(domain, use))
        place = Location(file, use.start, use.end)
    else:
        place, text = _key(index, offset)
        parts.append(text)
    faults = [d for d in _faults(domain, file) if _covers(d, offset)]
    parts += [diagnostic_text(diagnostic) for diagnostic in faults]
    shown = [part for part in dict.fromkeys(parts) if part]
    if not shown:
        return None
    if place is None:
        span = faults[0].span
        place = Location(file, span.start.offset, span.end.offset)
    return Hover("\n\n---\n\n".join(shown), place)


def _name_text(domain: Domain, use: Use) -> str:
    target = use.target
    if target.what is What.CONTRACT:
        index = domain.contract(target.name)
        return contract_text(domain, index) if index else ""
    if target.what is What.STATE:
        workflow = domain.workflow(target.scope)
        known = workflow is not None and target.name in workflow.states
        return state_text(workflow, target.name) if workflow and known else ""
    declared = domain.fields(target.scope).get(target.name)
    return field_text(domain, declared) if declared else ""


def _key(index: Index, offset: int) -> tuple[Location | None, str]:
    spot = spot_at(index.text, offset)
    if spot is None or spot.part is not Part.KEY or not spot.has_colon:
        return None, ""
    word = index.text[spot.start : spot.end].strip("\"'")
    key = key_at(index.kind, (*spot.path, word))
    if key is None:
        return None, ""
    return Location(index.file, spot.start, spot.end), key_text(key)


def _faults(domain: Domain, file: str) -> tuple[Diagnostic, ...]:
    verdict = domain.verdict
    current = verdict is not None and verdict.revision == domain.revision
    return verdict.diagnostics.get(file, ()) if verdict is not None and current else ()


def _covers(diagnostic: Diagnostic, offset: int) -> bool:
    span = diagnostic.span
    return span.start.offset <= offset <= max(span.end.offset, span.start.offset + 1)
