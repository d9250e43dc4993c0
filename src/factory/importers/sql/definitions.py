"""What stands in the brackets of `CREATE TABLE`: columns and constraints."""

from __future__ import annotations

from sqlglot import exp

from factory.importers.drafts import Place
from factory.importers.sql.catalog import Catalog, Check, Column, ForeignKey, Key, Table
from factory.importers.sql.checks import columns_in
from factory.importers.sql.copying import copy
from factory.importers.sql.parsing import columns_of, name_of


class Definitions:
    """Adds columns and constraints to tables of a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.place = Place("", 1)
        """Where the statement begins that is carried out."""

    def add(self, table: Table, item: exp.Expr) -> None:
        """A column or a constraint of a table."""
        if isinstance(item, exp.ColumnDef) and _is_index(item):
            self.catalog.note(self.place, item.sql(), "is not understood", table.name)
        elif isinstance(item, exp.ColumnDef):
            column = self.column(table, item)
            column.place = Place(self.place.file, self.place.line + _line_of(item))
            table.columns[column.name.lower()] = column
        elif isinstance(item, exp.Constraint):
            for one in _merged(item):
                self._constraint(table, one, item.name)
        elif isinstance(item, exp.Identifier | exp.Column):
            # SQLite takes a column without a type.
            table.columns[item.name.lower()] = Column(item.name, None, self.place)
        else:
            self._constraint(table, item, "")

    def _constraint(self, table: Table, item: exp.Expr, name: str) -> None:
        if isinstance(item, exp.PrimaryKey):
            names = columns_of(item.expressions)
            table.primary_key = names or table.primary_key
            table.key_name = name or _named(table, (), "pkey")
        elif isinstance(item, exp.ForeignKey):
            self._foreign_key(table, item, name)
        elif isinstance(item, exp.UniqueColumnConstraint):
            inner = item.this
            named = (
                inner.this.name
                if isinstance(inner, exp.Schema) and inner.this
                else name
            )
            names = (
                columns_of(inner.expressions) if isinstance(inner, exp.Schema) else None
            )
            if names:
                own = name or named or _named(table, names, "key")
                table.unique.append(Key(names, own))
            else:
                self.catalog.note(
                    self.place, item.sql(), "is over an expression", table.name
                )
        elif isinstance(item, exp.IndexColumnConstraint):
            names = columns_of(item.expressions)
            if names and not item.args.get("kind"):
                table.indexes.append(Key(names, item.name))
        elif isinstance(item, exp.CheckColumnConstraint):
            own = name or _named(
                table, tuple(sorted(columns_in(item.this))[:1]), "check"
            )
            table.checks.append(Check(item.this, self.place, own))
        elif isinstance(item, exp.LikeProperty):
            if copy(self.catalog, table, item):
                return
            self.catalog.note(
                self.place, item.sql(), "columns of another table", table.name
            )
        elif not isinstance(item, exp.Property | exp.ExcludeColumnConstraint):
            self.catalog.note(self.place, item.sql(), "is not understood", table.name)
        elif isinstance(item, exp.ExcludeColumnConstraint):
            self.catalog.note(
                self.place, item.sql(), "excludes rows by an index", table.name
            )

    def _foreign_key(self, table: Table, item: exp.ForeignKey, name: str) -> None:
        reference = item.args.get("reference")
        columns = columns_of(item.expressions)
        if columns and isinstance(reference, exp.Reference):
            options = [
                *(item.args.get("options") or ()),
                *(reference.args.get("options") or ()),
            ]
            actions = (
                {f"ON DELETE {item.args['delete']}"}
                if item.args.get("delete")
                else set()
            )
            self.refer(table, columns, reference, {*map(str, options), *actions}, name)

    def refer(
        self,
        table: Table,
        columns: tuple[str, ...],
        reference: exp.Reference,
        options: set[str],
        name: str = "",
    ) -> None:
        """Add a foreign key."""
        target = reference.this
        names = columns_of(target.expressions) if isinstance(target, exp.Schema) else ()
        table.foreign_keys.append(
            ForeignKey(
                columns,
                name_of(target),
                names or (),
                _action(options),
                self.place,
                name or _named(table, columns, "fkey"),
            )
        )

    def column(self, table: Table, item: exp.ColumnDef) -> Column:
        kind = item.args.get("kind")
        column = Column(
            item.name, kind if isinstance(kind, exp.DataType) else None, self.place
        )
        if (
            isinstance(kind, exp.DataType)
            and kind.this == exp.DataType.Type.USERDEFINED
        ):
            column.spelled = str(kind.args.get("kind") or "")
        elif kind is not None and not isinstance(kind, exp.DataType):
            column.spelled = kind.sql()
        for constraint in item.args.get("constraints") or ():
            self._of_column(table, column, constraint)
        return column

    def _of_column(self, table: Table, column: Column, constraint: exp.Expr) -> None:
        kind = constraint.args.get("kind")
        match kind:
            case exp.NotNullColumnConstraint():
                column.required = not kind.args.get("allow_null")
            case exp.PrimaryKeyColumnConstraint():
                table.primary_key = (column.name,)
                table.key_name = constraint.name or _named(table, (), "pkey")
            case exp.PrimaryKey():
                # SQL Server takes a constraint of the table without a comma before it.
                self._constraint(table, kind, constraint.name)
            case exp.UniqueColumnConstraint():
                name = constraint.name or _named(table, (column.name,), "key")
                table.unique.append(Key((column.name,), name))
            case exp.DefaultColumnConstraint():
                column.default = kind.this
            case exp.AutoIncrementColumnConstraint():
                column.identity = True
            case exp.GeneratedAsIdentityColumnConstraint():
                if kind.args.get("expression") is None:
                    column.identity = True
                else:
                    column.generated = kind.args["expression"]
            case exp.ComputedColumnConstraint() | exp.GeneratedAsRowColumnConstraint():
                column.generated = kind.this or kind
            case exp.CommentColumnConstraint():
                column.comment = kind.name
            case exp.OnUpdateColumnConstraint():
                column.on_update = True
            case exp.CheckColumnConstraint():
                name = constraint.name or _named(table, (column.name,), "check")
                table.checks.append(Check(kind.this, column.place, name))
            case exp.Reference():
                options = {str(o) for o in kind.args.get("options") or ()}
                self.refer(table, (column.name,), kind, options, constraint.name)
            case _:
                pass


def _is_index(item: exp.ColumnDef) -> bool:
    """Whether it is an index of SQL Server among the columns, which the parser takes for one."""
    name = item.this
    return isinstance(name, exp.Identifier) and name.name == "INDEX" and not name.quoted


def _merged(item: exp.Constraint) -> list[exp.Expr]:
    """The parts of a named constraint; SQL Server's keys come in two."""
    parts = list(item.expressions)
    keys = [
        p
        for p in parts
        if isinstance(p, exp.PrimaryKeyColumnConstraint | exp.UniqueColumnConstraint)
    ]
    clustered = [
        p
        for p in parts
        if isinstance(
            p, exp.ClusteredColumnConstraint | exp.NonClusteredColumnConstraint
        )
    ]
    if keys and clustered and isinstance(clustered[0].this, list):
        columns = clustered[0].this
        if isinstance(keys[0], exp.PrimaryKeyColumnConstraint):
            return [exp.PrimaryKey(expressions=columns)]
        return [exp.UniqueColumnConstraint(this=exp.Schema(expressions=columns))]
    return [p for p in parts if not isinstance(p, exp.OnProperty | exp.Property)]


def _named(table: Table, columns: tuple[str, ...], kind: str) -> str:
    """The name that PostgreSQL gives to a constraint without one."""
    return "_".join((table.name.rpartition(".")[2], *columns, kind))


def _action(options: set[str]) -> str:
    text = " ".join(sorted(options)).upper()
    if "ON DELETE CASCADE" in text:
        return "cascade"
    if "ON DELETE SET NULL" in text:
        return "set_null"
    return ""


def _line_of(item: exp.Expr) -> int:
    """How many lines below its statement's first an item stands."""
    identifier = item.this
    line = identifier.meta.get("line") if isinstance(identifier, exp.Expr) else None
    return int(line) - 1 if line else 0
