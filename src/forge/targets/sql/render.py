"""From a planned schema to its file."""

from __future__ import annotations

from collections.abc import Collection

from forge.diagnostics import ordered
from forge.emit import File, Generated, Templates
from forge.emit.headers import dash_header
from forge.emit.memo import Slice, memo, slices
from forge.emit.sql_names import ConstraintNames, searched
from forge.ir.application import Application
from forge.ir.entities import Entity
from forge.targets.sql.dialect import Dialect
from forge.targets.sql.faults import find_faults
from forge.targets.sql.keys import Key, referenced_keys
from forge.targets.sql.plan import LaterKey, TablePlanner, further_down, in_order
from forge.targets.sql.search import sqlite_search, words

_TEMPLATES = Templates("forge.targets.sql")

Part = tuple[str, str, str]
"""One entity's share of a schema: its table, keys that have to wait, its indexes."""


def generate(app: Application, dialect: Dialect) -> Generated:
    """The schema of an application as one file."""
    sources = tuple(entity.origin for entity in app.entities)
    return Generated(
        (File(dialect.path, render(app, dialect), sources),),
        ordered(find_faults(app, dialect)),
    )


def render(app: Application, dialect: Dialect) -> str:
    """The text of a schema: all tables, then what needs them to be there."""
    fqns = tuple(entity.fqn for entity in app.entities) or (f"domain/{app.domain}",)
    parts = _parts(app, dialect)
    return (
        dash_header(*fqns)
        + _words(app, dialect)
        + "".join(part[section] for section in range(3) for part in parts)
    )


def _words(app: Application, dialect: Dialect) -> str:
    """The function that columns of words call, where there is one."""
    if not dialect.holds_words or not any(map(searched, app.entities)):
        return ""
    return _TEMPLATES.render("words.sql.jinja", words=words())


def _parts(app: Application, dialect: Dialect) -> list[Part]:
    order = in_order(app)
    names = ConstraintNames(app)
    referenced: dict[str, list[Key]] = {}
    for key in referenced_keys(app):
        referenced.setdefault(key[0], []).append(key)
    later: dict[str, list[tuple[str, str]]] = {}
    for pair in further_down(app, order):
        later.setdefault(pair[0], []).append(pair)
    of = {piece.entities[0].fqn: piece for piece in slices(app)}
    return [
        memo(
            _part,
            of[entity.fqn],
            dialect,
            names,
            sorted((fqn, sorted(fields)) for fqn, fields in referenced.get(fqn, ())),
            sorted(later.get(fqn, ())),
        )
        for entity in order
        for fqn in (entity.fqn,)
    ]


def _part(
    piece: Slice,
    dialect: Dialect,
    names: ConstraintNames,
    referenced: Collection[tuple[str, list[str]]],
    later: Collection[tuple[str, str]],
) -> Part:
    keys = frozenset((fqn, frozenset(fields)) for fqn, fields in referenced)
    planner = TablePlanner(piece, dialect, names, keys, later)
    (entity,) = piece.entities
    table = planner.table(entity)
    waiting = tuple(
        LaterKey(entity.table, constraint)
        for constraint in planner.references(entity, later=True)
    )
    return (
        _TEMPLATES.render("table.sql.jinja", table=table, table_end=dialect.table_end),
        _TEMPLATES.render("later_keys.sql.jinja", keys=waiting) if waiting else "",
        _TEMPLATES.render("indexes.sql.jinja", indexes=table.indexes)
        + _search(entity, dialect, names),
    )


def _search(entity: Entity, dialect: Dialect, names: ConstraintNames) -> str:
    """The table of words of an entity, where it has one."""
    search = None if dialect.holds_words else sqlite_search(entity, names)
    return _TEMPLATES.render("search.sql.jinja", search=search) if search else ""
