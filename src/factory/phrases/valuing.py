"""Fields from what is said of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from factory.importers.naming import singular
from factory.phrases.guessing import guessed
from forge.checks.words import POSTGRESQL, PYTHON
from forge.contracts.fields import FIELD

MANAGED: Final = frozenset({"id", "created_at", "updated_at"})
"""What the mixins of every entity give it."""
_ORDER = [key.name for key in FIELD.keys]
_LENGTHS = frozenset({"minLength", "maxLength"})


@dataclass(frozen=True, slots=True)
class Named:
    """A legal name for a field, and why it is another than the one that was said."""

    name: str
    note: str = ""


def field_name(thing: str, name: str) -> Named:
    """The name under which `thing` has a value.

    >>> field_name("ticket", "order").name, field_name("ticket", "title").name
    ('ticket_order', 'title')
    """
    if name in PYTHON or name in POSTGRESQL:
        longer = f"{thing}_{name}"
        return Named(longer, f"`{name}` is a reserved word: `{thing}` has `{longer}`")
    return Named(name)


def field_keys(name: str, said: dict[str, Any]) -> dict[str, Any]:
    """The keys of a field: what is said, and what its name tells."""
    told = dict(said)
    several = told.pop("_many", False)
    keys = guessed(singular(name) if several else name)
    if "type" in told:
        same = keys["type"] == told["type"]
        keys = {k: v for k, v in keys.items() if same or k in ("sensitive", "required")}
    elif "enum" in told:
        keys = _enum(told["enum"])
    elif told.get("constraints"):
        keys = _bounded(keys, told["constraints"])
    if several and keys.get("type") != "array":
        keys = {
            "type": "array",
            "items_type": keys.get("type", told.get("type", "string")),
        }
        told.pop("type", None)
    found = {**keys, **told}
    if "constraints" in keys and "constraints" in told:
        found["constraints"] = {**keys["constraints"], **told["constraints"]}
    if found.get("required") is False:
        del found["required"]
    if "default" in found:
        found["default"] = _default(found)
    return {key: found[key] for key in _ORDER if key in found}


def _enum(values: list[Any]) -> dict[str, Any]:
    if all(isinstance(v, bool) for v in values):
        return {"type": "boolean"}
    if all(isinstance(v, int) for v in values):
        return {"type": "integer"}
    if all(isinstance(v, int | float) for v in values):
        return {"type": "number"}
    return {"type": "string"}


def _bounded(keys: dict[str, Any], bounds: dict[str, Any]) -> dict[str, Any]:
    """A type that the bounds fit, where the name tells none."""
    lengths = bool(_LENGTHS & bounds.keys())
    if lengths and keys["type"] not in ("string", "text"):
        return {"type": "string"}
    if not lengths and keys["type"] not in ("integer", "number", "decimal"):
        whole = all(isinstance(value, int) for value in bounds.values())
        return {"type": "integer" if whole else "number"}
    return keys


def _default(keys: dict[str, Any]) -> Any:
    value = keys["default"]
    if keys.get("type") in ("string", "text", "email") and not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if keys.get("type") == "boolean" and value in ("yes", "no"):
        return value == "yes"
    return value
