"""The reusable parts of the document, each under one name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forge.targets.openapi.expansions import Beside

KINDS = ("schemas", "responses", "parameters", "headers")
"""The sections, in the order of the document."""


@dataclass(slots=True)
class Section:
    """One map of `components`: equal parts share an entry, different ones never a name."""

    kind: str
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    _references: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, part: dict[str, Any], *names: str) -> dict[str, str]:
        """A reference to `part`, under the first of `names` that is free or already its own."""
        for name in names:
            if self.parts.setdefault(name, part) == part:
                return self.reference(name)
        number = 2
        while self.parts.setdefault(f"{names[-1]}{number}", part) != part:
            number += 1
        return self.reference(f"{names[-1]}{number}")

    def reference(self, name: str) -> dict[str, str]:
        """A reference to the part called `name`."""
        found = self._references.get(name)
        if found is None:
            found = {"$ref": f"#/components/{self.kind}/{name}"}
            self._references[name] = found
        return found


@dataclass(slots=True)
class Components:
    """All sections, filled while operations are described."""

    schemas: Section = field(default_factory=lambda: Section("schemas"))
    parameters: Section = field(default_factory=lambda: Section("parameters"))
    responses: Section = field(default_factory=lambda: Section("responses"))
    headers: Section = field(default_factory=lambda: Section("headers"))
    beside: Mapping[str, Beside] = field(default_factory=dict)
    """What `expand` shows with the records of entities, by FQN."""
    bodies: dict[str, dict[str, str]] = field(default_factory=dict)
    """References to the bodies of operations, by their ids."""
    records: dict[str, dict[str, str]] = field(default_factory=dict)
    """References to the representations of entities, by FQN."""

    def document(self) -> dict[str, Any]:
        """The sections that hold something, by name."""
        sections = (getattr(self, kind) for kind in KINDS)
        return {
            section.kind: dict(sorted(section.parts.items()))
            for section in sections
            if section.parts
        }
