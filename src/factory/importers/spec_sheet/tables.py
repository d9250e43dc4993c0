"""Tables of a sheet as entities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from factory.importers.documents import Document
from factory.importers.drafts import (
    EntityDraft,
    Evidence,
    FieldDraft,
    ForeignKeyDraft,
    Place,
    Reference,
    Unmapped,
)
from factory.importers.spec_sheet.bounds import (
    bounds,
    condition_in,
    hold,
    is_said,
    said,
    understood_in,
)
from factory.importers.spec_sheet.columns import (
    KINDS,
    action_of,
    constraint,
    default_of,
    described,
    keys_of,
    target_of,
)
from factory.importers.spec_sheet.splitting import shortened, size_of
from forge.ir.tenants import TENANT_ID

_UNSAID = "no constraint of a contract says it"
_COLUMN = frozenset(
    {
        "name", "type", "primary_key", "nullable", "required", "unique", "default", "description",
        "comment", "references", "foreign_key", "on_delete", "enum", "index",
        "indexed",
    }
)  # fmt: skip
_TABLE = frozenset(
    {
        "name", "description", "comment", "columns", "fields", "constraints", "indexes",
        "primary_key",
    }
)  # fmt: skip
LONGEST = 200
"""Characters of a name."""
COLUMNS = 1000
_TOO_MANY = f"a table has no more than {COLUMNS} columns"
_LARGEST = 200
"""Values of a default, or of an enum."""
_STAMPS = {"created_at": "now", "updated_at": "now_on_update"}
"""Times that a table demands and no request of the sheet could know."""


@dataclass(slots=True)
class _Table:
    document: Document
    path: tuple[str, ...]
    name: str
    tenant_scoped: bool
    unmapped: list[Unmapped]
    written: list[tuple[tuple[str, ...], str, dict[str, Any]]] = field(
        default_factory=list
    )
    """Columns: path, name and what the sheet says of each."""
    key: tuple[str, ...] = ()
    alone: dict[str, tuple[Any, str]] = field(default_factory=dict)
    """References of one column each, and what a deletion does."""
    together: list[ForeignKeyDraft] = field(default_factory=list)
    single: set[str] = field(default_factory=set)
    """Columns that a constraint declares unique by themselves."""
    unique: list[tuple[str, ...]] = field(default_factory=list)
    indexes: list[tuple[str, ...]] = field(default_factory=list)
    checks: dict[str, list[tuple[dict[str, Any], object, Place]]] = field(
        default_factory=dict
    )
    """What conditions say of a column, as they are written, by its name in lower case."""


def tables(
    document: Document, tenant_scoped: bool, unmapped: list[Unmapped]
) -> Iterator[EntityDraft]:
    """Every table of a service; what cannot be said goes to `unmapped`."""
    seen: set[str] = set()
    listed = (one for where in _where(document) for one in named(document, where))
    for path, name, spec in listed:
        place = document.place(*path, "name")
        if not name:
            unmapped.append(Unmapped(place, shortened(spec), "is no table with a name"))
            continue
        if name in seen:
            unmapped.append(Unmapped(place, f"table {name}", "is listed twice"))
            continue
        seen.add(name)
        table = _Table(document, path, name, tenant_scoped, unmapped)
        draft = _draft(table, spec, place)
        if draft.fields:
            yield draft
        else:
            unmapped.append(Unmapped(place, f"table {name}", "has no columns"))


def _where(document: Document) -> Iterator[tuple[str, ...]]:
    database = document.value.get("database")
    if isinstance(database, dict) and "tables" in database:
        yield "database", "tables"
    if "tables" in document.value:
        yield ("tables",)


def named(
    document: Document, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str, dict[str, Any]]]:
    """The members of a list of mappings with names, or of a mapping by name.

    What is no such member has no name.
    """
    value = document.value
    for step in path:
        if isinstance(value, list):
            value = value[int(step)] if step.isdecimal() else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, dict):
        for name, spec in value.items():
            found = spec if isinstance(spec, dict) else {"type": spec}
            fits = 0 < len(name) <= LONGEST
            yield (*path, name), name if fits else "", found
    elif isinstance(value, list):
        for number, spec in enumerate(value):
            name, found = _named(spec)
            fits = 0 < len(name) <= LONGEST
            yield (
                (*path, str(number)),
                name if fits else "",
                found if fits else {"": spec},
            )
    elif value is not None:
        yield path, "", {"": value}


def _named(spec: object) -> tuple[str, dict[str, Any]]:
    """A member of a list: a mapping with a name, `name: type`, or both in one line."""
    if isinstance(spec, str):
        name, _, rest = spec.strip().replace(":", " ", 1).partition(" ")
        return (name, {"type": rest.strip()}) if rest.strip() else ("", {})
    if not isinstance(spec, dict):
        return "", {}
    if len(spec) == 1 and "name" not in spec:
        ((name, one),) = spec.items()
        return name, one if isinstance(one, dict) else {"type": one}
    written = spec.get("name")
    return (written, spec) if isinstance(written, str) else ("", {})


def _draft(table: _Table, spec: dict[str, Any], place: Place) -> EntityDraft:
    _columns(table, spec)
    _constraints(table, spec)
    _indexes(table, spec)
    for key in spec:
        if key not in _TABLE and not (key == "type" and spec[key] is None):
            _note(table, table.document.place(*table.path, key), key)
    if not table.key:
        reason = "has no primary key, so its records get an `id`"
        table.unmapped.append(
            Unmapped(place, f"table {table.name}", reason, table.name)
        )
    about = spec.get("description") or spec.get("comment")
    return EntityDraft(
        name=table.name,
        table=table.name,
        fields=tuple(
            _field(table, path, name, one) for path, name, one in table.written
        ),
        evidence=Evidence(place, "spec-sheet/table"),
        primary_key=table.key,
        foreign_keys=tuple(table.together),
        unique=tuple(table.unique),
        indexes=tuple(table.indexes),
        description=shortened(about) if isinstance(about, str) else "",
        keys={"tenant_scoped": True} if table.tenant_scoped else {},
    )


def _columns(table: _Table, spec: dict[str, Any]) -> None:
    where = "columns" if "columns" in spec else "fields"
    seen: set[str] = set()
    for path, name, one in named(table.document, (*table.path, where)):
        if not name or name in seen:
            reason = "is listed twice" if name else "is no column with a name"
            _note(table, table.document.place(*path, "name"), name or one, reason)
            continue
        if len(seen) >= COLUMNS:
            _note(table, table.document.place(*path, "name"), name, _TOO_MANY)
            continue
        seen.add(name)
        spelled = one.get("type")
        if isinstance(spelled, str) and not keys_of(spelled):
            line = described(spelled)
            rest = line.pop("rest")
            if keys_of(line["type"]):
                one = {**line, **one, "type": line["type"]}
                place = table.document.place(*path, "name")
                if rest and not _checked(table, rest, place):
                    _note(table, place, f"{name} {rest}")
        table.written.append((path, name, one))
    key = spec.get("primary_key")
    own = tuple(n for _, n, one in table.written if one.get("primary_key") is True)
    names = _names(key) if key else own
    table.key = names if seen.issuperset(names) else ()


def _constraints(table: _Table, spec: dict[str, Any]) -> None:
    listed = spec.get("constraints")
    known = {name for _, name, _ in table.written}
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        path = (*table.path, "constraints", str(number))
        place = table.document.place(*path, "type")
        found = constraint(one)
        kind = found.get("type")
        names = _names(found.get("columns"))
        if _checked(table, one, place):
            continue
        if kind not in KINDS:
            _note(table, place, one, _UNSAID)
        elif not names or not known.issuperset(names):
            _note(table, place, one, "names no columns of the table")
        elif kind == "unique":
            if len(names) > 1:
                table.unique.append(names)
            else:
                table.single.add(names[0])
        elif kind == "primary_key":
            table.key = names
        else:
            _foreign_key(table, place, names, found)
    if listed is not None and not isinstance(listed, list):
        _note(table, table.document.place(*table.path, "constraints"), listed)


def _checked(table: _Table, value: object, place: Place) -> bool:
    """Keep a check for its column; false where no column's keys can say it."""
    found = understood_in(condition_in(value), place)
    if found is None:
        return False
    table.checks.setdefault(found[0], []).append((found[1], value, place))
    return True


