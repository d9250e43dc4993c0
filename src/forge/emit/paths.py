"""Where generated files may stand: inside the output folder, each at a place of its own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from forge.emit.files import File

_NO_PARTS = frozenset({"", ".", ".."})
_FOREIGN = frozenset({"\\", ":", "\0"})


class Collision(Exception):
    """Two files with one path, or a path that leaves the folder: a bug of a target."""


def inside(path: str) -> bool:
    """Whether a path stays below the folder it is relative to, on any system.

    >>> inside("backend/app.py")
    True
    >>> inside("backend/../../app.py"), inside("/app.py"), inside("C:\\\\app.py")
    (False, False, False)
    """
    return not (_NO_PARTS.intersection(path.split("/")) or _FOREIGN.intersection(path))


def by_path(files: Iterable[File]) -> dict[str, File]:
    """The files by path. Raises `Collision` where two would be one on some file system."""
    found: dict[str, File] = {}
    folders: dict[str, str] = {}
    for file in files:
        if not inside(file.path):
            raise Collision(f"path {file.path!r} leaves the output folder")
        folded = file.path.casefold()
        if folded in found:
            raise Collision(f"two files are called {file.path!r}")
        found[folded] = file
        for spelled in _parents(file.path.rpartition("/")[0]):
            if folders.setdefault(spelled.casefold(), spelled) != spelled:
                raise Collision(f"two folders are called {spelled!r}")
    for folded in found.keys() & folders.keys():
        raise Collision(f"{found[folded].path!r} is a file and a folder")
    return {file.path: file for file in found.values()}


@cache
def _parents(folder: str) -> tuple[str, ...]:
    """A folder and those above it."""
    above = folder.rpartition("/")[0]
    return (folder, *_parents(above)) if folder else ()
