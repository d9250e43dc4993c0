"""Statements that the parser of SQL does not know, by their patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from sqlglot import exp

from factory.importers.drafts import Place
from factory.importers.sql.catalog import Catalog, Check, Domain, ForeignKey, Key, Table
from factory.importers.sql.definitions import Definitions
from factory.importers.sql.parsing import tree_of
from factory.importers.sql.statements import Statement

_NAME = r'((?:[\w$]+|"[^"]+"|`[^`]+`|\[[^\]]+\])(?:\.(?:[\w$]+|"[^"]+"|`[^`]+`|\[[^\]]+\]))?)'
_DOMAIN = re.compile(
    rf"\s*CREATE\s+DOMAIN\s+{_NAME}\s+(?:AS\s+)?(.*)\Z", re.IGNORECASE | re.DOTALL
)
_RENAME = re.compile(r"\s*RENAME\s+TABLE\s+(.+)\Z", re.IGNORECASE | re.DOTALL)
_PAIR = re.compile(rf"{_NAME}\s+TO\s+{_NAME}", re.IGNORECASE)
_RENAME_TYPE = re.compile(
    rf"\s*ALTER\s+(?:TYPE|DOMAIN)\s+{_NAME}\s+RENAME\s+TO\s+{_NAME}\s*\Z", re.IGNORECASE
)
_RENAME_CONSTRAINT = re.compile(
    rf"\s*ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{_NAME}\s+RENAME\s+(?:CONSTRAINT|INDEX|KEY)\s+{_NAME}\s+TO\s+{_NAME}",
    re.IGNORECASE,
)
_RENAME_INDEX = re.compile(
    rf"\s*ALTER\s+INDEX\s+(?:IF\s+EXISTS\s+)?{_NAME}\s+RENAME\s+TO\s+{_NAME}",
    re.IGNORECASE,
)
_SCHEMA = re.compile(
    rf"\s*ALTER\s+(TABLE|TYPE|DOMAIN)\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{_NAME}\s+SET\s+SCHEMA\s+{_NAME}\s*\Z",
    re.IGNORECASE,
)
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
_ATTACH = re.compile(
    rf"\s*ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{_NAME}\s+ATTACH\s+PARTITION\s+{_NAME}",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    rf"\s*ALTER\s+TABLE\s+{_NAME}\s+(?:WITH\s+(?:NO)?CHECK\s+)?ADD\s+(?:CONSTRAINT\s+{_NAME}\s+)?DEFAULT\s+(.*?)"
    rf"\s+FOR\s+{_NAME}(?:\s+WITH\s+VALUES)?\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_ALIAS = re.compile(
    rf"\s*CREATE\s+TYPE\s+{_NAME}\s+FROM\s+(.*)\Z", re.IGNORECASE | re.DOTALL
)
_VIRTUAL = re.compile(
    rf"\s*CREATE\s+VIRTUAL\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{_NAME}", re.IGNORECASE
)
_PROPERTY = re.compile(
    r"\s*EXEC(?:UTE)?\s+(?:\w+\.)*sp_(?:add|update)extendedproperty\b", re.IGNORECASE
)
_ARGUMENT = re.compile(r"(?:@(\w+)\s*=\s*)?N?'((?:[^']|'')*)'|\bNULL\b", re.IGNORECASE)
_ARGUMENTS = (
    "name", "value", "level0type", "level0name", "level1type", "level1name",
    "level2type", "level2name",
)  # fmt: skip
_COMMENT_ON = re.compile(
    r"\s*COMMENT\s+ON\s+(TABLE|COLUMN)\s+(\S+|\S*\"[^\"]+\"\S*)\s+IS\s+(?:NULL|E'((?:[^'\\]|''|\\.)*)'|(\$\w*\$)(.*)\4)\s*\Z",
    re.IGNORECASE | re.DOTALL,
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
    text: str
    """Of the statement."""


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
    checks = [check.condition for check in table.checks]
    step.catalog.domains[bare(matched[1])] = Domain(
        kind, checks, made.required, made.default
    )


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


def _attach(step: Step, matched: re.Match[str]) -> None:
    """A partition holds rows of its table, and is none of its own."""
    partition = step.catalog.table(bare(matched[2]))
    if partition is not None:
        del step.catalog.tables[partition.name.lower()]


def _default(step: Step, matched: re.Match[str]) -> None:
    table = step.catalog.table(bare(matched[1]))
    column = table.column(bare(matched[4])) if table else None
    text = f"CREATE TABLE t (a INT DEFAULT {matched[3]})"
    tree = tree_of(Statement(text, step.place), step.dialect)
    found = tree.find(exp.DefaultColumnConstraint) if tree is not None else None
    if column is not None and found is not None:
        column.default = found.this


def _virtual(step: Step, matched: re.Match[str]) -> None:
    step.catalog.virtual.add(bare(matched[1]).lower())
    what = f"CREATE VIRTUAL TABLE {bare(matched[1])}"
    step.catalog.note(step.place, what, "is an index in the shape of a table")


def _property(step: Step, matched: re.Match[str]) -> None:
    """Descriptions of tables and columns; arguments have names or an order."""
    given: dict[str, str] = {}
    rest = step.text[matched.end() :]
    for name, one in zip(_ARGUMENTS, _ARGUMENT.finditer(rest), strict=False):
        given[(one[1] or name).lower()] = _text(one[2] or "")
    if given.get("name", "").lower() != "ms_description":
        return
    schema, table = given.get("level0name", ""), given.get("level1name", "")
    found = step.catalog.table(bare(f"{schema}.{table}" if schema else table))
    if found is None:
        return
    column = found.column(given.get("level2name", ""))
    if column is not None:
        column.comment = given.get("value", "")
    elif not given.get("level2name"):
        found.comment = given.get("value", "")


def _comment_on(step: Step, matched: re.Match[str]) -> None:
    """Texts that the parser does not read: with escapes, in dollars, and none."""
    text = (
        re.sub(r"\\(.)|''", lambda m: m[1] or "'", matched[3] or "") or matched[5] or ""
    )
    owner, name = matched[2], ""
    if matched[1].upper() == "COLUMN":
        owner, _, name = owner.rpartition(".")
    table = step.catalog.table(bare(owner))
    column = table.column(bare(name)) if table and name else None
    if column is not None:
        column.comment = text
    elif table is not None and not name:
        table.comment = text


def _rename(step: Step, matched: re.Match[str]) -> None:
    for pair in _PAIR.finditer(matched[1]):
        step.catalog.rename_table(bare(pair[1]), bare(pair[2]))


def _rename_type(step: Step, matched: re.Match[str]) -> None:
    step.catalog.rename_type(bare(matched[1]), bare(matched[2]))


def _rename_constraint(step: Step, matched: re.Match[str]) -> None:
    table = step.catalog.table(bare(matched[1]))
    if table is not None:
        _rename_keys([table], bare(matched[2]), bare(matched[3]))


def _rename_index(step: Step, matched: re.Match[str]) -> None:
    _rename_keys(list(step.catalog.tables.values()), bare(matched[1]), bare(matched[2]))


def _rename_keys(tables: list[Table], old: str, new: str) -> None:
    for table in tables:
        named: tuple[Key | ForeignKey | Check, ...] = (
            *table.unique, *table.indexes, *table.foreign_keys, *table.checks,
        )  # fmt: skip
        for one in named:
            if one.name.lower() == old.lower():
                one.name = new
        if table.key_name.lower() == old.lower():
            table.key_name = new


def _schema(step: Step, matched: re.Match[str]) -> None:
    """Another schema: the name says so, but for those that mean none."""
    old = bare(matched[2])
    new = bare(f"{matched[3]}.{old.rpartition('.')[2]}")
    if matched[1].upper() == "TABLE":
        step.catalog.move_table(old, new)
    else:
        step.catalog.rename_type(old, new)


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
    (_ALIAS, _domain),
    (_ATTACH, _attach),
    (_DEFAULT, _default),
    (_VIRTUAL, _virtual),
    (_PROPERTY, _property),
    (_COMMENT_ON, _comment_on),
    (_ADD_VALUE, _add_value),
    (_RENAME_VALUE, _rename_value),
    (_IDENTITY, _identity),
    (_RENAME, _rename),
    (_RENAME_TYPE, _rename_type),
    (_RENAME_CONSTRAINT, _rename_constraint),
    (_RENAME_INDEX, _rename_index),
    (_SCHEMA, _schema),
    (_SP_RENAME, _sp_rename),
)
