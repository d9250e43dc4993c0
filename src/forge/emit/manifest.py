"""`specora.lock.json`: which files were generated, and from what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forge.emit.files import File

NAME = "specora.lock.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: the hash of its content, the target that made it, the contracts it follows from."""

    sha256: str
    target: str
    sources: tuple[str, ...]

    @classmethod
    def read(cls, value: Any) -> Entry:
        """The entry that a manifest's JSON value stands for."""
        return cls(str(value["sha256"]), str(value["target"]), tuple(value["sources"]))

    @classmethod
    def of(cls, file: File) -> Entry:
        """The entry of a file as it is to be written."""
        sources = tuple(sorted({source.contract for source in file.sources}))
        return cls(digest(file.content), file.target, sources)


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
            return cls(str(data["domain"]), entries)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None


def digest(content: str | bytes) -> str:
    """SHA-256 in hexadecimal."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def manifest_text(domain: str, entries: Mapping[str, Entry]) -> str:
    """The manifest's text: no time, no version, no machine."""
    files = {
        path: {"sha256": e.sha256, "target": e.target, "sources": list(e.sources)}
        for path, e in sorted(entries.items())
    }
    value = {"version": VERSION, "domain": domain, "files": files}
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
