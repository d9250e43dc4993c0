"""Statements within others: blocks that run at once, and batches of SQL Server."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factory.importers.drafts import Place
from factory.importers.reading import Text
from factory.importers.sql.statements import CODE, Statement, statements

_DO = re.compile(r"\s*DO\b.*?(\$\w*\$)(.*)\1", re.IGNORECASE | re.DOTALL)
_DEFINITION = re.compile(
    r"\b(?:CREATE\s+(?:TYPE|DOMAIN|TABLE|(?:UNIQUE\s+)?INDEX)|ALTER\s+(?:TYPE|TABLE))\b",
    re.IGNORECASE,
)
_GUARD = re.compile(r"\s*(?:DECLARE\b|BEGIN\b|IF\b|THEN\b|ELSE\b)", re.IGNORECASE)
_VERB = re.compile(
    r"^[ \t]*(?=(?:CREATE|ALTER\s+TABLE|EXEC(?:UTE)?|INSERT|UPDATE|DELETE|SET\s+\w+\s+(?:ON|OFF)"
    r"|USE|DROP\s+\w+|IF|PRINT|DECLARE|SELECT|GRANT|BEGIN|END)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\[[^\]\n]*\]")
_LAST_END = re.compile(r"\bEND\s*;?\s*\Z", re.IGNORECASE)


def flattened(statement: Statement, dialect: str) -> Iterator[Statement]:
    """The statements that one consists of; mostly itself."""
    block = _DO.match(statement.text) if dialect == "postgres" else None
    if block is not None:
        yield from _of_block(statement, block)
    elif dialect == "tsql":
        yield from _of_batch(statement)
    else:
        yield statement


def _of_block(statement: Statement, block: re.Match[str]) -> Iterator[Statement]:
    """What a `DO` block defines, whatever it asks before."""
    lines = statement.place.line + statement.text.count("\n", 0, block.start(2)) - 1
    for inner in statements(Text(statement.place.file, block[2])):
        place = Place(inner.place.file, inner.place.line + lines)
        text = _unguarded(inner.text)
        if text is not None:
            yield Statement(text, place)


def _unguarded(text: str) -> str | None:
    """A definition without the conditions before it; `None` where there is none."""
    plain = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    found = _DEFINITION.search(plain)
    if found is None or (found.start() and not _GUARD.match(text)):
        return None
    return text[found.start() :]


def _of_batch(statement: Statement) -> Iterator[Statement]:
    """A batch of SQL Server needs nothing between its statements."""
    text = statement.text
    if CODE.match(text):
        yield statement
        return
    plain = _QUOTED.sub(lambda quoted: re.sub(r"[^\n]", "_", quoted[0]), text)
    starts = [0]
    depth = counted = 0
    for verb in _VERB.finditer(plain):
        between = plain[counted : verb.end()]
        depth += between.count("(") - between.count(")")
        counted = verb.end()
        if depth == 0 and verb.end() > 0:
            starts.append(verb.end())
    for begin, end in zip(starts, [*starts[1:], len(text)], strict=True):
        part = text[begin:end].strip()
        unguarded = _unguarded(part) if part[:2].upper() == "IF" else part
        if unguarded:
            line = statement.place.line + text.count("\n", 0, begin)
            yield Statement(
                _LAST_END.sub("", unguarded), Place(statement.place.file, line)
            )
