"""Statements in their order, applied to a catalog."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from factory.importers.drafts import Place, Unreadable
from factory.importers.sql.catalog import Catalog, Key, Table
from factory.importers.sql.copying import copy, inherit
from factory.importers.sql.definitions import Definitions
from factory.importers.sql.parsing import columns_of, name_of, tree_of
from factory.importers.sql.salvage import actions, added, create_table
from factory.importers.sql.special import VIEW, Step, applied, bare
from factory.importers.sql.statements import Statement

MAX_READ = 8_000_000
"""Characters of definitions that are parsed; rows cost nothing."""
_STATEMENT = 400
"""What a statement costs beside its length."""
_DEFINES = re.compile(
    r"\s*(?:CREATE|ALTER|DROP|COMMENT|RENAME|EXEC(?:UTE)?\s+(?:\w+\.)*sp_(?:rename|(?:add|update)extendedproperty))\b",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\s*CREATE\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?(?:DEFINER\s*=\s*\S+\s+)?(?:TEMP(?:ORARY)?\s+)?(?:CONSTRAINT\s+)?"
    r"(FUNCTION|PROC(?:EDURE)?|TRIGGER|POLICY|RULE|AGGREGATE|OPERATOR|CAST|EVENT|PACKAGE)\b",
    re.IGNORECASE,
)
_SILENT = re.compile(
    r"\s*(?:CREATE|ALTER|DROP|COMMENT\s+ON)\s+(?:EXTENSION|SCHEMA|DATABASE|ROLE|USER|LOGIN|SEQUENCE|PUBLICATION"
    r"|SUBSCRIPTION|SERVER|TABLESPACE|DEFAULT\s+PRIVILEGES|FUNCTION|TRIGGER|PROCEDURE|EVENT|AGGREGATE|COLLATION"
    r"|TEXT\s+SEARCH|STATISTICS|POLICY|OPERATOR|CAST|LANGUAGE)\b",
    re.IGNORECASE,
)
_TEMPORARY = re.compile(
    r"\s*CREATE\s+(?:(?:GLOBAL\s+|LOCAL\s+)?TEMP(?:ORARY)?\b|TABLE\s+(?:\[?tempdb\]?\.\.)?\[?#)",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?:OWNER\s+TO|ENABLE|DISABLE|FORCE|CLUSTER|REPLICA\s+IDENTITY|SET\s+\(|NO\s+FORCE|ATTACH\s+PARTITION"
    r"|INHERIT|CHECK\s+CONSTRAINT|AUTO_INCREMENT\s*=|SET\s+STATISTICS|WITH\s+CHECK\s+CHECK)\b",
    re.IGNORECASE,
)


class Replay:
    """Applies statements of one dialect to a catalog."""

    def __init__(self, catalog: Catalog, dialect: str) -> None:
        self.catalog = catalog
        self.dialect = dialect
        self.rows = 0
        """Statements that are about rows."""
        self.definitions = Definitions(catalog)

    @property
    def place(self) -> Place:
        """Where the statement begins that is carried out."""
        return self.definitions.place

    def apply(self, statement: Statement) -> None:
        """What a statement changes."""
        self.definitions.place = statement.place
        text = statement.text
        if not _DEFINES.match(text):
            self.rows += statement.head.startswith(
                ("INSERT", "COPY", "UPDATE", "DELETE", "MERGE")
            )
            return
        code = _CODE.match(text)
        if code is not None:
            what = " ".join(text.split())[:100]
            kind = (
                code[1]
                .lower()
                .replace("proc", "procedure", 1 - ("procedure" in code[1].lower()))
            )
            self.catalog.note(self.place, what, f"a {kind} is code of the database")
            return
        if _SILENT.match(text) or _TEMPORARY.match(text):
            return
        view = VIEW.match(text)
        if view is not None:
            name = bare(view[1])
            self.catalog.views[name] = self.place
            self.catalog.note(
                self.place, f"view {name}", "a view is no table of records"
            )
            return
        step = Step(self.catalog, self.definitions, self.dialect, self.place, text)
        if applied(step, statement):
            return
        several = actions(text)
        if several:
            for action in several:
                self.apply(Statement(action, statement.place))
            return
        self._bounded(len(text))
        tree = tree_of(statement, self.dialect)
        if tree is None:
            self._in_pieces(statement)
            return
        handler = _HANDLERS.get(type(tree))
        if handler is not None:
            handler(self, tree)

    def _bounded(self, length: int) -> None:
        """Raises `Unreadable` where a source defines more than any database holds."""
        self.catalog.read += length + _STATEMENT
        if self.catalog.read > MAX_READ:
            raise Unreadable(self.place, "more definitions than one domain can hold")

    def _in_pieces(self, statement: Statement) -> None:
        """A statement of which something is not understood."""

        def parse(text: str) -> exp.Expr | None:
            return tree_of(Statement(text, statement.place), self.dialect)

        one = added(statement.text)
        found = create_table(one or statement.text, parse)
        if found is not None and (one is None or found.tree.this.expressions):
            name = name_of(found.tree.this)
            table = self.catalog.table(name)
            if one is None:
                self.create(found.tree)
            elif table is not None:
                for item in found.tree.this.expressions:
                    self.definitions.add(table, item)
            for clause in found.lost:
                self.catalog.note(self.place, clause, "is not understood", name)
            return
        if not _OWNER.search(statement.text):
            self.catalog.note(self.place, statement.text, "is not understood")

    def create(self, tree: exp.Create) -> None:
        """`CREATE TABLE | TYPE | INDEX | VIEW`."""
        kind = str(tree.args.get("kind") or "").upper()
        if kind == "TABLE":
            self._create_table(tree)
        elif kind == "TYPE":
            self._create_type(tree)
        elif kind.endswith("INDEX"):
            self._create_index(tree)
        elif kind not in ("SEQUENCE", "SCHEMA", "DATABASE"):
            self.catalog.note(
                self.place, f"{kind} {name_of(tree.this)}", "has no contract"
            )

    def _create_type(self, tree: exp.Create) -> None:
        kind = tree.args.get("expression")
        name = name_of(tree.this)
        if isinstance(kind, exp.DataType) and kind.this == exp.DataType.Type.ENUM:
            self.catalog.enums[name] = tuple(value.name for value in kind.expressions)
        else:
            self.catalog.note(self.place, f"type {name}", "is no enum")

    def _create_table(self, tree: exp.Create) -> None:
        name = name_of(tree.this)
        if name.lower().startswith("sqlite_") or self.catalog.is_shadow(name):
            return
        if self.catalog.tables.get(name.lower()) is not None:
            if not tree.args.get("exists"):
                self.catalog.note(
                    self.place, f"CREATE TABLE {name}", "the table is there already"
                )
            return
        if any(isinstance(p, exp.PartitionedOfProperty) for p in _properties(tree)):
            return
        like = next(
            (p for p in _properties(tree) if isinstance(p, exp.LikeProperty)), None
        )
        if like is not None:
            table = Table(name, self.place)
            if copy(self.catalog, table, like, everything=True):
                self.catalog.tables[name.lower()] = table
                return
        if not isinstance(tree.this, exp.Schema):
            reason = (
                "is made of a query or of another table, so its columns are not told"
            )
            self.catalog.note(self.place, f"CREATE TABLE {name}", reason)
            return
        table = Table(name, self.place)
        for item in tree.this.expressions:
            self.definitions.add(table, item)
        for one in _properties(tree):
            if isinstance(one, exp.SchemaCommentProperty):
                table.comment = one.name
            elif isinstance(one, exp.InheritsProperty) and not inherit(
                self.catalog, table, one.expressions
            ):
                reason = "columns of a table that is not known"
                self.catalog.note(self.place, one.sql(), reason, name)
        if table.columns:
            self.catalog.tables[name.lower()] = table

    def _create_index(self, tree: exp.Create) -> None:
        index = tree.this
        table = self.catalog.table(name_of(index.args.get("table")))
        if table is None:
            # Of a view, most likely, which is listed itself.
            return
        parameters = index.args.get("params")
        items = parameters.args.get("columns") if parameters is not None else None
        names = columns_of(items or [])
        partial = parameters is not None and parameters.args.get("where") is not None
        if not names or not table.has(names) or (partial and tree.args.get("unique")):
            kind = "unique index" if tree.args.get("unique") else "index"
            reason = "holds for some rows alone" if partial else "is over an expression"
            self.catalog.note(self.place, f"{kind} {index.name}", reason, table.name)
        elif tree.args.get("unique"):
            table.unique.append(Key(names, index.name, is_index=True))
        else:
            table.indexes.append(Key(names, index.name))

    def comment(self, tree: exp.Comment) -> None:
        """`COMMENT ON TABLE | COLUMN`."""
        kind = str(tree.args.get("kind") or "").upper()
        text = tree.expression.name if tree.expression is not None else ""
        if kind == "TABLE":
            table = self.catalog.table(name_of(tree.this))
            if table is not None:
                table.comment = text
        elif kind == "COLUMN" and isinstance(tree.this, exp.Column):
            parts = [p.name for p in tree.this.parts]
            table = self.catalog.table(
                ".".join(p for p in parts[:-1] if p not in ("public", "dbo"))
            )
            column = table.column(parts[-1]) if table else None
            if column is not None:
                column.comment = text

    def drop(self, tree: exp.Drop) -> None:
        """`DROP TABLE | TYPE | INDEX`."""
        kind = str(tree.args.get("kind") or "").upper()
        for node in tree.args.get("tables") or (
            [tree.this] if tree.this is not None else []
        ):
            name = name_of(node)
            table = self.catalog.table(name) if kind == "TABLE" else None
            if table is not None:
                if tree.args.get("cascade"):
                    for owner, key in [*self.catalog.references(table.name)]:
                        owner.foreign_keys.remove(key)
                del self.catalog.tables[table.name.lower()]
            elif kind in ("TYPE", "DOMAIN"):
                known = self.catalog.enum(name)
                if known is not None:
                    del self.catalog.enums[known[0]]
            elif kind == "INDEX":
                for one in self.catalog.tables.values():
                    one.unique = [k for k in one.unique if k.name != name]
                    one.indexes = [k for k in one.indexes if k.name != name]


def _alter(replay: Replay, tree: exp.Expr) -> None:
    from factory.importers.sql.altering import alter

    alter(replay, tree)


def _properties(tree: exp.Create) -> list[exp.Expr]:
    found = tree.args.get("properties")
    return list(found.expressions) if found is not None else []


_HANDLERS: dict[type, Callable[[Replay, exp.Expr], None]] = {
    exp.Create: Replay.create,  # type: ignore[dict-item]
    exp.Comment: Replay.comment,  # type: ignore[dict-item]
    exp.Drop: Replay.drop,  # type: ignore[dict-item]
    exp.Alter: _alter,
}
