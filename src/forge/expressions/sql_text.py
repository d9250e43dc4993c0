"""The pieces of SQL text: operands, literals, and the way out for what SQL cannot say."""

from __future__ import annotations

from dataclasses import dataclass

from forge.expressions.durations import microseconds

_MAX_SQL = 20_000
"""Characters of a printed constraint; some forms repeat an operand, so size needs a bound."""


class Refused(Exception):
    """SQL has no expression of the same meaning; caught where printing begins."""


@dataclass(frozen=True, slots=True)
class Sql:
    """A printed expression; one that is not atomic needs parentheses as an operand."""

    text: str
    atomic: bool = True

    @property
    def operand(self) -> str:
        return self.text if self.atomic else f"({self.text})"


def bounded(sql: Sql) -> Sql:
    """The same, unless it is too long for a constraint."""
    if len(sql.text) > _MAX_SQL:
        raise Refused
    return sql


def text_literal(text: str, dialect: str) -> str:
    """A text as an SQL literal that no content can close.

    PostgreSQL gets the escape form for a backslash, whose meaning in a plain literal depends on a
    setting, and for everything that does not print.
    """
    if any(
        character == "\0" or "\ud800" <= character <= "\udfff" for character in text
    ):
        raise Refused
    doubled = text.replace("'", "''")
    if dialect == "sqlite" or (text.isprintable() and "\\" not in text):
        return f"'{doubled}'"
    return "E'" + "".join(_escaped(character) for character in doubled) + "'"


def _escaped(character: str) -> str:
    if character == "\\":
        return "\\\\"
    return character if character.isprintable() else f"\\U{ord(character):08X}"


def duration_literal(value: object) -> str:
    """An ISO 8601 duration as a PostgreSQL interval of seconds, which no time zone stretches."""
    count = microseconds(value) if isinstance(value, str) else None
    if count is None:
        raise Refused
    sign = "-" if count < 0 else ""
    seconds, rest = divmod(abs(count), 1_000_000)
    fraction = f".{rest:06d}" if rest else ""
    return f"INTERVAL '{sign}{seconds}{fraction} seconds'"
