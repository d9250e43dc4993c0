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


_text = json.JSONEncoder(ensure_ascii=False).encode


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

    def text(self) -> str:
        """The entry as it stands in the manifest: JSON with an indentation of one."""
        sources = ",\n    ".join(map(_text, self.sources))
        members = [
            f'"sha256": {_text(self.sha256)}',
            f'"target": {_text(self.target)}',
            f'"sources": [\n    {sources}\n   ]' if sources else '"sources": []',
        ]
        if self.replaces:
            members.append(f'"replaces": {_text(self.replaces)}')
        inner = ",\n   ".join(members)
        return f"{{\n   {inner}\n  }}"


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
    files = (f"{_text(path)}: {e.text()}" for path, e in sorted(entries.items()))
    listed = ",\n  ".join(files)
    body = f"{{\n  {listed}\n }}" if entries else "{}"
    return f'{{\n "version": {VERSION},\n "domain": {_text(domain)},\n "files": {body}\n}}\n'
