"""`ALTER TABLE`, action by action."""

from __future__ import annotations

from sqlglot import exp

from factory.importers.sql.catalog import Column, Table
from factory.importers.sql.checks import columns_in
from factory.importers.sql.parsing import name_of
from factory.importers.sql.replay import Replay


def alter(replay: Replay, tree: exp.Expr) -> None:
    """Carry out the actions of one statement."""
    kind = str(tree.args.get("kind") or "TABLE").upper()
    if kind != "TABLE":
        return
    table = replay.catalog.table(name_of(tree.this))
    if table is None:
        return
    for action in tree.args.get("actions") or ():
        _act(replay, table, action)


def _act(replay: Replay, table: Table, action: exp.Expr) -> None:
    match action:
        case exp.ColumnDef():
            replay.definitions.add(table, action)
        case exp.AddConstraint():
            for constraint in action.expressions:
                replay.definitions.add(table, constraint)
        case exp.PrimaryKey() | exp.ForeignKey() | exp.UniqueColumnConstraint():
            replay.definitions.add(table, action)
        case exp.IndexColumnConstraint() | exp.CheckColumnConstraint():
            replay.definitions.add(table, action)
        case exp.AlterColumn():
            _alter_column(replay, table, action)
        case exp.ModifyColumn():
            _modify(replay, table, action)
        case exp.RenameColumn():
            replay.catalog.rename_column(
                table, action.this.name, action.args["to"].name
            )
        case exp.AlterRename():
            replay.catalog.rename_table(table.name, name_of(action.this))
        case exp.Drop():
            _drop(table, action)
        case exp.DropPrimaryKey():
            _drop_key(table)
        case exp.Command():
            replay.catalog.note(
                replay.place, action.sql(), "is not understood", table.name
            )
        case _:
            pass


def _alter_column(replay: Replay, table: Table, action: exp.AlterColumn) -> None:
    column = table.column(action.this.name)
    if column is None:
        return
    kind = action.args.get("dtype")
    if isinstance(kind, exp.DataType):
        column.type = kind
        column.spelled = (
            str(kind.args.get("kind") or "")
            if kind.this == exp.DataType.Type.USERDEFINED
            else ""
        )
    if "default" in action.args and action.args["default"] is not None:
        column.default = action.args["default"]
    elif action.args.get("drop") and not action.args.get("allow_null"):
        column.default = None
    if action.args.get("allow_null") is False:
        column.required = True
    elif action.args.get("allow_null"):
        column.required = not action.args.get("drop")


def _modify(replay: Replay, table: Table, action: exp.Expr) -> None:
    """MySQL's MODIFY and CHANGE give a column anew, CHANGE under another name."""
    definition = (
        action.this
        if isinstance(action.this, exp.ColumnDef)
        else action.find(exp.ColumnDef)
    )
    old = action.args.get("rename_from")
    if not isinstance(definition, exp.ColumnDef):
        return
    name = old.name if isinstance(old, exp.Expr) else definition.name
    if name.lower() != definition.name.lower():
        replay.catalog.rename_column(table, name, definition.name)
    before = table.column(definition.name)
    made: Column = replay.definitions.column(table, definition)
    if before is not None:
        made.place = before.place
    table.columns[made.name.lower()] = made


def _drop(table: Table, action: exp.Drop) -> None:
    kind = str(action.args.get("kind") or "COLUMN").upper()
    target = action.this if action.this is not None else None
    names = [
        name_of(node).lower()
        for node in (action.args.get("tables") or ([target] if target else []))
    ]
    for name in names:
        if kind == "COLUMN" and name in table.columns:
            _drop_column(table, name)
        elif kind in ("CONSTRAINT", "INDEX", "KEY", "FOREIGN KEY", "CHECK"):
            table.foreign_keys = [
                k for k in table.foreign_keys if k.name.lower() != name
            ]
            table.unique = [k for k in table.unique if k.name.lower() != name]
            table.indexes = [k for k in table.indexes if k.name.lower() != name]
            table.checks = [c for c in table.checks if c.name.lower() != name]
            if name == table.key_name.lower():
                _drop_key(table)
    if kind == "PRIMARY KEY":
        _drop_key(table)


def _drop_key(table: Table) -> None:
    """What was the key stays required."""
    for name in table.primary_key:
        column = table.column(name)
        if column is not None:
            column.required = True
    table.primary_key, table.key_name = (), ""


def _drop_column(table: Table, name: str) -> None:
    del table.columns[name]
    table.primary_key = tuple(n for n in table.primary_key if n.lower() != name)

    def without(columns: tuple[str, ...]) -> bool:
        return name not in (column.lower() for column in columns)

    table.foreign_keys = [k for k in table.foreign_keys if without(k.columns)]
    table.unique = [k for k in table.unique if without(k.columns)]
    table.indexes = [k for k in table.indexes if without(k.columns)]
    table.checks = [c for c in table.checks if name not in columns_in(c.condition)]
