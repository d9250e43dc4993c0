"""The document put together from one part for each route.

A part is described on its own, from a slice of the application, so that a change of one entity
leaves the parts of the others as they were. Where two parts mean different things by one name the
document is described as a whole, which gives one of them another name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from forge.emit.memo import Slice, memo, slices
from forge.ir.application import Application
from forge.targets.openapi import graphs
from forge.targets.openapi.components import KINDS, Components
from forge.targets.openapi.expansions import NOTHING, Beside, beside
from forge.targets.openapi.parameters import (
    Filters,
    Signature,
    shared_filters,
    signatures,
)
from forge.targets.openapi.plan import (
    Plan,
    describe_routes,
    describe_service,
    document,
    plan,
)
from forge.targets.openapi.render import LaidOut, laid_out

_Texts = dict[str, str]
Part = tuple[_Texts, dict[str, _Texts]]
"""Paths, and the entries of each section of `components`, as they stand in the document."""

_PATH_DEPTH = 2
_COMPONENT_DEPTH = 3


class _Disagreement(Exception):
    pass


def assemble(ir: Application) -> Plan:
    """The document, most of it text already."""
    # One object for equal signatures, which is looked at once.
    same: dict[Signature, Signature] = {}
    pieces = [
        (piece, [same.setdefault(one, one) for one in signatures(piece)])
        for piece in _pieces(ir)
    ]
    uses = Counter(one for _, filters in pieces for one in filters)
    parts = [memo(_filters_part, one) for one, count in uses.items() if count > 1]
    about = beside(ir)
    for piece, filters in pieces:
        shared = [one for one in filters if uses[one] > 1]
        shown = about.get(piece.entities[0].fqn, NOTHING)
        parts.append(memo(_part, piece, shared, shown))
    own = _common_part(ir, about)
    try:
        paths = _merged(part[0] for part in parts)
        sections = [part[1] for part in (*parts, own)]
        described = {
            kind: dict(sorted(found.items()))
            for kind in KINDS
            if (found := _merged(section.get(kind, {}) for section in sections))
        }
    except _Disagreement:
        return plan(ir)
    for path, text in own[0].items():
        # A collection at such a path is what the service serves there.
        paths.setdefault(path, LaidOut(text))
    return document(ir, paths, described)


def _pieces(ir: Application) -> Iterable[Slice]:
    of = {piece.entities[0].fqn: piece for piece in slices(ir)}
    for route in ir.routes:
        piece = of.get(route.entity)
        if piece is not None:
            alone = len(piece.routes) == 1
            yield piece if alone else replace(piece, routes=(route,))


def _filters_part(signature: Signature) -> Part:
    components = Components()
    components.parameters.parts.update(shared_filters(signature))
    return _texts({}, components)


def _part(piece: Slice, shared: list[Signature], shown: Beside) -> Part:
    components = Components(beside={piece.entities[0].fqn: shown})
    filters = Filters(piece, components, described=False)
    filters.uses.update(shared)
    return _texts(describe_routes(piece, components, filters), components)


def _common_part(ir: Application, about: Mapping[str, Beside]) -> Part:
    components = Components()
    graphs.declare(ir, about, components)
    return _texts(describe_service(ir, components), components)


def _texts(paths: dict[str, Any], components: Components) -> Part:
    return (
        {path: laid_out(item, _PATH_DEPTH) for path, item in paths.items()},
        {
            kind: {name: _component(kind, name, one) for name, one in found.items()}
            for kind, found in components.document().items()
        },
    )


_known: dict[tuple[str, str], tuple[Any, str]] = {}
"""The entry that was laid out last under a name: most routes have the same ones."""


def _component(kind: str, name: str, value: Any) -> str:
    known = _known.get((kind, name))
    if known is None or known[0] != value:
        known = _known[kind, name] = (value, laid_out(value, _COMPONENT_DEPTH))
    return known[1]


def _merged(parts: Iterable[_Texts]) -> dict[str, Any]:
    """All entries. Equal ones of one name are one; a path is never described twice."""
    found: dict[str, Any] = {}
    for part in parts:
        for name, text in part.items():
            if found.setdefault(name, LaidOut(text)) != text:
                raise _Disagreement
    return found
