"""Sources in Markdown, and beside each the truth that a person reads in it.

A file `tests/importers/hard/*.md` holds scenarios, one per heading of the first level. The blocks
of a scenario, fenced by four backticks, are named like the files of the source; the last,
`truth`, is YAML:

- `entities`: `{name: {field: "TYPE[!] [key] [unique] [-> TARGET [ON DELETE]] [[values]]"}}`, where
  `!` stands for required. Entities without fields are enums and lists.
- `refs`, `enums`, `unique`, `operations`: as the report's facts have them, in any order.
- `keys`: `{entity.field: keys}` that its draft has to hold.
- `unmapped`: beginnings of what has to be told.
- `contracts`: `{name: keys}` that the spec of a contract beside the entities holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from factory.importers.migration import Migration

FOLDER = Path(__file__).parent / "hard"
_HEADING = re.compile(r"^# (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^````(\S+)\n(.*?)^````$", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(
    r"(?P<type>\w+)(?P<required>!?)(?P<key> key)?(?P<unique> unique)?"
    r"(?: -> (?P<target>[\w.]+)(?: (?P<action>cascade|set_null|restrict))?)?"
    r"(?: (?P<values>\[.*\]))?"
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A source and its truth."""

    name: str
    files: Mapping[str, str]
    truth: Mapping[str, Any]

    def write(self, folder: Path) -> Path:
        """The files below `folder`; the path to import."""
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
        return folder if len(self.files) > 1 else folder / next(iter(self.files))


def scenarios() -> list[Scenario]:
    """Every scenario, in the order of the files."""
    return [one for path in sorted(FOLDER.glob("*.md")) for one in _of_file(path)]


def _of_file(path: Path) -> list[Scenario]:
    text = path.read_text("utf-8")
    outside = _BLOCK.sub(lambda block: " " * len(block[0]), text)
    heads = list(_HEADING.finditer(outside))
    found = []
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        part = text[head.end() : following.start() if following else None]
        blocks = {block[1]: block[2] for block in _BLOCK.finditer(part)}
        truth = yaml.safe_load(blocks.pop("truth"))
        found.append(Scenario(f"{path.stem}: {head[1]}", blocks, truth))
    return found


def disagreements(scenario: Scenario, found: Migration) -> list[str]:
    """What an import says otherwise than the truth, a line each."""
    truth, told = scenario.truth, found.to_json()["facts"]
    wanted, refs = _fields(truth["entities"])
    lines = _compare("field", wanted, _flat(told["entities"]))
    lines += _compare(
        "entity",
        dict.fromkeys(truth["entities"], 1),
        dict.fromkeys(told["entities"], 1),
    )
    refs += [tuple(ref) for ref in truth.get("refs", ())]
    lines += _compare(
        "ref", dict.fromkeys(refs, 1), {tuple(r): 1 for r in told["refs"]}
    )
    lines += _compare("enum", _lists(truth.get("enums", {})), _lists(told["enums"]))
    for kind in ("unique", "operations"):
        lines += _compare(
            kind,
            {tuple(one): 1 for one in truth.get(kind, ())},
            {tuple(one): 1 for one in told[kind]},
        )
    return [
        *lines,
        *_keys(truth, found),
        *_notes(truth, found),
        *_contracts(truth, found),
    ]


def _fields(
    entities: Mapping[str, Any],
) -> tuple[dict[str, Any], list[tuple[str, ...]]]:
    fields: dict[str, Any] = {}
    refs = []
    for entity, own in entities.items():
        for name, text in (own or {}).items():
            matched = _FIELD.fullmatch(text)
            assert matched, f"{entity}.{name}: {text}"
            fields[f"{entity}.{name}"] = {
                "type": matched["type"],
                "required": bool(matched["required"]),
                "pk": bool(matched["key"]),
                "unique": bool(matched["unique"]),
                **(
                    {"enum": yaml.safe_load(matched["values"])}
                    if matched["values"]
                    else {}
                ),
            }
            if matched["target"]:
                refs.append((entity, name, matched["target"]))
    return fields, refs


def _flat(entities: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{entity}.{name}": f
        for entity, own in entities.items()
        for name, f in own.items()
    }


def _lists(enums: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: list(values) for name, values in enums.items()}


def _compare(
    kind: str, wanted: Mapping[Any, Any], told: Mapping[Any, Any]
) -> list[str]:
    return [
        f"{kind} {key}: wanted {wanted.get(key)}, told {told.get(key)}"
        for key in [*wanted, *(key for key in told if key not in wanted)]
        if wanted.get(key) != told.get(key)
    ]


def _keys(truth: Mapping[str, Any], found: Migration) -> list[str]:
    """Keys of drafts, and what happens to a record whose reference ends."""
    drafts = {
        f"{e.name}.{f.name}": f for e in found.imported.entities for f in e.fields
    }
    lines = []
    for name, keys in truth.get("keys", {}).items():
        draft = dict(drafts[name].keys) if name in drafts else {}
        lines += [
            f"{name} {key}: wanted {value!r}, told {draft.get(key)!r}"
            for key, value in keys.items()
            if draft.get(key) != value or type(draft.get(key)) is not type(value)
        ]
    for entity, own in truth["entities"].items():
        for name, text in (own or {}).items():
            matched = _FIELD.fullmatch(text)
            known = drafts.get(f"{entity}.{name}")
            if matched and matched["action"] and known and known.reference:
                told = known.reference.on_delete
                if told != matched["action"]:
                    lines.append(
                        f"{entity}.{name}: wanted {matched['action']}, told {told}"
                    )
    return lines


def _notes(truth: Mapping[str, Any], found: Migration) -> list[str]:
    told = [f"{n.entity}.{n.what}" for n in found.unmapped] + [
        n.what for n in found.unmapped
    ]
    return [
        f"unmapped {wanted}: not told"
        for wanted in truth.get("unmapped", ())
        if not any(what.startswith(wanted) for what in told)
    ]


def _contracts(truth: Mapping[str, Any], found: Migration) -> list[str]:
    specs = {c.name: c.spec for c in found.imported.contracts}
    return [
        f"contract {name} {key}: wanted {value!r}, told {specs.get(name, {}).get(key)!r}"
        for name, keys in truth.get("contracts", {}).items()
        for key, value in keys.items()
        if specs.get(name, {}).get(key) != value
    ]
