"""What PostgreSQL and SQLite write differently; everything else is one text for both.

Identifiers pass through `quote`, values are parameters: nothing here takes a value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

from .entity import Field, Type


class Order(NamedTuple):
    """One term of an ordering."""

    field: Field
    descending: bool = False
    nulls_first: bool | None = None
    """Where NULL comes; `None` takes it for greater than every value."""

    @property
    def leads_with_null(self) -> bool:
        """Whether rows with NULL come before the others."""
        return self.descending if self.nulls_first is None else self.nulls_first


class Dialect(ABC):
    """How one database writes expressions. Methods return SQL text."""

    name: str

    @abstractmethod
    def placeholder(self, n: int) -> str:
        """The n-th parameter, from 1; may stand in a statement several times."""

    @abstractmethod
    def parameter(self, field: Field, n: int) -> str:
        """The n-th parameter as a value of `field`, ready to be stored or compared."""

    @abstractmethod
    def compared(self, field: Field, table: str = "") -> str:
        """The column as an operand of `=`, `<`, `ORDER BY` and the like."""

    @abstractmethod
    def differs(self, field: Field, n: int) -> str:
        """The column holds another value than parameter n; NULL is one value."""

    @abstractmethod
    def text(self, field: Field, table: str = "") -> str:
        """The column as text."""

    @abstractmethod
    def contains(self, field: Field, n: int, table: str = "") -> str:
        """The column's text contains parameter n, by code point."""

    @abstractmethod
    def startswith(self, field: Field, n: int, table: str = "") -> str:
        """The column's text starts with parameter n."""

    @abstractmethod
    def endswith(self, field: Field, n: int, table: str = "") -> str:
        """The column's text ends with parameter n."""

    @abstractmethod
    def holds_items(self, field: Field, n: int, table: str = "") -> str:
        """The array column holds every element of the JSON array in parameter n."""

    @abstractmethod
    def json_array(self, items: Sequence[str]) -> str:
        """A JSON array of values, at most as many as a function takes arguments."""

    @abstractmethod
    def json_rows(self, item: str) -> str:
        """The JSON array of `item`, itself JSON, over all rows."""

    @abstractmethod
    def json_query(self, query: str) -> str:
        """The one value of `query`, which is JSON or NULL, as an element of an array."""

    @abstractmethod
    def key_array(self, fields: Sequence[Field], table: str = "") -> str:
        """The values of a key as one value that can be told from others."""

    @abstractmethod
    def key_item(self, field: Field, key: str, n: int) -> str:
        """The n-th value of `key`, from 0, which is that of `field`."""

    @abstractmethod
    def recursion(
        self, name: str, start: str, steps: Sequence[tuple[str, str]], depth: int
    ) -> str:
        """A recursive table of kinds, keys and depths.

        `steps` select kind and key from tables under conditions that speak of `name`.
        """

    def quote(self, identifier: str) -> str:
        """`identifier` as SQL.

        >>> SQLITE.quote('a"b')
        '"a""b"'
        """
        if not identifier or "\x00" in identifier:
            raise ValueError(f"no SQL name: {identifier!r}")
        return '"' + identifier.replace('"', '""') + '"'

    def column(self, field: Field, table: str = "") -> str:
        """The column of `field`, qualified by a table's name or alias."""
        name = self.quote(field.stored_as)
        return f"{self.quote(table)}.{name}" if table else name

    def select(self, field: Field, table: str = "") -> str:
        """A term of a SELECT list, under the field's name."""
        return self._named(self._read(field, table), field)

    def returned(self, field: Field) -> str:
        """A term of a RETURNING list, under the field's name."""
        return self.select(field)

    def _named(self, expression: str, field: Field) -> str:
        if expression == self.quote(field.name):
            return expression
        return f"{expression} AS {self.quote(field.name)}"

    def _read(self, field: Field, table: str) -> str:
        return self.column(field, table)

    def order(self, terms: Sequence[Order], table: str = "") -> str:
        """The terms of an ORDER BY.

        The place of NULL is left out for columns without it, where it would keep SQLite
        from using an index.
        """
        return ", ".join(self._term(term, table) for term in terms)

    def _term(self, term: Order, table: str) -> str:
        text = self.compared(term.field, table) + (" DESC" if term.descending else "")
        if term.field.required:
            return text
        return text + (" NULLS FIRST" if term.leads_with_null else " NULLS LAST")

    def after(
        self, terms: Sequence[Order], parameters: Sequence[int | None], table: str = ""
    ) -> str:
        """The condition of a row that comes after a cursor in the order of `terms`.

        `parameters` holds the number of each term's parameter, `None` where the cursor
        holds NULL.
        """
        if self._as_row(terms, parameters):
            left = ", ".join(self.compared(term.field, table) for term in terms)
            right = ", ".join(
                self.parameter(term.field, n)
                for term, n in zip(terms, parameters, strict=True)
                if n is not None
            )
            return f"({left}) {'<' if terms[0].descending else '>'} ({right})"
        return self._after(list(zip(terms, parameters, strict=True)), table)

    @staticmethod
    def _as_row(terms: Sequence[Order], parameters: Sequence[int | None]) -> bool:
        """A comparison of rows uses an index; it needs one direction and no NULL."""
        return (
            all(term.field.required for term in terms)
            and None not in parameters
            and len({term.descending for term in terms}) == 1
        )

    def _after(self, rest: list[tuple[Order, int | None]], table: str) -> str:
        (term, n), *rest = rest
        beyond = self._beyond(term, n, table)
        if not rest:
            return beyond
        column = self.compared(term.field, table)
        same = (
            f"{column} IS NULL"
            if n is None
            else f"{column} = {self.parameter(term.field, n)}"
        )
        return f"({beyond} OR ({same} AND {self._after(rest, table)}))"

    def _beyond(self, term: Order, n: int | None, table: str) -> str:
        column = self.compared(term.field, table)
        if n is None:
            return f"{column} IS NOT NULL" if term.leads_with_null else "1 = 0"
        sign = "<" if term.descending else ">"
        further = f"{column} {sign} {self.parameter(term.field, n)}"
        if term.field.required or term.leads_with_null:
            return further
        return f"({further} OR {column} IS NULL)"


