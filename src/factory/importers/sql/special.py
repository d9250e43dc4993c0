"""Statements that the parser of SQL does not know, by their patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from sqlglot import exp

from factory.importers.drafts import Place
from factory.importers.sql.catalog import Catalog, Domain, Table
from factory.importers.sql.definitions import Definitions
from factory.importers.sql.parsing import tree_of
from factory.importers.sql.statements import Statement

_NAME = r'((?:[\w$]+|"[^"]+"|`[^`]+`|\[[^\]]+\])(?:\.(?:[\w$]+|"[^"]+"|`[^`]+`|\[[^\]]+\]))?)'
_DOMAIN = re.compile(
    rf"\s*CREATE\s+DOMAIN\s+{_NAME}\s+(?:AS\s+)?(.*)\Z", re.IGNORECASE | re.DOTALL
)
_RENAME = re.compile(rf"\s*RENAME\s+TABLE\s+{_NAME}\s+TO\s+{_NAME}\s*\Z", re.IGNORECASE)
_SP_RENAME = re.compile(
    r"\s*EXEC(?:UTE)?\s+sp_rename\s+N?'([^']+)'\s*,\s*N?'([^']+)'(?:\s*,\s*N?'(\w+)')?",
    re.IGNORECASE,
)
_ADD_VALUE = re.compile(
    rf"\s*ALTER\s+TYPE\s+{_NAME}\s+ADD\s+VALUE\s+(?:IF\s+NOT\s+EXISTS\s+)?'((?:[^']|'')*)'"
    r"(?:\s+(BEFORE|AFTER)\s+'((?:[^']|'')*)')?",
    re.IGNORECASE,
)
_RENAME_VALUE = re.compile(
    rf"\s*ALTER\s+TYPE\s+{_NAME}\s+RENAME\s+VALUE\s+'((?:[^']|'')*)'\s+TO\s+'((?:[^']|'')*)'",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    rf"\s*ALTER\s+TABLE\s+(?:ONLY\s+)?{_NAME}\s+ALTER\s+(?:COLUMN\s+)?{_NAME}\s+ADD\s+GENERATED\b",
    re.IGNORECASE,
)
VIEW = re.compile(
    rf"\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:[\w=@`']+\s+){{0,6}}?(?:MATERIALIZED\s+)?VIEW\s+"
    rf"(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}",
    re.IGNORECASE,
)


class Step(NamedTuple):
    """What a statement is applied to."""

    catalog: Catalog
    definitions: Definitions
    dialect: str
    place: Place


def applied(step: Step, statement: Statement) -> bool:
    """Whether the statement is one of these; it is carried out then."""
    for pattern, handler in _SPECIAL:
        matched = pattern.match(statement.text)
        if matched is not None:
            handler(step, matched)
            return True
    return False


def _domain(step: Step, matched: re.Match[str]) -> None:
    # A column of a table has the grammar of a domain.
    text = re.sub(r"\bVALUE\b", "value", matched[2])
    tree = tree_of(
        Statement(f"CREATE TABLE d (value {text})", step.place), step.dialect
    )
    column = next(iter(tree.find_all(exp.ColumnDef)), None) if tree else None
    kind = column.args.get("kind") if column is not None else None
    if column is None or not isinstance(kind, exp.DataType):
        step.catalog.note(step.place, matched[0], "is not understood")
        return
    table = Table("d", step.place)
    made = step.definitions.column(table, column)
    checks = [*made.checks, *(check.condition for check in table.checks)]
    step.catalog.domains[bare(matched[1])] = Domain(kind, checks, made.required)


def _add_value(step: Step, matched: re.Match[str]) -> None:
    found = step.catalog.enum(bare(matched[1]))
    if found is None:
        return
    name, values = found
    value, side, other = _text(matched[2]), matched[3], _text(matched[4] or "")
    if value in values:
        return
    at = len(values)
    if side and other in values:
        at = values.index(other) + (side.upper() == "AFTER")
    step.catalog.enums[name] = (*values[:at], value, *values[at:])


def _rename_value(step: Step, matched: re.Match[str]) -> None:
    found = step.catalog.enum(bare(matched[1]))
    if found is not None:
        old, new = _text(matched[2]), _text(matched[3])
        step.catalog.enums[found[0]] = tuple(new if v == old else v for v in found[1])


def _identity(step: Step, matched: re.Match[str]) -> None:
    table = step.catalog.table(bare(matched[1]))
    column = table.column(bare(matched[2])) if table else None
    if column is not None:
        column.identity = True


def _sp_rename(step: Step, matched: re.Match[str]) -> None:
    old, new, kind = matched[1], matched[2], (matched[3] or "OBJECT").upper()
    if kind == "COLUMN":
        owner, _, name = old.rpartition(".")
        table = step.catalog.table(bare(owner))
        if table is not None:
            step.catalog.rename_column(table, bare(name), bare(new))
    elif kind == "OBJECT":
        step.catalog.rename_table(bare(old), bare(new))


def bare(name: str) -> str:
    """A name without quotes, and without a schema that says nothing."""
    parts = [
        part.strip('"`[]')
        for part in re.split(r"\.(?=(?:[^\"]*\"[^\"]*\")*[^\"]*\Z)", name)
    ]
    return ".".join(
        parts[1:] if parts[0].lower() in ("public", "dbo") and parts[1:] else parts
    )


def _text(quoted: str) -> str:
    return quoted.replace("''", "'")


_SPECIAL: tuple[tuple[re.Pattern[str], Callable[[Step, re.Match[str]], None]], ...] = (
    (_DOMAIN, _domain),
    (_ADD_VALUE, _add_value),
    (_RENAME_VALUE, _rename_value),
    (_IDENTITY, _identity),
    (_RENAME, lambda step, m: step.catalog.rename_table(bare(m[1]), bare(m[2]))),
    (_SP_RENAME, _sp_rename),
)
