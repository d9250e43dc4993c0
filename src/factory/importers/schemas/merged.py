"""A schema as one mapping, with all that `$ref` and `allOf` bring along."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from factory.importers.schemas.keywords import is_number
from factory.importers.schemas.references import References, reference_in

MAX_PARTS = 1000
"""Parts of one schema, whatever is inside of it."""
_LEFT = frozenset({"allOf", "$ref", "$recursiveRef", "$dynamicRef"})
_GREATEST = frozenset({"minimum", "minLength", "minItems"})
_LEAST = frozenset({"maximum", "maxLength", "maxItems"})


class Merger:
    """Merges schemas, each once."""

    def __init__(self, references: References) -> None:
        self.references = references
        # The schema is kept beside its result, so that its identity is not given to another.
        self._known: dict[int, tuple[Any, dict[str, Any]]] = {}

    def __call__(self, schema: Any) -> dict[str, Any]:
        """The keywords of a schema and of all its parts; the nearest says more than one below."""
        known = self._known.get(id(schema))
        if known is None:
            known = self._known[id(schema)] = (schema, self._merged(schema))
        return known[1]

    def _merged(self, schema: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        waiting = deque([schema])
        seen: set[int] = set()
        while waiting and len(seen) < MAX_PARTS:
            part = waiting.popleft()
            if not isinstance(part, dict) or id(part) in seen:
                continue
            seen.add(id(part))
            _join(found, part)
            if reference_in(part):
                target = next(self.references.steps(part), None)
                waiting.appendleft(target)
            listed = part.get("allOf")
            waiting.extend(listed if isinstance(listed, list) else ())
        return found


def _join(found: dict[str, Any], part: Mapping[str, Any]) -> None:
    for key, value in part.items():
        if key == "properties":
            members = found.setdefault("properties", {})
            for name, schema in value.items() if isinstance(value, dict) else ():
                members[name] = _both(members.get(name), schema)
        elif key == "required" and isinstance(value, list):
            names = [name for name in value if isinstance(name, str)]
            found["required"] = [*_list(found.get("required")), *names]
        elif key == "enum" and isinstance(value, list):
            found["enum"] = _common(found.get("enum"), value)
        elif key in _GREATEST and is_number(value) and is_number(found.get(key)):
            found[key] = max(found[key], value)
        elif key in _LEAST and is_number(value) and is_number(found.get(key)):
            found[key] = min(found[key], value)
        elif key not in _LEFT:
            found.setdefault(key, value)


def _both(known: Any, schema: Any) -> Any:
    """What two parts say of one member; a reference stands by itself."""
    if known is None or known is True:
        return schema
    if known is schema or not isinstance(schema, dict) or not isinstance(known, dict):
        return known
    return (
        known
        if reference_in(known) or reference_in(schema)
        else {"allOf": [known, schema]}
    )


def _common(known: Any, values: list[Any]) -> list[Any]:
    if not isinstance(known, list):
        return values
    # What is equal is written equally, but for numbers that nobody writes twice differently.
    written = {repr(value) for value in values}
    return [value for value in known if repr(value) in written]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
