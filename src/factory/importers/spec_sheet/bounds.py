"""Bounds of a column, in the words of sheets and as conditions."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import Any

from factory.importers.drafts import Place

_VALUES = ("enum", "values", "choices", "options", "allowed_values")
_TEXTS = ("string", "text", "email")
_NUMBERS = ("integer", "number", "decimal")
_BOUNDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "minLength": (("min_length", "minLength"), _TEXTS),
    "maxLength": (("max_length", "maxLength", "length", "size"), _TEXTS),
    "min": (("min", "minimum", "min_value"), _NUMBERS),
    "max": (("max", "maximum", "max_value"), _NUMBERS),
    "pattern": (("pattern", "regex"), _TEXTS),
}
"""Bounds by the words for them, and the types that have them."""
_CHECK = re.compile(r"check\s*\((.*)\)", re.IGNORECASE | re.DOTALL)
_LONGEST = 500
"""Characters of a condition."""


def bounds(keys: dict[str, Any], spec: dict[str, Any]) -> None:
    """Add the legal values and bounds of a column to its keys."""
    listed = said(spec, "enum")
    if isinstance(listed, list) and listed:
        keys["enum"] = listed
        if keys["type"] == "text":
            keys["type"] = "string"
    for key, (_, kinds) in _BOUNDS.items():
        value = said(spec, key)
        if value is not None and keys["type"] in kinds:
            keys.setdefault("constraints", {})[key] = value


def is_said(keys: dict[str, Any], word: str) -> bool:
    """Whether the field says what a column says under a word."""
    bounds = keys.get("constraints", {})
    return ("enum" in keys and word in _VALUES) or any(
        key in bounds and word in words for key, (words, _) in _BOUNDS.items()
    )


def said(spec: dict[str, Any], key: str) -> Any:
    """What a sheet says under any of the words for a key."""
    words = _VALUES if key == "enum" else _BOUNDS[key][0]
    return next((spec[word] for word in words if spec.get(word) is not None), None)


def condition_in(value: object) -> str:
    """The condition of `check (a > 0)`, `check: a > 0` or `{type: check, expression: a > 0}`."""
    if isinstance(value, str):
        found = _CHECK.fullmatch(value.strip())
        return found[1] if found else ""
    if not isinstance(value, dict):
        return ""
    if str(value.get("type")).lower() == "check":
        words = ("expression", "condition", "check")
        value = {"check": next((value[w] for w in words if w in value), None)}
    text = value.get("check") if len(value) == 1 else None
    return text if isinstance(text, str) else ""


def understood_in(condition: str, place: Place) -> tuple[str, dict[str, Any]] | None:
    """The column that a condition is about, and the keys that say the same; `None` for none."""
    if not 0 < len(condition) <= _LONGEST or find_spec("sqlglot") is None:
        return None
    from factory.importers.sql.checks import columns_in, understood
    from factory.importers.sql.parsing import tree_of
    from factory.importers.sql.statements import Statement

    tree = tree_of(Statement(f"SELECT {condition}", place), "postgres")
    parts = tree.expressions if tree is not None else []
    names = columns_in(parts[0]) if len(parts) == 1 else set()
    name = names.pop() if len(names) == 1 else ""
    found = understood(parts[0], name) if name else None
    return (name, found) if found else None


def hold(keys: dict[str, Any], found: dict[str, Any]) -> bool:
    """Add what a condition says to the keys of its column; false where these cannot say it."""
    found = dict(found)
    whole = found.pop("whole", False)
    constraints = found.pop("constraints", {})
    numbers = {"min", "max"} & constraints.keys()
    kinds = ("integer",) if whole else _NUMBERS if numbers else _TEXTS
    if keys["type"] not in kinds and not (found and keys["type"] in _NUMBERS):
        return False
    keys |= found
    for key, value in constraints.items():
        known = keys.setdefault("constraints", {})
        tighter = max if key.startswith("min") else min
        known[key] = tighter(known.get(key, value), value)
    return True
