"""`specora.lock.json`: which files were generated, and from what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forge.emit.files import File
from forge.emit.paths import inside

NAME = "specora.lock.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: the hash of its content, the target that made it, the contracts it follows from."""

    sha256: str
    target: str
    sources: tuple[str, ...]
    replaces: str = ""
    """While a run writes: the hash of what stands there until the file is replaced."""

    @classmethod
    def read(cls, value: Any) -> Entry:
        """The entry that a manifest's JSON value stands for."""
        return cls(
            str(value["sha256"]),
            str(value["target"]),
            tuple(map(str, value["sources"])),
            str(value.get("replaces", "")),
        )

    @classmethod
    def of(cls, file: File) -> Entry:
        """The entry of a file as it is to be written."""
        sources = tuple(sorted({source.contract for source in file.sources}))
        return cls(digest(file.content), file.target, sources)

    def made(self, content: bytes) -> bool:
        """Whether `content` is what a run wrote, finished or not."""
        return digest(content) in (self.sha256, self.replaces)

    def value(self) -> dict[str, Any]:
        """The entry as it stands in the manifest."""
        value: dict[str, Any] = {
            "sha256": self.sha256,
            "target": self.target,
            "sources": list(self.sources),
        }
        return {**value, "replaces": self.replaces} if self.replaces else value


@dataclass(frozen=True, slots=True)
class Manifest:
    """What earlier runs wrote."""

    domain: str = ""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """By path."""

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """The manifest in `folder`; `None` where there is none or it is not one."""
        try:
            data = json.loads((folder / NAME).read_text("utf-8"))
            entries = {path: Entry.read(entry) for path, entry in data["files"].items()}
            known = data["version"] == VERSION and all(map(inside, entries))
            return cls(str(data["domain"]), entries) if known else None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None


def digest(content: str | bytes) -> str:
    """SHA-256 in hexadecimal."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def manifest_text(domain: str, entries: Mapping[str, Entry]) -> str:
    """The manifest's text: no time, no version, no machine."""
    files = {path: entry.value() for path, entry in sorted(entries.items())}
    value = {"version": VERSION, "domain": domain, "files": files}
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
