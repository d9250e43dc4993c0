"""The state of a schema while its statements are replayed: tables, types and what holds of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from sqlglot import exp

from factory.importers.drafts import Place, Unmapped
from factory.importers.sql.names import ByName, is_alike

T = TypeVar("T")
_SHADOWS = frozenset(
    {
        "data",
        "idx",
        "content",
        "docsize",
        "config",
        "segments",
        "segdir",
        "stat",
        "node",
        "rowid",
        "parent",
    }
)


@dataclass(slots=True)
class Column:
    """A column as declared."""

    name: str
    type: exp.DataType | None
    place: Place
    spelled: str = ""
    """The type's name, where it is one of the schema's own."""
    required: bool = False
    default: exp.Expr | None = None
    identity: bool = False
    on_update: bool = False
    """Set anew whenever the row changes."""
    generated: exp.Expr | None = None
    comment: str = ""


@dataclass(slots=True)
class ForeignKey:
    """A reference as declared. `references` empty stands for the key."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]
    on_delete: str
    place: Place
    name: str = ""


@dataclass(slots=True)
class Key:
    """A unique key or an index over plain columns."""

    columns: tuple[str, ...]
    name: str = ""
    is_index: bool = False
    """A unique index and no constraint."""


@dataclass(slots=True)
class Check:
    """A condition on rows."""

    condition: exp.Expr
    place: Place
    name: str = ""


@dataclass(slots=True)
class Table:
    """A table as it stands so far."""

    name: str
    place: Place
    columns: dict[str, Column] = field(default_factory=dict)
    """By name in lower case."""
    primary_key: tuple[str, ...] = ()
    key_name: str = ""
    """The name of the primary key as a constraint."""
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    unique: list[Key] = field(default_factory=list)
    indexes: list[Key] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    comment: str = ""

    def column(self, name: str) -> Column | None:
        """The column of a name in any case."""
        return self.columns.get(name.lower())

    def spelled(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Column names as the table writes them."""
        return tuple(c.name if (c := self.column(name)) else name for name in names)

    def has(self, names: tuple[str, ...]) -> bool:
        """Whether all are columns."""
        return all(name.lower() in self.columns for name in names)


@dataclass(slots=True)
class Domain:
    """`CREATE DOMAIN`: a type with a base and conditions on `VALUE`."""

    base: exp.DataType
    checks: list[exp.Expr] = field(default_factory=list)
    required: bool = False
    default: exp.Expr | None = None


@dataclass(slots=True)
class Catalog:
    """A schema."""

    tables: ByName[Table] = field(default_factory=ByName)
    """By name in lower case."""
    enums: ByName[tuple[str, ...]] = field(default_factory=ByName)
    domains: ByName[Domain] = field(default_factory=ByName)
    virtual: set[str] = field(default_factory=set)
    """Names of search indexes in the shape of tables, in lower case."""
    views: dict[str, Place] = field(default_factory=dict)
    unmapped: list[Unmapped] = field(default_factory=list)
    read: int = 0
    """What parsing the definitions has cost, in characters."""

    def table(self, name: str) -> Table | None:
        """A table by its name, with or without its schema."""
        found = self.tables.get(name.lower())
        if found is None:
            same = self.tables.alike(name)
            found = self.tables[same[0]] if len(same) == 1 else None
        return found

    def is_shadow(self, name: str) -> bool:
        """Whether a table keeps the content of a search index of SQLite."""
        owner, _, rest = name.lower().rpartition("_")
        return owner in self.virtual and rest in _SHADOWS

    def enum(self, name: str) -> tuple[str, tuple[str, ...]] | None:
        """An enum type by its name, with or without its schema, and its full name."""
        return _named(self.enums, name)

    def domain(self, name: str) -> Domain | None:
        """A domain by its name, with or without its schema."""
        found = _named(self.domains, name)
        return found[1] if found else None

    def note(self, place: Place, what: str, reason: str, table: str = "") -> None:
        """List what cannot be mapped."""
        self.unmapped.append(
            Unmapped(place, " ".join(what.split())[:160], reason, table)
        )

    def references(self, name: str) -> Iterator[tuple[Table, ForeignKey]]:
        """Who refers to a table."""
        wanted = name.lower()
        for table in self.tables.values():
            for key in table.foreign_keys:
                if key.table.lower() == wanted:
                    yield table, key

    def rename_table(self, old: str, new: str) -> None:
        """Rename a table wherever it is named."""
        table = self.table(old)
        if table is None:
            return
        schema = table.name.rpartition(".")[0]
        self.move_table(
            table.name, f"{schema}.{new}" if schema and "." not in new else new
        )

    def move_table(self, old: str, new: str) -> None:
        """Give a table another name, whatever its schema."""
        table = self.table(old)
        if table is None:
            return
        before = table.name
        del self.tables[before.lower()]
        table.name = new
        self.tables[table.name.lower()] = table
        for _, key in self.references(before):
            key.table = table.name

    def rename_type(self, old: str, new: str) -> None:
        """Rename an enum or a domain wherever it is named."""
        enum, domain = self.enum(old), _named(self.domains, old)
        if enum is not None:
            self.enums = self.enums.renamed(enum[0], new)
        elif domain is not None:
            self.domains = self.domains.renamed(domain[0], new)
        known = enum or domain
        for table in self.tables.values():
            for column in table.columns.values():
                spelled = column.spelled.replace('"', "")
                if known and spelled and is_alike(known[0], spelled):
                    column.spelled = new

    def rename_column(self, table: Table, old: str, new: str) -> None:
        """Rename a column wherever it is named."""
        column = table.column(old)
        if column is None:
            return
        table.columns = {
            (new.lower() if name == old.lower() else name): value
            for name, value in table.columns.items()
        }
        column.name = new

        def renamed(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(new if name.lower() == old.lower() else name for name in names)

        table.primary_key = renamed(table.primary_key)
        for key in (*table.unique, *table.indexes):
            key.columns = renamed(key.columns)
        for check in table.checks:
            for node in check.condition.find_all(exp.Column):
                if node.name.lower() == old.lower():
                    node.set("this", exp.to_identifier(new, quoted=True))
        for reference in table.foreign_keys:
            reference.columns = renamed(reference.columns)
        for _, reference in self.references(table.name):
            reference.references = renamed(reference.references)


def _named(known: ByName[T], name: str) -> tuple[str, T] | None:
    alike = known.alike(name)
    return (alike[0], known[alike[0]]) if alike else None
