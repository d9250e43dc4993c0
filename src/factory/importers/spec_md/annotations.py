"""Annotations and defaults of Python as the keys of a member."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from factory.importers.spec_md.shapes import Member, typed

LISTS = frozenset({"List", "list", "Set", "set", "FrozenSet", "frozenset", "Tuple", "tuple",
                   "Sequence", "Iterable", "conlist"})  # fmt: skip
"""Types that hold several values of one kind."""
_DICTS = frozenset({"Dict", "dict", "Mapping", "MutableMapping", "DefaultDict"})
_BOUNDS = {
    "ge": "min", "le": "max", "min_length": "minLength", "max_length": "maxLength",
    "pattern": "pattern", "regex": "pattern", "min_items": "minItems", "max_items": "maxItems",
}  # fmt: skip
_FILLS = {
    "uuid4": "uuid", "uuid1": "uuid", "utcnow": "now", "now": "now", "today": "now",
}  # fmt: skip
_EMPTY: Mapping[str, Any] = {"list": [], "dict": {}}
MAX_DEPTH = 10
"""Annotations inside of each other."""


def name_of(node: ast.AST | None) -> str:
    """The last name of an expression: `datetime.datetime` is `datetime`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call):
        return name_of(node.func)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value.strip()
    return ""


def annotate(member: Member, node: ast.expr, depth: int = 0) -> None:
    """Read an annotation into the keys of a member."""
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and depth < MAX_DEPTH
    ):
        try:
            annotate(member, ast.parse(node.value.strip(), mode="eval").body, depth + 1)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            _unknown(member, node.value)
        return
    options = list(_options(node))
    kept = [one for one in options if not _is_none(one)]
    member.nullable |= len(kept) < len(options)
    if len(kept) != 1 or depth >= MAX_DEPTH:
        member.keys = {"type": "json"}
        member.notes.append("one of several types, read as any JSON")
    elif isinstance(kept[0], ast.Subscript):
        _subscript(member, kept[0], depth)
    elif kept[0] is not node:
        annotate(member, kept[0], depth + 1)
    else:
        _plain(member, node)


def _options(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _options(node.left)
        yield node.right
    elif isinstance(node, ast.Subscript) and name_of(node.value) in (
        "Optional",
        "Union",
    ):
        yield from (
            node.slice.elts if isinstance(node.slice, ast.Tuple) else (node.slice,)
        )
        if name_of(node.value) == "Optional":
            yield ast.Constant(None)
    else:
        yield node


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _plain(member: Member, node: ast.expr) -> None:
    name = name_of(node)
    keys = (
        {"type": "array"}
        if name in LISTS
        else {"type": "object"}
        if name in _DICTS
        else typed(name)
    )
    if name in ("constr", "conint", "confloat") and isinstance(node, ast.Call):
        keys = typed(name.removeprefix("con"))
        _keywords(member, node, keys)
    if keys:
        member.keys = keys
    elif name[:1].isupper():
        member.keys = {"type": "object"}
        member.model = name
    else:
        _unknown(member, name or ast.unparse(node)[:60])


def _unknown(member: Member, spelled: str) -> None:
    member.keys = {"type": "json"}
    member.notes.append(
        f"`{spelled[:60]}` is no type that is known here; read as any JSON"
    )


def _subscript(member: Member, node: ast.Subscript, depth: int) -> None:
    name = name_of(node.value)
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Literal":
        values = [one.value for one in inner if isinstance(one, ast.Constant)]
        legal = [
            v for v in values if isinstance(v, str | int) and not isinstance(v, bool)
        ]
        member.nullable |= None in values
        kind = (
            "integer" if legal and all(isinstance(v, int) for v in legal) else "string"
        )
        member.keys = (
            {"type": kind, "enum": list(dict.fromkeys(legal))}
            if legal
            else {"type": "json"}
        )
    elif name == "Annotated" and inner:
        annotate(member, inner[0], depth + 1)
        for extra in inner[1:]:
            if isinstance(extra, ast.Call):
                _keywords(member, extra, member.keys)
    elif name in LISTS:
        element = Member("", {}, member.evidence)
        annotate(element, inner[0], depth + 1)
        member.is_list = True
        member.keys = {"type": "array"}
        member.model = element.model
        kind = element.keys["type"]
        if kind not in ("object", "array", "json"):
            member.keys["items_type"] = kind
        if "enum" in element.keys:
            member.notes.append("the legal values of the elements are not checked")
    elif name in _DICTS:
        value = Member("", {}, member.evidence)
        annotate(value, inner[-1], depth + 1)
        member.keys = {"type": "object"}
        member.model = value.model
        member.is_list = bool(value.model)
        kind = value.model or str(value.keys["type"])
        member.notes.append(f"by name, each a `{kind}`: the values are not checked")
    elif inner and name in ("ClassVar", "Final", "Required", "NotRequired", "Mapped"):
        annotate(member, inner[0], depth + 1)
        member.nullable |= name == "NotRequired"
    else:
        _unknown(member, ast.unparse(node)[:60])


def default(member: Member, node: ast.expr) -> bool:
    """Take a default over; whether there is one."""
    if isinstance(node, ast.Call) and name_of(node) in (
        "Field",
        "field",
        "mapped_column",
    ):
        return _keywords(member, node, member.keys)
    if isinstance(node, ast.Constant) and node.value is ...:
        return False
    if (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and member.model
    ):
        member.keys["default"] = node.attr
        return True
    return _literal(member, node)


def _literal(member: Member, node: ast.expr) -> bool:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        filled = _FILLS.get(name_of(node))
        if filled:
            member.keys["computed"] = filled
        else:
            member.notes.append(f"its default is code: `{ast.unparse(node)[:60]}`")
        return True
    if value is None:
        member.nullable = True
    elif isinstance(value, str | int | float | bool | list | dict):
        member.keys["default"] = value
    return True


def _keywords(member: Member, node: ast.Call, keys: dict[str, Any]) -> bool:
    """The bounds and the default of a call such as `Field(..., ge=1)`."""
    has_default = False
    if node.args:
        has_default = default(member, node.args[0])
    for keyword in node.keywords:
        name, value = keyword.arg or "", keyword.value
        if name == "default":
            has_default = default(member, value)
        elif name == "default_factory":
            has_default = True
            made = name_of(value.body if isinstance(value, ast.Lambda) else value)
            if made in _EMPTY:
                keys["default"] = _EMPTY[made].copy()
            elif made in _FILLS:
                keys["computed"] = _FILLS[made]
            else:
                member.notes.append(f"its default is code: `{ast.unparse(value)[:60]}`")
        elif name in ("unique", "description") and isinstance(value, ast.Constant):
            keys[name] = value.value
        elif name in _BOUNDS and isinstance(value, ast.Constant):
            keys.setdefault("constraints", {})[_BOUNDS[name]] = value.value
        elif name in ("gt", "lt") and isinstance(value, ast.Constant):
            step = 1 if name == "gt" else -1
            if keys.get("type") == "integer" and isinstance(value.value, int):
                bound = "min" if name == "gt" else "max"
                keys.setdefault("constraints", {})[bound] = value.value + step
            else:
                member.notes.append(f"`{name}` is not checked")
        elif name == "primary_key":
            member.keys["required"] = True
        else:
            member.notes.append(f"`{name}` has no meaning in a contract")
    return has_default
