"""Representations that PostgreSQL writes: the JSON of a record as an expression of SQL.

`links.renderer` says what a representation is; this says the same in SQL, so that a page of
records crosses the process as text. What it cannot say stays with the renderer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from .dialect import POSTGRESQL
from .entity import Entity, Field, Type, Workflow
from .links import LinkPlan, link_plan
from .operations import Collection
from .page_text import ROW

_FIRST: Final = "0001-01-01 00:00:00"
_LAST: Final = "9999-12-31 23:59:59.999999"

# By type, the JSON of a value that is not NULL.
_JSON: Final[Mapping[Type, str]] = {
    Type.STRING: "to_json({0})::text",
    Type.TEXT: "to_json({0})::text",
    Type.EMAIL: "to_json({0})::text",
    Type.UUID: """'"' || {0} || '"'""",
    Type.INTEGER: "{0}::text",
    Type.NUMBER: (
        "CASE WHEN abs({0}) < 1e15 AND {0} = trunc({0}) THEN {0}::text || '.0'"
        " WHEN abs({0}) < 'Infinity' THEN {0}::text ELSE 'null' END"
    ),
    Type.DECIMAL: """'"' || {0}::text || '"'""",
    Type.BOOLEAN: "{0}::text",
    # Years that Python does not count are those that the driver's codec makes of them.
    Type.DATETIME: (
        f"replace(to_char(least(greatest({{0}}, '{_FIRST}+00'), '{_LAST}+00'),"
        """ '"\\""YYYY-MM-DD"T"HH24:MI:SS.US"Z\\""'), '.000000Z', 'Z')"""
    ),
    Type.DATE: (
        f"to_char(least(greatest({{0}}, '{_FIRST[:10]}'), '{_LAST[:10]}'),"
        """ '"\\""YYYY-MM-DD"\\""')"""
    ),
    Type.TIME: ("""replace(to_char({0}, '"\\""HH24:MI:SS.US"\\""'), '.000000', '')"""),
    Type.BINARY: """'"' || replace(encode({0}, 'base64'), chr(10), '') || '"'""",
    Type.ARRAY: "{0}::text",
    Type.OBJECT: "{0}::text",
    Type.JSON: "{0}::text",
}


def item_text(collection: Collection, targets: Mapping[str, Collection]) -> str | None:
    """The JSON of one record of `collection`; `None` where SQL cannot say it."""
    plan, entity = link_plan(collection, targets), collection.entity
    workflow = plan.workflow
    told = all(field.type in _JSON for field in entity.visible)
    varies = workflow is not None and bool(workflow.variant_field)
    if not told or varies or plan.steps or not plan.key:
        return None
    return " || ".join(_merged([*_members(entity), *_links(entity, plan)]))


def _members(entity: Entity) -> Iterator[tuple[bool, str]]:
    """The visible fields: pieces of JSON, each a constant text or an expression."""
    start = "{"
    for field in entity.visible:
        yield True, f"{start}{_json(field.name)}:"
        yield False, _value(field)
        start = ","


def _value(field: Field) -> str:
    column = _column(field)
    text = _JSON[field.type].format(column)
    if field.required:
        return f"({text})"
    return f"CASE WHEN {column} IS NULL THEN 'null' ELSE {text} END"


def _links(entity: Entity, plan: LinkPlan) -> Iterator[tuple[bool, str]]:
    key = f"{_column(entity.by_name[plan.key])}::text"
    own = f"{plan.path}/"
    yield True, f',"_links":{{"self":{_json(own)[:-1]}'
    yield False, key
    yield True, f'","collection":{_json(plan.path or "/")}'
    for name, field_name, start in plan.plain:
        field = entity.by_name[field_name]
        pieces = (
            _literal(f",{_json(name)}:{_json(start)[:-1]}"),
            f"{_column(field)}::text",
            _literal('"'),
        )
        text = " || ".join(pieces)
        yield False, f"({text})" if field.required else f"coalesce({text}, '')"
    if plan.workflow is not None:
        yield False, _transitions(entity, plan.workflow, own, key)
    yield True, "}}"


def _transitions(entity: Entity, workflow: Workflow, own: str, key: str) -> str:
    """The links of the steps that the state of the row allows."""
    state = _column(entity.by_name[workflow.field])
    cases = ""
    for name, allowed in workflow.transitions.items():
        if allowed:
            places = (
                f",{_json(f'state:{step}')}:{_json(own)[:-1]}" for step in allowed
            )
            end = _literal('/state"')
            text = " || ".join(f"{_literal(one)} || {key} || {end}" for one in places)
            cases += f" WHEN {state} = {_literal(name)} THEN {text}"
    return f"CASE{cases} ELSE '' END" if cases else "''"


def _merged(pieces: list[tuple[bool, str]]) -> Iterator[str]:
    """Constant pieces that follow each other as one literal."""
    held = ""
    for constant, text in pieces:
        if constant:
            held += text
            continue
        if held:
            yield _literal(held)
            held = ""
        yield text
    if held:
        yield _literal(held)


def _column(field: Field) -> str:
    return f"{ROW}.{POSTGRESQL.quote(field.name)}"


def _json(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _literal(text: str) -> str:
    """A constant of the service's own; what clients send is always a parameter."""
    quoted = text.replace("'", "''")
    return f"'{quoted}'"
