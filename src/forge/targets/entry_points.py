"""What installed distributions announce under a group of entry points.

`importlib.metadata` reads mail headers and file lists besides and costs more to import than all
targets together, in every run. Only folders are looked at: a target is never inside of an archive.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

_METADATA = (".dist-info", ".egg-info")
_SEPARATORS = re.compile(r"[-_.]+")


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A name and the object that it stands for, as `module:attribute`."""

    name: str
    value: str

    def load(self) -> Any:
        """The object."""
        module, _, path = self.value.partition("[")[0].strip().partition(":")
        found: Any = import_module(module.strip())
        for attribute in filter(None, path.strip().split(".")):
            found = getattr(found, attribute)
        return found


def entry_points(group: str) -> Iterator[EntryPoint]:
    """The entry points of a group, of the first distribution of each name on the path."""
    seen: set[str] = set()
    for folder in sys.path:
        for name in _listed(folder or os.curdir):
            stem = name.removesuffix(_METADATA[0]).removesuffix(_METADATA[1])
            distribution = _SEPARATORS.sub("-", stem.partition("-")[0]).lower()
            if distribution not in seen:
                seen.add(distribution)
                text = _text(os.path.join(folder, name, "entry_points.txt"))
                yield from _in_group(text, group)


def _listed(folder: str) -> list[str]:
    try:
        return sorted(n for n in os.listdir(folder) if n.endswith(_METADATA))
    except OSError:
        return []


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            return stream.read()
    except OSError:
        return ""


def _in_group(text: str, group: str) -> Iterator[EntryPoint]:
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line[1:-1].strip()
        elif section == group and line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            yield EntryPoint(name.strip(), value.strip())