def _foreign_key(
    table: _Table, place: Place, names: tuple[str, ...], spec: dict[str, Any]
) -> None:
    target, column = target_of(spec.get("references"))
    action = action_of(spec.get("on_delete"))
    if not target:
        _note(table, place, spec, "refers to no table")
    elif len(names) == 1:
        table.alone[names[0]] = (
            {"table": target, "column": column},
            spec.get("on_delete", ""),
        )
    else:
        table.together.append(
            ForeignKeyDraft(fields=names, entity=target, on_delete=action)
        )


def _indexes(table: _Table, spec: dict[str, Any]) -> None:
    listed = spec.get("indexes")
    known = {name for _, name, _ in table.written}
    for number, one in enumerate(listed if isinstance(listed, list) else ()):
        place = table.document.place(*table.path, "indexes", str(number), "columns")
        names = _names(one.get("columns") if isinstance(one, dict) else one)
        if not names or not known.issuperset(names):
            _note(table, place, one, "names no columns of the table")
        elif isinstance(one, dict) and one.get("unique") is True:
            table.unique.append(names)
        else:
            table.indexes.append(names)
    if listed is not None and not isinstance(listed, list):
        _note(table, table.document.place(*table.path, "indexes"), listed)
    table.indexes += (
        (name,)
        for _, name, one in table.written
        if one.get("index") is True or one.get("indexed") is True
    )


