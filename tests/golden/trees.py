"""The whole output of a domain, as files would hold it."""

from __future__ import annotations

import re
from pathlib import Path

from forge.emit import manifest
from forge.ir.compiler import Compiler
from forge.targets.generation import generate
from forge.targets.registry import EVERYTHING, find_targets
from tests.shared import ROOT, shared

CONSTANT = {
    "backend/runtime/": ROOT / "src" / "specora_runtime",
    "tests/kit/": ROOT / "src" / "forge" / "targets" / "tests" / "kit",
}
"""What ships as it is, by its place in the output, and where it is written."""

OWN = ROOT / "domains" / "helpdesk"
DOMAINS = ("own", "helpdesk", "marketplace", "saas_platform")


def domain(name: str) -> Path:
    """The folder of a domain; skips the test where it is not beside this checkout."""
    return OWN if name == "own" else shared("domains", name)


def whole_tree(folder: Path) -> dict[str, str]:
    """Every file that `spc forge generate --target prod` writes for a domain, by path."""
    ir = Compiler(folder).compile()
    generated = generate(ir, find_targets((EVERYTHING,)))
    assert not [d for d in generated.diagnostics if d.is_error]
    entries = {file.path: manifest.Entry.of(file) for file in generated}
    files = {file.path: file.content for file in generated}
    return {**files, manifest.NAME: manifest.manifest_text(ir.domain, entries)}


_KIT = re.compile(r"clients/python/\w+_client/(_[a-z]\w*\.py)")
"""Code of every Python client, in a package that is named after its domain."""


def constant(path: str) -> Path | None:
    """The file that ships at `path` as it is; `None` where the contracts decide."""
    if kit := _KIT.fullmatch(path):
        return ROOT / "src" / "forge" / "targets" / "python_client" / "kit" / kit[1]
    for prefix, folder in CONSTANT.items():
        if path.startswith(prefix):
            return folder / path.removeprefix(prefix)
    return None


def read_tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
