"""The models of a document: classes of Python, and sections that list or show members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from factory.importers.drafts import Evidence, Unmapped
from factory.importers.markdown import Block, Kind, Section
from factory.importers.spec_md import json_reader, notation, python_models
from factory.importers.spec_md.members import in_item, in_table, of_value
from factory.importers.spec_md.python_models import Function, Model
from factory.importers.spec_md.shapes import Member

_WHERE = ("data models?", "models?\\b", "schemas?\\b", "entit", "data structures?", "tables?\\b",
          "domain model", "data types?")  # fmt: skip
_NAME = re.compile(
    r"(?:\d+(?:\.\d+)*[.)]?\s*)?(?:(?:model|entity|schema|table|object|class)\s*:?\s+)?"
    r"([A-Za-z]\w*(?:[ -][A-Za-z]\w*){0,2}?)\s*"
    r"(?:\b(?:model|entity|schema|table|object|class)\b)?\s*(?:\(.*\))?\s*:?\Z",
    re.IGNORECASE,
)
_BODY = ("Create", "Update", "Patch", "Replace", "Request", "Input", "In", "Base", "Params",
         "Filter", "Query", "List", "ListResponse", "Page", "Mixin")  # fmt: skip
_RECORD = ("Response", "Out", "Output", "Read", "InDB", "Record", "Model")
MAX_BASES = 20


class Models:
    """Everything that has members and a name."""

    def __init__(self, found: list[Section]) -> None:
        self.unmapped: list[Unmapped] = []
        self.functions: list[Function] = []
        self.read_blocks: set[int] = set()
        self.by_name: dict[str, Model] = {}
        self.enums: dict[str, Model] = {}
        for section in found:
            self._section(section)
        self.members = {n: list(self._members(m)) for n, m in self.by_name.items()}
        self.bodies = self._bodies()

    @property
    def entities(self) -> list[Model]:
        """The models whose records the service keeps."""
        return [
            m
            for n, m in self.by_name.items()
            if self.members[n] and n not in self.bodies
        ]

    def _section(self, section: Section) -> None:
        for block in section.blocks:
            if block.kind is Kind.FENCE and python_models.is_python(block):
                self.read_blocks.add(id(block))
                module = python_models.read(block)
                self.functions += module.functions
                if module.fault:
                    self.unmapped.append(
                        Unmapped(block.place, "```python", module.fault)
                    )
                for model in module.models:
                    self._add(model)
        if section.names(*_WHERE) and not self._is_endpoint(section):
            self._described(section)

    def _is_endpoint(self, section: Section) -> bool:
        return any(
            one.level and one.evidence.place == section.place
            for one in notation.endpoints([replace(section, blocks=[])])
        )

    def _add(self, model: Model) -> None:
        for what, reason in model.notes:
            self.unmapped.append(Unmapped(model.evidence.place, what, reason))
        if model.is_enum:
            self.enums.setdefault(model.name, model)
        elif model.name in self.by_name:
            reason = "is written twice; the first one counts"
            self.unmapped.append(Unmapped(model.evidence.place, model.name, reason))
        elif model.members or model.bases:
            self.by_name[model.name] = model
        else:
            reason = "a class without members with types is no model"
            self.unmapped.append(
                Unmapped(model.evidence.place, f"class {model.name}", reason)
            )

    def _described(self, section: Section) -> None:
        """A section under `Data Models` whose title is a name, and that shows members."""
        title = _NAME.match(section.plain)
        heading = title[1] if title and section.names(*_WHERE) else ""
        if any(
            re.fullmatch(rf"(?:{word}\W*)+", heading, re.IGNORECASE) for word in _WHERE
        ):
            heading = ""
        name = heading
        for block in section.blocks:
            if block.kind in (Kind.TEXT, Kind.ITEM) and in_item(block) is None:
                # `**Task**` or `Task:` before its members.
                match = re.match(
                    r"(?:\*\*|`)+([A-Za-z]\w*)(?:\*\*|`)+\s*:?\s*(?:\(.*\)|[-–—].*)?\Z",
                    block.text,
                )
                name = match[1] if match else name
                continue
            members = list(_members_of(block))
            if members and name:
                self.read_blocks.add(id(block))
                self._extend(_class_name(name), members, block)

    def _extend(self, name: str, members: list[Member], block: Block) -> None:
        known = self.by_name.get(name)
        if known is None:
            evidence = Evidence(members[0].evidence.place, "spec-md/model-section")
            self.by_name[name] = Model(name, members, evidence)
            return
        names = {m.name for m in known.members}
        known.members += [m for m in members if m.name not in names]

    def _members(self, model: Model) -> Iterator[Member]:
        """Those of its bases first, as Python has them."""
        order: list[Model] = []
        waiting = [model]
        while waiting and len(order) < MAX_BASES:
            one = waiting.pop()
            if one not in order:
                order.append(one)
                waiting += [self.by_name[b] for b in one.bases if b in self.by_name]
        found: dict[str, Member] = {}
        for one in reversed(order):
            for member in one.members:
                found[member.name] = member
        yield from found.values()

    def _bodies(self) -> set[str]:
        """Models that are what is sent or answered of another one: `TaskCreate` of `Task`."""
        stems: dict[str, list[str]] = {}
        for name in self.by_name:
            for ending in sorted((*_BODY, *_RECORD), key=len, reverse=True):
                stem = name.removesuffix(ending)
                if stem and stem != name:
                    stems.setdefault(stem, []).append(name)
                    break
            for start in ("Create", "Update"):
                stem = name.removeprefix(start)
                if stem[:1].isupper() and stem != name:
                    stems.setdefault(stem, []).append(name)
        bodies: set[str] = set()
        for stem, names in stems.items():
            if self.members.get(stem):
                bodies |= set(names)
                continue
            records = [n for n in names if n.removeprefix(stem) in _RECORD]
            if records and len(names) > 1:
                bodies |= set(names) - {records[0]}
            elif any(n == f"{stem}Base" for n in names) and len(names) > 1:
                bodies |= set(names) - {f"{stem}Base"}
        return bodies


def _members_of(block: Block) -> Iterable[Member]:
    if block.kind is Kind.TABLE:
        yield from in_table(block)
    elif block.kind is Kind.ITEM:
        member = in_item(block)
        if member is not None:
            yield member
    elif block.language in ("json", "json5", "jsonc", "") and "{" in block.text:
        for value in json_reader.documents(block.text):
            yield from of_value(value, block.place, "spec-md/json").members


def _class_name(text: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[ -]+", text))
