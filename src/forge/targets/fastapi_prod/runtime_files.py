"""The runtime as data: its files are copied into every app, its code is never run here."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from forge.emit import File

PACKAGE = "specora_runtime"
AUTH = "auth"
SUFFIXES = frozenset({".py", ".json", ".txt", ".css", ".js"})


def runtime_files(*, auth: bool) -> Iterator[File]:
    """The files of the runtime, verbatim, by path; `auth/` only where a service needs it."""
    # Finding a top-level package does not import it.
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            f"the package {PACKAGE} is not installed", name=PACKAGE
        )
    root = Path(spec.submodule_search_locations[0])
    found = {p.relative_to(root): p for p in root.rglob("*") if p.suffix in SUFFIXES}
    for relative in sorted(found, key=lambda p: p.parts):
        if "__pycache__" not in relative.parts and (auth or relative.parts[0] != AUTH):
            text = found[relative].read_bytes().decode("utf-8")
            path = f"backend/runtime/{relative.as_posix()}"
            yield File(path, text, is_formatted=True)
