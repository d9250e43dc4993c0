"""The TypeScript compiler, installed once below the repository."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

CACHE = Path(__file__).parents[2] / ".cache" / "typescript"
TSC = CACHE / "node_modules" / ".bin" / "tsc"


@cache
def compiler() -> Path:
    """The compiler; skips the test where it cannot be installed."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is absent")
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:
        # Two installations in one folder take each other's files away.
        fcntl.flock(lock, fcntl.LOCK_EX)
        fault = "" if TSC.exists() else _install(npm)
    if fault:
        pytest.skip(f"npm cannot install typescript: {fault}")
    return TSC


def _install(npm: str) -> str:
    """What is wrong, where it fails."""
    (CACHE / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "typescript"]
    done = subprocess.run(
        install, cwd=CACHE, check=False, capture_output=True, text=True
    )
    return "" if done.returncode == 0 else done.stderr.strip()[:200] or "no reason"


STRICT = {
    "strict": True,
    "exactOptionalPropertyTypes": True,
    "noUncheckedIndexedAccess": True,
    "noUnusedLocals": True,
    "noImplicitReturns": True,
    "isolatedModules": True,
    "verbatimModuleSyntax": True,
    "target": "es2022",
    "module": "es2022",
    "moduleResolution": "bundler",
    "lib": ["es2022", "dom"],
    "skipLibCheck": True,
    "types": [],
}
"""What the strictest users ask of the code that they take over."""


def refused_by_tsc(folder: Path, **files: str) -> str:
    """What `tsc --strict` says of files, by name without suffix; empty where it accepts them."""
    for name, text in files.items():
        (folder / f"{name}.ts").write_text(text, encoding="utf-8")
    return _compiled(folder, [f"{name}.ts" for name in files], {"noEmit": True})


def javascript(source: Path, folder: Path, *names: str) -> Path:
    """The modules `names` of `source` as JavaScript that Node runs, in `folder`."""
    for name in names:
        shutil.copy(source / f"{name}.ts", folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    said = _compiled(folder, [f"{name}.ts" for name in names], {"outDir": "js"})
    assert said == "", said
    return folder / "js"


def _compiled(folder: Path, files: list[str], options: dict[str, object]) -> str:
    settings = {"compilerOptions": {**STRICT, **options}, "files": files}
    (folder / "tsconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [str(compiler()), "--project", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0 or done.stdout, done.stderr
    return done.stdout
