"""What a request, an answer or a model holds: members by name, each with the keys of a field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from factory.importers.drafts import Evidence, Place

_TYPES: Mapping[str, dict[str, Any]] = {
    "uuid": {"type": "uuid"}, "uuid4": {"type": "uuid"}, "guid": {"type": "uuid"},
    "string": {"type": "string"}, "str": {"type": "string"}, "varchar": {"type": "string"},
    "text": {"type": "text"}, "email": {"type": "email"}, "emailstr": {"type": "email"},
    "int": {"type": "integer"}, "integer": {"type": "integer"}, "bigint": {"type": "integer"},
    "number": {"type": "number"}, "float": {"type": "number"}, "double": {"type": "number"},
    "decimal": {"type": "decimal"}, "bool": {"type": "boolean"}, "boolean": {"type": "boolean"},
    "datetime": {"type": "datetime"}, "timestamp": {"type": "datetime"},
    "timestamptz": {"type": "datetime"}, "iso8601": {"type": "datetime"},
    "iso 8601": {"type": "datetime"}, "iso-8601": {"type": "datetime"},
    "iso timestamp": {"type": "datetime"}, "iso datetime": {"type": "datetime"},
    "iso8601 timestamp": {"type": "datetime"}, "date": {"type": "date"},
    "time": {"type": "time"}, "timedelta": {"type": "duration"}, "duration": {"type": "duration"},
    "object": {"type": "object"}, "dict": {"type": "object"}, "map": {"type": "object"},
    "json": {"type": "json"}, "jsonb": {"type": "json"}, "any": {"type": "json"},
    "array": {"type": "array"}, "list": {"type": "array"}, "set": {"type": "array"},
    "bytes": {"type": "binary"}, "binary": {"type": "binary"},
    "url": {"type": "string", "format": "uri"}, "uri": {"type": "string", "format": "uri"},
    "httpurl": {"type": "string", "format": "uri"}, "anyurl": {"type": "string", "format": "uri"},
}  # fmt: skip
_WORD = re.compile(r"[A-Za-z0-9][\w.+-]{0,39}\Z")
_LISTED = re.compile(r"(?:list|array|set)(?:\[(.+)\]|<(.+)>|\s+of\s+(.+))\Z|(.+)\[\]\Z")
_SIZED = re.compile(r"(\w+)\s*\(\s*(\d{1,6})\s*\)\Z")
_DATETIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?\Z"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+\Z")
_RANGE = re.compile(r"(-?\d{1,9})\s*(?:-|–|\.\.|to)\s*(-?\d{1,9})\b")
_OPTIONAL = re.compile(r"[\s,(]*\b(optional|nullable|not required)\b\)?", re.IGNORECASE)
_REQUIRED = re.compile(r"[\s,(]*\b(required|mandatory)\b\)?", re.IGNORECASE)
_LEADS = re.compile(
    r"(?:one of|enum|values?|either|allowed|options?)\s*[:=]?\s*", re.IGNORECASE
)


@dataclass(slots=True)
class Member:
    """One member of a body or a model."""

    name: str
    keys: dict[str, Any]
    evidence: Evidence
    nullable: bool = False
    model: str = ""
    """The model that it holds."""
    is_list: bool = False
    """Whether it holds a list of it."""
    key_type: str = ""
    """A hint of its text: `uuid`."""
    notes: list[str] = field(default_factory=list)
    members: tuple[Member, ...] = ()
    """Of what it holds, or of the elements, where a sample shows them."""


@dataclass(slots=True)
class Shape:
    """A body."""

    members: list[Member]
    place: Place
    is_list: bool = False
    model: str = ""
    """The model that it is."""
    is_open: bool = False
    """The sample goes on: `...`."""
    sample: Any = None
    """The value that shows it."""

    @property
    def names(self) -> set[str]:
        """The names of the members."""
        return {member.name for member in self.members}


def all_members(
    shape: Shape | None, models: Mapping[str, list[Member]]
) -> Iterator[Member]:
    """The members of a body: its own, or those of the model that it is."""
    if shape is not None:
        yield from (
            models.get(shape.model, shape.members) if shape.model else shape.members
        )


def typed(text: str) -> dict[str, Any]:
    """The keys of a type by its name, as people write it; empty where it is none.

    >>> typed("list of strings"), typed("queued")
    ({'type': 'array', 'items_type': 'string'}, {})
    """
    plain = text.strip().strip("<>{}`\"'").lower()[:80]
    sized = _SIZED.match(plain)
    known = _TYPES.get(sized[1] if sized else plain)
    if known:
        keys = dict(known)
        if sized and keys["type"] in ("string", "text"):
            keys["constraints"] = {"maxLength": int(sized[2])}
        return keys
    listed = _LISTED.match(plain)
    if listed:
        inner = next(group for group in listed.groups() if group)
        element = _TYPES.get(inner) or _TYPES.get(inner.removesuffix("s"))
        kind = element["type"] if element else ""
        if kind and kind not in ("array", "object", "json"):
            return {"type": "array", "items_type": kind}
        return {"type": "array"}
    return {}


def choices(text: str) -> list[str]:
    """The legal values that a comment lists; none where it is a sentence or goes on.

    >>> choices("auto, checkpoints, final"), choices("e.g. a, b"), choices('"a" | "b"')
    (['auto', 'checkpoints', 'final'], [], ['a', 'b'])
    """
    plain = _LEADS.sub("", text.strip(), count=1).strip().rstrip(".;")
    plain = plain.removeprefix("(").removesuffix(")")
    for mark in ("|", ",", "/"):
        parts = [part.strip() for part in plain.split(mark)]
        if mark == ",":
            parts[-1] = re.sub(r"\A(?:or|and)\s+", "", parts[-1])
            if len(parts) == 2 and " or " in parts[1]:
                parts[1:] = parts[1].split(" or ")
        values = [part.strip("\"'`") for part in parts]
        if len(values) > 1 and all(_WORD.match(value) for value in values):
            return list(dict.fromkeys(values)) if not any(map(typed, values)) else []
    return []


def described(member: Member, comment: str) -> None:
    """Take up what is said of a member beside it: legal values, bounds, whether it must be."""
    text = comment.strip()
    if not text:
        return
    if _OPTIONAL.search(text):
        member.nullable = True
        member.keys.pop("required", None)
        text = _OPTIONAL.sub("", text, count=1).strip(" ,;-–—")
    elif _REQUIRED.search(text):
        member.keys["required"] = True
        text = _REQUIRED.sub("", text, count=1).strip(" ,;-–—")
    kind = member.keys.get("type")
    listed = choices(text) if kind == "string" and "enum" not in member.keys else []
    bounds = _RANGE.match(text) if kind in ("integer", "number") else None
    if listed:
        member.keys["enum"] = listed
    elif bounds and int(bounds[1]) < int(bounds[2]):
        member.keys["constraints"] = {"min": int(bounds[1]), "max": int(bounds[2])}
    elif text and "description" not in member.keys:
        member.keys["description"] = text[:500]


def sampled(name: str, value: Any, comment: str, evidence: Evidence) -> Member:
    """A member by a sample of its value, which may be the name of its type."""
    member = Member(name, {"type": "json"}, evidence)
    if isinstance(value, bool):
        member.keys = {"type": "boolean"}
    elif isinstance(value, int):
        member.keys = {"type": "integer"}
    elif isinstance(value, float):
        member.keys = {"type": "number"}
    elif isinstance(value, str):
        _text(member, value)
    elif isinstance(value, dict):
        member.keys = {"type": "object"}
        member.members = tuple(sampled(k, v, "", evidence) for k, v in value.items())
    elif isinstance(value, list):
        _list(member, value)
    else:
        member.nullable = True
    described(member, comment)
    return member


def _list(member: Member, value: list[Any]) -> None:
    member.keys = {"type": "array"}
    member.is_list = True
    first = [sampled("", one, "", member.evidence) for one in value[:20]]
    kinds = {str(one.keys["type"]) for one in first}
    if len(kinds) == 1 and not kinds & {"object", "array", "json"}:
        member.keys["items_type"] = kinds.pop()
    if value and isinstance(value[0], dict):
        member.members = first[0].members


def _text(member: Member, value: str) -> None:
    text = value.strip()
    if text.endswith("?"):
        member.nullable = True
    text = text.removesuffix("?")
    if _OPTIONAL.search(text):
        member.nullable = True
        text = _OPTIONAL.sub("", text).strip(" ,")
    elif _REQUIRED.search(text):
        member.keys["required"] = True
        text = _REQUIRED.sub("", text).strip(" ,")
    parts = [part.strip().strip("\"'") for part in text.split("|")]
    kept = [part for part in parts if part.lower() not in ("null", "none", "nil")]
    member.nullable |= len(kept) < len(parts)
    required = {k: v for k, v in member.keys.items() if k == "required"}
    if len(kept) > 1 and all(_WORD.match(part) for part in kept):
        if any(map(typed, kept)):
            member.keys = {"type": "json"}
            member.notes.append(f"one of several types: `{text[:60]}`")
        else:
            member.keys = {"type": "string", "enum": list(dict.fromkeys(kept))}
    else:
        only = kept[0] if kept else ""
        member.keys = typed(only) or _by_form(only)
        member.key_type = str(member.keys["type"])
    member.keys |= required


def _by_form(text: str) -> dict[str, Any]:
    for form, kind in (
        (_DATETIME, "datetime"),
        (_DATE, "date"),
        (_UUID, "uuid"),
        (_EMAIL, "email"),
    ):
        if form.match(text):
            return {"type": kind}
    return {"type": "text" if "\n" in text or len(text) > 200 else "string"}