def _field(
    table: _Table, path: tuple[str, ...], name: str, spec: dict[str, Any]
) -> FieldDraft:
    place = table.document.place(*path, "name")
    kind = spec.get("type")
    is_enum = kind == "enum" and isinstance(said(spec, "enum"), list)
    keys = keys_of("string" if is_enum else kind)
    rule = "spec-sheet/column"
    if not keys:
        keys = {"type": "json"}
        _note(table, place, f"{name} {kind}", "its type is not known; read as JSON")
    if table.tenant_scoped and name == TENANT_ID and keys["type"] == "text":
        keys["type"] = "string"
    for key in ("description", "comment"):
        if isinstance(spec.get(key), str):
            keys.setdefault("description", shortened(spec[key]))
    required = spec.get("nullable") is False or spec.get("required") is True
    if required or name in table.key:
        keys["required"] = True
    if (spec.get("unique") is True or name in table.single) and table.key != (name,):
        keys["unique"] = True
    for key in ("default", "enum"):
        if size_of(spec.get(key), _LARGEST) > _LARGEST:
            _note(table, place, f"{name} {key}", "is too large to keep")
            spec = {k: v for k, v in spec.items() if k != key}
    bounds(keys, spec)
    for found, what, at in table.checks.get(name.lower(), ()):
        if not hold(keys, found):
            _note(table, at, what, _UNSAID)
    if spec.get("default") is not None:
        keys |= default_of(spec["default"], keys["type"])
    elif filled := _filled(table, name, keys):
        keys["computed"] = filled
        rule = f"spec-sheet/{'key' if filled == 'uuid' else 'timestamp'}"
    for key in spec:
        if key not in _COLUMN and not is_said(keys, key):
            _note(table, table.document.place(*path, key), f"{name} {key}")
    return FieldDraft(
        name=name,
        keys=keys,
        evidence=Evidence(place, rule),
        reference=_reference(table, name, spec, place),
    )


def _filled(table: _Table, name: str, keys: dict[str, Any]) -> str:
    """How the service fills what every record has and nobody is told to send."""
    if "computed" in keys or not keys.get("required"):
        return ""
    if table.key == (name,) and keys["type"] == "uuid":
        return "uuid"
    return _STAMPS.get(name, "") if keys["type"] == "datetime" else ""


def _reference(
    table: _Table, name: str, spec: dict[str, Any], place: Place
) -> Reference | None:
    written = spec.get("references") or spec.get("foreign_key")
    value, action = table.alone.get(name, (written, spec.get("on_delete", "")))
    if not value:
        return None
    target, column = target_of(value)
    if not target:
        _note(table, place, f"{name} references {value}", "refers to no table")
        return None
    found = action_of(action)
    if action and not found:
        _note(table, place, f"{name} on_delete {action}", "no contract says it")
    return Reference(entity=target, field=column, on_delete=found)


def _names(value: object) -> tuple[str, ...]:
    listed = (
        value if isinstance(value, list) else [value] if isinstance(value, str) else []
    )
    names = tuple(one for one in listed if isinstance(one, str))
    return names if len(names) == len(listed) == len(set(names)) else ()


def _note(
    table: _Table, place: Place, what: object, reason: str = "no contract says it"
) -> None:
    table.unmapped.append(Unmapped(place, shortened(what), reason, table.name))