_CASTS: dict[Type, str] = {
    Type.STRING: "text",
    Type.TEXT: "text",
    Type.EMAIL: "text",
    Type.UUID: "text::uuid",
    Type.INTEGER: "bigint",
    Type.NUMBER: "double precision",
    Type.DECIMAL: "numeric",
    Type.BOOLEAN: "boolean",
    Type.DATETIME: "timestamptz",
    Type.DATE: "date",
    Type.TIME: "time",
    Type.DURATION: "interval",
    Type.BINARY: "bytea",
    Type.ARRAY: "jsonb",
    Type.OBJECT: "jsonb",
    Type.JSON: "jsonb",
}


class PostgresDialect(Dialect):
    """PostgreSQL: every parameter is cast, so that no type is guessed."""

    name = "postgresql"

    def placeholder(self, n: int) -> str:
        return f"${n}"

    def parameter(self, field: Field, n: int) -> str:
        return f"${n}::{_CASTS[field.type]}"

    def compared(self, field: Field, table: str = "") -> str:
        return self.column(field, table)

    def _read(self, field: Field, table: str) -> str:
        # The driver would build a UUID object for each value; records hold text.
        column = self.column(field, table)
        return f"{column}::text" if field.type is Type.UUID else column

    def differs(self, field: Field, n: int) -> str:
        return f"{self.compared(field)} IS DISTINCT FROM {self.parameter(field, n)}"

    def text(self, field: Field, table: str = "") -> str:
        return f'{self.column(field, table)}::text COLLATE "C"'

    def contains(self, field: Field, n: int, table: str = "") -> str:
        return f"strpos({self.text(field, table)}, ${n}::text) > 0"

    def startswith(self, field: Field, n: int, table: str = "") -> str:
        return f"starts_with({self.text(field, table)}, ${n}::text)"

    def endswith(self, field: Field, n: int, table: str = "") -> str:
        return f"right({self.text(field, table)}, length(${n}::text)) = ${n}::text"

    def holds_items(self, field: Field, n: int, table: str = "") -> str:
        return f"{self.column(field, table)} @> ${n}::jsonb"

    def json_array(self, items: Sequence[str]) -> str:
        return f"json_build_array({', '.join(items)})"

    def json_rows(self, item: str) -> str:
        return f"coalesce(json_agg({item}), '[]'::json)"

    def json_query(self, query: str) -> str:
        return f"({query})"

    def key_array(self, fields: Sequence[Field], table: str = "") -> str:
        texts = (f"{self.column(field, table)}::text" for field in fields)
        return f"jsonb_build_array({', '.join(texts)})"

    def key_item(self, field: Field, key: str, n: int) -> str:
        return f"({key} ->> {n})::{_CASTS[field.type]}"

    def recursion(
        self, name: str, start: str, steps: Sequence[tuple[str, str]], depth: int
    ) -> str:
        text = f"WITH RECURSIVE {name} (kind, key, depth) AS ({start}"
        if steps:
            # The recursive table may be named once.
            ways = " UNION ALL ".join(f"SELECT {what} FROM {of}" for what, of in steps)
            text += (
                f" UNION SELECT step.kind, step.key, {name}.depth + 1 FROM {name}"
                f" CROSS JOIN LATERAL ({ways}) AS step (kind, key)"
                f" WHERE {name}.depth < {depth}"
            )
        return f"{text})"


