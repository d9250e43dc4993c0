"""A catalog as drafts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlglot import exp

from factory.importers.drafts import (
    EntityDraft,
    Evidence,
    FieldDraft,
    ForeignKeyDraft,
    Imported,
    Place,
    Reference,
    Unreadable,
)
from factory.importers.naming import words
from factory.importers.reading import Text
from factory.importers.sql.catalog import Catalog, Column, ForeignKey, Table
from factory.importers.sql.checks import by_column, columns_in, understood
from factory.importers.sql.defaults import default_of
from factory.importers.sql.dialects import dialects_of
from factory.importers.sql.nested import flattened
from factory.importers.sql.ordering import ignored, replayed
from factory.importers.sql.replay import Replay
from factory.importers.sql.statements import statements
from factory.importers.sql.types import keys_of, neutral_of

_SAME = 0.8
"""Two files that share so many of their tables hold one schema for two databases."""


def read(texts: tuple[Text, ...]) -> Imported:
    """The schema that the files come to, one after the other. Raises `Unreadable`."""
    catalog = Catalog()
    for text in ignored(texts):
        catalog.note(Place(text.name, 1), text.name, "is no file of SQL")
    wanted = replayed(texts)
    dialects = dialects_of(wanted)
    applied: list[str] = []
    for text in wanted:
        if _replay(catalog, text, dialects[text.name], applied):
            applied.append(dialects[text.name])
    if not catalog.tables:
        raise Unreadable(Place(texts[0].name, 1), "no statement here creates a table")
    dialect = applied[0]
    entities = tuple(
        _Entity(catalog, t, dialect).draft() for t in catalog.tables.values()
    )
    return Imported(
        entities=entities, unmapped=tuple(catalog.unmapped), enums=dict(catalog.enums)
    )


def _replay(catalog: Catalog, text: Text, dialect: str, before: list[str]) -> bool:
    """Apply a file, unless it holds the same schema for another database."""
    other = bool(before) and dialect not in before
    if other and _is_translation(catalog, text, dialect):
        reason = f"the same tables in the dialect `{dialect}`"
        catalog.note(Place(text.name, 1), text.name, reason)
        return False
    replay = Replay(catalog, dialect)
    for whole in statements(text):
        for statement in flattened(whole, dialect):
            replay.apply(statement)
    if replay.rows:
        what = f"{replay.rows} statements about rows"
        catalog.note(Place(text.name, 1), what, "rows are no part of a contract")
    return True


def _is_translation(catalog: Catalog, text: Text, dialect: str) -> bool:
    trial = Replay(Catalog(), dialect)
    for whole in statements(text):
        for statement in flattened(whole, dialect):
            trial.apply(statement)
    known = {_squashed(name) for name in catalog.tables}
    new = {_squashed(name) for name in trial.catalog.tables}
    return bool(new) and len(known & new) >= _SAME * len(new)


def _squashed(name: str) -> str:
    return "".join(words(name.rpartition(".")[2]))


class _Entity:
    def __init__(self, catalog: Catalog, table: Table, dialect: str) -> None:
        self.catalog = catalog
        self.table = table
        self.dialect = dialect
        self.single = {
            key.columns[0].lower(): key
            for key in table.foreign_keys
            if len(key.columns) == 1
        }

    def draft(self) -> EntityDraft:
        """The table as an entity."""
        table = self.table
        constraints = list(self._understood())
        fields = tuple(self._field(c, constraints) for c in table.columns.values())
        key = table.spelled(table.primary_key) if table.has(table.primary_key) else ()
        if not key:
            reason = "has no primary key, so its records get an `id`"
            self.catalog.note(table.place, f"table {table.name}", reason, table.name)
        return EntityDraft(
            name=table.name,
            table=table.name,
            fields=fields,
            evidence=Evidence(table.place, "sql/create-table"),
            primary_key=key,
            foreign_keys=tuple(self._several()),
            unique=tuple(self._unique(is_index=False)),
            unique_indexes=tuple(self._unique(is_index=True)),
            indexes=tuple(self._indexes()),
            description=table.comment,
        )

    def _unique(self, *, is_index: bool) -> Iterator[tuple[str, ...]]:
        """Unique keys of several columns, and indexes of one; a constraint of one is a field's."""
        seen: set[tuple[str, ...]] = set()
        for key in self.table.unique:
            names = self.table.spelled(key.columns)
            wanted = key.is_index is is_index and (is_index or len(names) > 1)
            if wanted and self.table.has(names) and names not in seen:
                seen.add(names)
                yield names

    def _indexes(self) -> Iterator[tuple[str, ...]]:
        seen = {tuple(n.lower() for n in self.table.primary_key)}
        for key in self.table.indexes:
            names = tuple(name.lower() for name in key.columns)
            if names not in seen and self.table.has(key.columns):
                seen.add(names)
                yield self.table.spelled(key.columns)

    def _several(self) -> Iterator[ForeignKeyDraft]:
        for key in self.table.foreign_keys:
            if len(key.columns) > 1:
                target = self.catalog.table(key.table)
                yield ForeignKeyDraft(
                    fields=self.table.spelled(key.columns),
                    entity=target.name if target else key.table,
                    references=target.spelled(key.references)
                    if target
                    else key.references,
                    on_delete=key.on_delete,
                )

    def _understood(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What checks of the table say of one column each; the others are listed."""
        conditions = [
            (c, part) for c in self.table.checks for part in by_column(c.condition)
        ]
        for check, condition in conditions:
            names = columns_in(condition)
            column = self.table.column(next(iter(names))) if len(names) == 1 else None
            name = column.name if column else ""
            found = self._said(condition, column, name, check.place)
            if found is not None:
                yield name.lower(), found

    def _said(
        self, condition: exp.Expr, column: Column | None, value: str, place: Place
    ) -> dict[str, Any] | None:
        """What a condition says of one column, which it calls `value`; else it is listed."""
        found = understood(condition, value) if column else None
        if column is not None and found is not None and self._whole(column, found):
            return found
        owner = f"{column.name} " if column else ""
        what = f"{owner}CHECK ({condition.sql(dialect=self.dialect)})"
        self.catalog.note(place, what, "no constraint says it", self.table.name)
        return None

    def _whole(self, column: Column, found: dict[str, Any]) -> bool:
        """Whether `x > 0` may be written as `min: 1`, which holds for whole numbers alone."""
        if not found.pop("whole", False):
            return True
        keys = keys_of(column.type, column.spelled, self.dialect)
        return keys is not None and keys["type"] == "integer"

    def _field(
        self, column: Column, checks: list[tuple[str, dict[str, Any]]]
    ) -> FieldDraft:
        keys, neutral = self._typed(column)
        name = column.name.lower()
        for owner, found in checks:
            if owner == name:
                _add(keys, found)
        if column.required or name in (n.lower() for n in self.table.primary_key):
            keys["required"] = True
        alone = any(
            not k.is_index and [c.lower() for c in k.columns] == [name]
            for k in self.table.unique
        )
        if alone and (name,) != tuple(n.lower() for n in self.table.primary_key):
            keys["unique"] = True
        if column.comment:
            keys["description"] = column.comment
        self._filled(column, keys)
        reference = self.single.get(name)
        return FieldDraft(
            name=column.name,
            keys=keys,
            evidence=Evidence(column.place, "sql/column"),
            neutral=neutral,
            reference=self._reference(reference) if reference else None,
        )

    def _reference(self, key: ForeignKey) -> Reference:
        target = self.catalog.table(key.table)
        references = key.references or (target.primary_key if target else ())
        return Reference(
            entity=target.name if target else key.table,
            field=target.spelled(references)[0] if target and references else "",
            on_delete=key.on_delete,
        )

    def _typed(self, column: Column) -> tuple[dict[str, Any], str]:
        """The keys of the type, and its neutral name where that differs."""
        spelled = column.spelled
        enum = self.catalog.enum(_unquoted(spelled)) if spelled else None
        if enum is not None:
            name, values = enum
            keys = {
                "type": "string",
                "enum": list(values),
                "enum_name": name.rpartition(".")[2],
            }
            return keys, "enum"
        domain = self.catalog.domain(_unquoted(spelled)) if spelled else None
        if domain is not None:
            return self._of_domain(column, domain), ""
        keys = keys_of(column.type, spelled, self.dialect) or {}
        if not keys:
            what = (
                f"{column.name} {spelled or (column.type.sql() if column.type else '')}"
            )
            self.catalog.note(
                column.place,
                what,
                "its type is not known; read as JSON",
                self.table.name,
            )
            return {"type": "json"}, "any"
        inner = column.type.expressions if column.type is not None else []
        if keys["type"] == "array" and inner:
            found = self.catalog.enum(str(inner[0].args.get("kind") or ""))
            if found:
                keys["items_type"] = "string"
        return keys, neutral_of(column.type, spelled, keys)

    def _of_domain(self, column: Column, domain: Any) -> dict[str, Any]:
        keys = keys_of(
            domain.base, str(domain.base.args.get("kind") or ""), self.dialect
        ) or {"type": "json"}
        for condition in domain.checks:
            _add(keys, self._said(condition, column, "value", column.place) or {})
        if domain.required:
            column.required = True
        if column.default is None:
            column.default = domain.default
        return keys

    def _filled(self, column: Column, keys: dict[str, Any]) -> None:
        """Defaults and what the database fills in."""
        if column.generated is not None:
            text = column.generated.sql(dialect=self.dialect)
            reason = "the database computes it, as no expression here says"
            self.catalog.note(
                column.place, f"{column.name} AS ({text})", reason, self.table.name
            )
            return
        if column.on_update and keys["type"] == "datetime":
            keys["computed"] = "now_on_update"
            return
        serial = column.type is not None and "SERIAL" in str(column.type.this)
        alone = self.table.primary_key and len(self.table.primary_key) == 1
        is_key = alone and self.table.primary_key[0].lower() == column.name.lower()
        rowid = self.dialect == "sqlite" and is_key and keys["type"] == "integer"
        default = column.default
        if column.identity or serial or rowid:
            found: dict[str, Any] | None = {"computed": "identity"}
        elif default is None:
            return
        else:
            found = default_of(default, keys)
        if found is None:
            text = (
                default.sql(dialect=self.dialect)
                if isinstance(default, exp.Expr)
                else ""
            )
            reason = "the database makes up the value, as no contract can"
            self.catalog.note(
                column.place, f"{column.name} DEFAULT {text}", reason, self.table.name
            )
        elif found.get("computed") == "identity" and not is_key:
            reason = "counts, but is not the key by itself"
            self.catalog.note(column.place, column.name, reason, self.table.name)
        else:
            keys |= found


def _add(keys: dict[str, Any], found: dict[str, Any]) -> None:
    constraints = {**keys.get("constraints", {}), **found.get("constraints", {})}
    if keys.get("type") == "boolean" and set(found.get("enum", ())) <= {0, 1}:
        found = {}
    keys |= found
    if constraints:
        keys["constraints"] = constraints


def _unquoted(name: str) -> str:
    return name.replace('"', "").replace("`", "").replace("[", "").replace("]", "")
