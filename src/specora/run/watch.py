"""Noticing that contracts changed."""

from __future__ import annotations

from pathlib import Path

from forge.parser.loader import contract_files


def snapshot(domain: Path) -> dict[str, tuple[int, int]]:
    """Time and size of every file that the service is made from."""
    paths = contract_files(domain)
    behaviors = domain / "behaviors"
    if behaviors.is_dir():
        paths += sorted(behaviors.rglob("*.py"))
    found = {}
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found[path.as_posix()] = (status.st_mtime_ns, status.st_size)
    return found