_COLLATIONS = {Type.DECIMAL: "DECIMAL", Type.DURATION: "DURATION"}


class SqliteDialect(Dialect):
    """SQLite: decimals and durations compare by collations that `sqlite` registers."""

    name = "sqlite"

    def placeholder(self, n: int) -> str:
        return f"?{n}"

    def parameter(self, field: Field, n: int) -> str:
        return f"?{n}"

    def returned(self, field: Field) -> str:
        # Where the first column of a table holds floats, SQLite 3.40 hands out bare
        # columns of integers as floats, too, and so without their last digits.
        column = self.column(field)
        whole = field.type in (Type.INTEGER, Type.BOOLEAN)
        return self._named(f"+{column}" if whole else column, field)

    def compared(self, field: Field, table: str = "") -> str:
        collation = _COLLATIONS.get(field.type)
        column = self.column(field, table)
        return column if collation is None else f"{column} COLLATE {collation}"

    def differs(self, field: Field, n: int) -> str:
        return f"{self.compared(field)} IS NOT {self.parameter(field, n)}"

    def text(self, field: Field, table: str = "") -> str:
        return self.column(field, table)

    def contains(self, field: Field, n: int, table: str = "") -> str:
        return f"instr({self.text(field, table)}, ?{n}) > 0"

    def startswith(self, field: Field, n: int, table: str = "") -> str:
        return f"substr({self.text(field, table)}, 1, length(?{n})) = ?{n}"

    def endswith(self, field: Field, n: int, table: str = "") -> str:
        text = self.text(field, table)
        return f"substr({text}, length({text}) - length(?{n}) + 1) = ?{n}"

    def holds_items(self, field: Field, n: int, table: str = "") -> str:
        column = self.column(field, table)
        kind = "CASE {0}.type WHEN 'integer' THEN 'real' ELSE {0}.type END"
        held, wanted = kind.format("held"), kind.format("wanted")
        same = f"held.value IS wanted.value AND {held} = {wanted}"
        found = f"EXISTS (SELECT 1 FROM json_each({column}) AS held WHERE {same})"
        missing = f"EXISTS (SELECT 1 FROM json_each(?{n}) AS wanted WHERE NOT {found})"
        return f"({column} IS NOT NULL AND NOT {missing})"

    def json_array(self, items: Sequence[str]) -> str:
        return f"json_array({', '.join(items)})"

    def json_rows(self, item: str) -> str:
        return f"json_group_array({item})"

    def json_query(self, query: str) -> str:
        # What comes out of a subquery is plain text again.
        return f"json(({query}))"

    def key_array(self, fields: Sequence[Field], table: str = "") -> str:
        values = (
            f"exact({self.column(field, table)})"
            if field.type is Type.NUMBER
            else self.column(field, table)
            for field in fields
        )
        return f"json_array({', '.join(values)})"

    def key_item(self, field: Field, key: str, n: int) -> str:
        return f"json_extract({key}, '$[{n}]')"

    def recursion(
        self, name: str, start: str, steps: Sequence[tuple[str, str]], depth: int
    ) -> str:
        ways = (
            # A cross join is one whose order SQLite keeps.
            f" UNION SELECT {what}, {name}.depth + 1 FROM {name} CROSS JOIN {of}"
            f" AND {name}.depth < {depth}"
            for what, of in steps
        )
        return f"WITH RECURSIVE {name} (kind, key, depth) AS ({start}{''.join(ways)})"


POSTGRESQL: Dialect = PostgresDialect()
SQLITE: Dialect = SqliteDialect()
