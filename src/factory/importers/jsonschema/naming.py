"""Which schemas of a document have names, and what these are."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from factory.importers.documents import Document
from factory.importers.naming import singular, words
from factory.importers.schemas import Named

_DEFINITIONS = ("$defs", "definitions")
_MEMBERS = frozenset(
    {"properties", "patternProperties", "dependentSchemas", "dependencies", *_DEFINITIONS}
)  # fmt: skip
"""Keywords that hold schemas by name."""
_DATA = frozenset({"default", "example", "examples", "enum", "const"})
"""Keywords that hold values and no schemas."""
_SCHEMA = frozenset(
    {"$schema", "$ref", "properties", "items", "allOf", "oneOf", "anyOf", "enum", "const",
     "patternProperties", "additionalProperties", *_DEFINITIONS}
)  # fmt: skip
_TYPES = frozenset(
    {"object", "array", "string", "number", "integer", "boolean", "null"}
)
_OTHER = frozenset({"openapi", "swagger", "asyncapi"})
MOST = 4
"""Words of a title that is a name; a longer one is a sentence."""
_ENDING = "schema"


@dataclass(frozen=True, slots=True)
class Found:
    """A schema under its name, and under a longer one for where that is taken."""

    name: str
    full: str
    schema: Named


def is_schema(value: Any) -> bool:
    """Whether a value says something that a schema says."""
    if not isinstance(value, dict) or not _OTHER.isdisjoint(value):
        return False
    kind = value.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    typed = all(isinstance(one, str) and one in _TYPES for one in kinds)
    return not _SCHEMA.isdisjoint(value) or typed


def schemas_in(document: Document) -> Iterator[Found]:
    """The schema that the file is, where it is one by itself, and all definitions in it."""
    root = document.value
    name = _name_of(document)
    items = root.get("items") if root.get("type") == "array" else None
    if isinstance(items, dict) and isinstance(items.get("properties"), dict):
        own = _title(items) or singular(name)
        yield Found(own, own, Named(items, document, ("items",)))
    elif _says_more(root):
        yield Found(name, name, Named(root, document))
    for path, schema in _definitions(document):
        own = path[-1]
        yield Found(own, f"{name}.{own}", Named(schema, document, path))


def _says_more(root: dict[str, Any]) -> bool:
    """Whether a file is a schema itself, and not only definitions or one of them."""
    return not {
        "properties",
        "type",
        "enum",
        "const",
        "allOf",
        "oneOf",
        "anyOf",
    }.isdisjoint(root)


def _definitions(document: Document) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every definition with its path, wherever in a document; groups of them are looked into."""
    waiting: list[tuple[tuple[str, ...], Any, str]] = [((), document.value, "")]
    seen: set[int] = set()
    while waiting:
        path, value, holder = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if holder in _DEFINITIONS and isinstance(value, dict):
            for name, inner in value.items():
                if is_schema(inner) or not _is_group(inner):
                    yield (*path, name), inner
        inside: list[tuple[tuple[str, ...], Any, str]] = []
        for key, inner in _entries(value):
            if holder in _MEMBERS:
                group = holder in _DEFINITIONS and not is_schema(inner)
                kind = holder if group and _is_group(inner) else ""
            else:
                kind = key if key in _MEMBERS else ""
                if key in _DATA and isinstance(value, dict):
                    continue
            if isinstance(inner, dict | list):
                inside.append(((*path, key), inner, kind))
        waiting += reversed(inside)


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((str(number), one) for number, one in enumerate(value))


def _is_group(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and bool(value)
        and all(isinstance(one, dict) for one in value.values())
    )


def _name_of(document: Document) -> str:
    """What the schema of a file is called: by its title, its address, or its file."""
    root = document.value
    for key in ("$id", "id"):
        address = root.get(key)
        if isinstance(address, str) and address:
            found = _stem(address.partition("#")[0])
            break
    else:
        found = ""
    parent = posixpath.basename(posixpath.dirname(document.name))
    return _title(root) or found or _stem(document.name) or parent or "record"


def _title(schema: Any) -> str:
    title = schema.get("title") if isinstance(schema, dict) else None
    found = words(title[:200]) if isinstance(title, str) else []
    if found and found[-1] == _ENDING:
        found.pop()
    if not 0 < len(found) <= MOST:
        return ""
    text = str(title).strip()
    return text[: -len(_ENDING)].strip() if text.lower().endswith(_ENDING) else text


def _stem(path: str) -> str:
    """`https://example.com/user-account.schema.json` as `user-account`."""
    stem = path.rstrip("/").rpartition("/")[2].partition(".")[0]
    for ending in ("-schema", "_schema", "schema"):
        if stem.lower().endswith(ending):
            return stem[: -len(ending)]
    return stem
