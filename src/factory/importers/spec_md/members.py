"""Members of bodies and models from samples of JSON, tables and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factory.importers.drafts import Evidence, Place
from factory.importers.markdown import Block, clean
from factory.importers.spec_md.json_reader import Value
from factory.importers.spec_md.shapes import Member, Shape, described, sampled, typed

_NAME = re.compile(r"[A-Za-z_][\w-]{0,60}\Z")
_ITEM = re.compile(
    r"([A-Za-z_]\w{0,60})\s*(?:\(([^()]{1,80}(?:\([^()]*\)[^()]*)?)\)\s*(?:[-–—:]\s*)?(.*)"
    r"|[:–—-]\s*([^,;–—(]{1,60}?)\s*(?:(?:[,;–—(]|\s-\s)\s*(.*))?)\Z",
    re.DOTALL,
)
_HEADS = {
    "name": ("field", "name", "parameter", "param", "property", "attribute", "column", "key"),
    "type": ("type", "data type", "datatype"),
    "required": ("required", "mandatory", "optional", "nullable"),
    "default": ("default",),
    "about": ("description", "notes", "note", "comment", "details", "meaning", "purpose", "values",
              "constraints"),
}  # fmt: skip
_YES = frozenset({"yes", "y", "true", "required", "x", "✓", "✅", "✔", "mandatory"})


def of_value(value: Value, place: Place, rule: str) -> Shape:
    """A body by a sample of it; `place` is that of the block."""
    where = Place(place.file, place.line + value.line)
    shown = value.value
    if isinstance(shown, list):
        first = next((one for one in shown if isinstance(one, dict)), {})
        evidence = Evidence(where, rule)
        members = [sampled(name, one, "", evidence) for name, one in first.items()]
        return Shape(members, where, True, is_open=value.is_open, sample=shown)
    members = []
    for name, one in shown.items() if isinstance(shown, dict) else ():
        line = place.line + value.lines.get(name, value.line)
        evidence = Evidence(Place(place.file, line), rule)
        members.append(sampled(name, one, value.comments.get(name, ""), evidence))
    return Shape(members, where, is_open=value.is_open, sample=shown)


def in_table(block: Block) -> Iterator[Member]:
    """The members that a table lists: a column of names, and one of types."""
    head = [clean(cell).lower() for cell in block.rows[0][1]] if block.rows else []
    where = {
        role: next((i for i, cell in enumerate(head) if cell in words), -1)
        for role, words in _HEADS.items()
    }
    if where["name"] < 0 or where["type"] < 0:
        return
    for line, row in block.rows[1:]:
        cells = {
            r: clean(row[i]) if 0 <= i < len(row) else "" for r, i in where.items()
        }
        if not _NAME.match(cells["name"]):
            continue
        member = _member(
            cells["name"], cells["type"], Evidence(block.at(line), "spec-md/member-row")
        )
        said = cells["required"].lower()
        if said:
            inverse = where["required"] >= 0 and head[where["required"]] in (
                "optional",
                "nullable",
            )
            if (said.split()[0] in _YES) != inverse:
                member.keys["required"] = True
        _default(member, cells["default"])
        described(member, cells["about"])
        yield member


def _default(member: Member, text: str) -> None:
    plain = text.strip("`\"' ")
    if not plain or plain in ("-", "–", "—", "none", "None", "null", "N/A", "n/a"):
        return
    kind = member.keys["type"]
    if kind == "boolean" and plain.lower() in ("true", "false"):
        member.keys["default"] = plain.lower() == "true"
    elif kind == "integer" and re.fullmatch(r"-?\d{1,18}", plain):
        member.keys["default"] = int(plain)
    elif kind == "number" and re.fullmatch(r"-?\d{1,15}(?:\.\d{1,15})?", plain):
        member.keys["default"] = float(plain)
    elif kind == "string":
        member.keys["default"] = plain
    elif plain.lower() in ("now", "now()") and kind == "datetime":
        member.keys["computed"] = "now"
    else:
        member.notes.append(f"its default is `{plain[:60]}`")


def _member(name: str, kind: str, evidence: Evidence) -> Member:
    member = sampled(name, kind, "", evidence)
    if not typed(kind.rstrip("?")) and "enum" not in member.keys:
        words = [word.strip() for word in re.split(r"[,;]", kind)]
        known = next((keys for word in words if (keys := typed(word))), None)
        is_enum = words[0].lower() in ("enum", "literal")
        if known:
            member.keys |= known
        elif re.fullmatch(r"[A-Z]\w+", kind):
            member.keys["type"], member.model = "object", kind
        elif re.fullmatch(r"(?:[Ll]ist|[Aa]rray)\[[A-Z]\w+\]|[A-Z]\w+\[\]", kind):
            member.keys["type"], member.is_list = "array", True
            member.model = re.sub(r"^(?:[Ll]ist|[Aa]rray)\[|\[?\]$", "", kind)
        elif is_enum or kind.lower().startswith("enum"):
            described(member, re.sub(r"(?i)^enum\W*", "", kind).rstrip(")"))
        else:
            member.notes.append(
                f"`{kind[:60]}` is no type that is known here; read as a text"
            )
    return member


def in_item(block: Block) -> Member | None:
    """The member that an item describes: `name` (string, required): what it is."""
    match = _ITEM.match(block.plain)
    if match is None:
        return None
    spelled = match[2] or match[4] or ""
    words = [word.strip() for word in re.split(r"[,;]", spelled)]
    kind = next((word for word in words if _is_type(word)), "")
    if not kind:
        return None
    member = _member(match[1], kind, Evidence(block.place, "spec-md/member-item"))
    rest = (match[3] if match[2] else match[5]) or ""
    for word in words:
        if word.lower() in ("required", "optional", "nullable"):
            described(member, word)
        elif word.lower().startswith("default"):
            _default(member, re.sub(r"(?i)^default\s*[:=]?\s*", "", word))
        elif word.lower() == "unique":
            member.keys["unique"] = True
    described(member, rest.strip().removesuffix(")") if match[4] else rest)
    return member


def _is_type(word: str) -> bool:
    plain = re.sub(
        r"(?i)\b(required|optional|nullable|primary key|pk)\b", "", word
    ).strip()
    parts = [part.strip() for part in plain.split("|")]
    is_enum = bool(re.match(r"(?i)enum\b", plain))
    if len(parts) > 1 and all(re.fullmatch(r"([\"'])[\w-]+\1", p) for p in parts):
        return True
    return (
        bool(typed(plain.rstrip("?")))
        or is_enum
        or (len(parts) > 1 and any(map(typed, parts)))
    )
