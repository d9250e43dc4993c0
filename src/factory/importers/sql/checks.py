"""Conditions of columns as enums and constraints, where they are no more than that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlglot import exp

_COMPARISONS: dict[type[exp.Expr], tuple[str, str]] = {
    exp.GTE: ("min", "max"),
    exp.LTE: ("max", "min"),
    exp.GT: ("over", "under"),
    exp.LT: ("under", "over"),
}


def understood(condition: exp.Expr, column: str) -> dict[str, Any] | None:
    """`enum` or `constraints` that say the same of `column`; `None` where none do."""
    found: dict[str, Any] = {}
    for part in _parts(condition):
        one = _part(part, column)
        if one is None:
            return None
        if "enum" in one and "enum" in found:
            return None
        constraints = {**found.get("constraints", {}), **one.get("constraints", {})}
        found |= one
        if constraints:
            found["constraints"] = constraints
    return found


def by_column(condition: exp.Expr) -> list[exp.Expr]:
    """The parts of a condition, where each is about one column and they are about several."""
    parts = list(_parts(condition))
    if len(columns_in(condition)) > 1 and all(len(columns_in(p)) == 1 for p in parts):
        return parts
    return [condition]


def columns_in(condition: exp.Expr) -> set[str]:
    """The columns that a condition reads, in lower case."""
    return {column.name.lower() for column in condition.find_all(exp.Column)}


def _parts(condition: exp.Expr) -> Iterator[exp.Expr]:
    """What is joined by AND."""
    node = _bare(condition)
    if isinstance(node, exp.And):
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren | exp.Cast | exp.TryCast | exp.Collate):
        node = node.this
    return node


def _part(node: exp.Expr, column: str) -> dict[str, Any] | None:
    if isinstance(node, exp.In):
        return _among(node.this, node.expressions, column)
    if isinstance(node, exp.EQ):
        return _equal(node, column)
    if isinstance(node, exp.Or):
        return _alternatives(node, column)
    if isinstance(node, exp.Between):
        low, high = _number(node.args["low"]), _number(node.args["high"])
        if low is None or high is None:
            return None
        return _bounds(node.this, column, {"min": low, "max": high})
    if isinstance(node, exp.Not) and isinstance(node.this, exp.Is):
        # `x IS NOT NULL` is not told here; a check lets null pass, so it would be `required`.
        return None
    names = _COMPARISONS.get(type(node))
    if names is not None:
        return _compared(node, names, column)
    if isinstance(node, exp.Anonymous) and node.name.lower() == "json_valid":
        # MariaDB's `json` is a text with this condition.
        arguments = node.expressions
        return (
            {"type": "json"}
            if len(arguments) == 1 and _is(arguments[0], column)
            else None
        )
    if isinstance(node, exp.RegexpLike):
        pattern = _bare(node.expression)
        if _is(node.this, column) and isinstance(pattern, exp.Literal):
            return {"constraints": {"pattern": pattern.name}}
    return None


def _equal(node: exp.EQ, column: str) -> dict[str, Any] | None:
    """`x = ANY (ARRAY[...])`, as PostgreSQL writes `IN`; a single value."""
    right = _bare(node.expression)
    if isinstance(right, exp.Any):
        listed = _bare(right.this)
        values = listed.expressions if isinstance(listed, exp.Array | exp.Tuple) else []
        return _among(node.left, values, column)
    left = _bare(node.left)
    if isinstance(left, exp.Length):
        number = _number(right)
        bounds = {"min": number, "max": number}
        return _bounds(left, column, bounds) if number is not None else None
    if isinstance(right, exp.Literal):
        return _among(node.left, [right], column)
    return None


def _alternatives(node: exp.Or, column: str) -> dict[str, Any] | None:
    """`x = 'a' OR x = 'b'`; `x IS NULL OR ...`, which a check means anyhow."""
    values: list[Any] = []
    rest: list[exp.Expr] = []
    for side in _either(node):
        if (
            isinstance(side, exp.Is)
            and isinstance(side.expression, exp.Null)
            and _is(side.this, column)
        ):
            continue
        found = _part(side, column) if isinstance(side, exp.EQ | exp.In) else None
        if found is None or "enum" not in found:
            rest.append(side)
        else:
            values += found["enum"]
    if rest:
        only = rest[0] if len(rest) == 1 and not values else None
        return understood(only, column) if only is not None else None
    return {"enum": list(dict.fromkeys(values))} if values else None


def _either(node: exp.Expr) -> Iterator[exp.Expr]:
    node = _bare(node)
    if isinstance(node, exp.Or):
        yield from _either(node.left)
        yield from _either(node.right)
    else:
        yield node


def _among(left: exp.Expr, items: list[exp.Expr], column: str) -> dict[str, Any] | None:
    values = [_value(item) for item in items]
    if not _is(left, column) or not values or any(value is None for value in values):
        return None
    return {"enum": list(dict.fromkeys(values))}


def _compared(
    node: exp.Expr, names: tuple[str, str], column: str
) -> dict[str, Any] | None:
    left, right = _bare(node.this), _bare(node.expression)
    name, target, number = names[0], left, _number(right)
    if number is None:
        name, target, number = names[1], right, _number(left)
    if number is None:
        return None
    if name in ("over", "under"):
        if not isinstance(number, int):
            return None
        # Only whole numbers have a next one; others keep the condition as a note.
        name, number = ("min", number + 1) if name == "over" else ("max", number - 1)
        return _bounds(target, column, {name: number}, whole=True)
    return _bounds(target, column, {name: number})


def _bounds(
    target: exp.Expr, column: str, bounds: dict[str, Any], *, whole: bool = False
) -> dict[str, Any] | None:
    target = _bare(target)
    if isinstance(target, exp.Length) and _is(target.this, column):
        lengths = {"min": "minLength", "max": "maxLength"}
        return {"constraints": {lengths[k]: int(v) for k, v in bounds.items()}}
    if not _is(target, column):
        return None
    return {"constraints": dict(bounds), **({"whole": True} if whole else {})}


def _is(node: exp.Expr, column: str) -> bool:
    node = _bare(node)
    return isinstance(node, exp.Column) and node.name.lower() == column.lower()


def _value(node: exp.Expr) -> str | int | float | None:
    node = _bare(node)
    if isinstance(node, exp.Literal) and node.is_string:
        return node.name
    return _number(node)


def _number(node: exp.Expr) -> int | float | None:
    node = _bare(node)
    if isinstance(node, exp.Neg):
        inner = _number(node.this)
        return -inner if inner is not None else None
    if not isinstance(node, exp.Literal) or node.is_string:
        return None
    try:
        return int(node.name)
    except ValueError:
        try:
            return float(node.name)
        except ValueError:
            return None
