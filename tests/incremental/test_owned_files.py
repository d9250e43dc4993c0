"""Over a thousand changes of contracts, no byte of what a person wrote ever changes.

A person's are the domain's `behaviors/`, to which stubs may only be added, and everything
in the output folder that was not generated, or that was edited since.
"""

from __future__ import annotations

import os
from copy import deepcopy
from pathlib import Path
from random import Random

import pytest
import yaml

from forge.cache import Cache
from forge.checks.behaviors import uses
from forge.diagnostics import has_errors
from forge.emit import File
from forge.emit.manifest import NAME as MANIFEST
from forge.emit.writer import apply_changes, plan_changes
from forge.ir.compiler import Compiler, analyze, subject_of
from forge.parser.loader import load_all_contracts
from forge.targets.fastapi_prod import TARGET
from forge.targets.generation import generate
from specora import stubs
from tests.incremental.domain import DOMAIN, Evolution, Files, contract

EVOLUTIONS = 1000 if "SPECORA_SOAK" in os.environ else 400
HISTORIES = 4
CODE = b"""\
from typing import  TYPE_CHECKING   # laid out by hand\r
\r
async def  of_mine (ctx, data):
    return data
"""
BESIDE = {
    "notes.md": b"mine\n",
    ".env": b"SECRET=1\n",
    "backend/mine.py": b"x = {  }\n",
    "backend/behaviors/extra.py": b"# not the domain's\n",
    "database/dump.sql": b"\xff\xfe not text",
    "tests/test_mine.py": b"",
}
"""What a person keeps in the output folder."""


class Owner:
    """The person, who writes, edits and takes back; remembers what must stay as it is."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = Random(seed)
        self.domain, self.output = folder / "domain", folder / "out"
        self.written: dict[Path, bytes] = {}
        self.grown: dict[Path, bytes] = {}
        """Files to which stubs may be added."""
        for name, content in BESIDE.items():
            self.write(self.output / name, content)
        self.grow("shared", CODE)

    def write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.written[path] = content

    def grow(self, module: str, content: bytes) -> None:
        path = self.domain / "behaviors" / f"{module}.py"
        before = path.read_bytes() if path.exists() else b""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(before + content)
        self.grown[path] = before + content

    def edit_generated(self) -> tuple[Path, bytes] | None:
        """Change a generated file, and say which, and what it was."""
        files = sorted(p for p in self.output.rglob("*.py") if p not in self.written)
        files = [p for p in files if "runtime" not in p.parts and p.stat().st_size]
        if not files or self.random.random() > 0.1:
            return None
        path = self.random.choice(files)
        before = path.read_bytes()
        self.write(path, before + b"\n# edited by hand\n")
        return path, before

    def take_back(self, edit: tuple[Path, bytes]) -> None:
        path, before = edit
        path.write_bytes(before)
        del self.written[path]

    def check(self, history: list[str]) -> None:
        """Every byte is where it was; what may grow begins as it did."""
        for path, content in self.written.items():
            assert path.read_bytes() == content, (path, history[-5:])
        for path, content in self.grown.items():
            now = path.read_bytes()
            assert now.startswith(content), (path, history[-5:])
            self.grown[path] = now
        for path in (self.domain / "behaviors").rglob("*"):
            self.grown.setdefault(path, path.read_bytes())


class Run:
    """Brings a domain's folder and its output to one version of the contracts after another."""

    def __init__(self, owner: Owner) -> None:
        self.owner = owner
        self.cache = Cache(owner.domain.parent / "cache")
        self.targets = (TARGET,)
        self.generated = self.refused = self.stubbed = 0
        self._texts: dict[str, str] = {}

    def contracts(self, files: Files) -> None:
        """Write the contracts, as their author would: those that changed."""
        texts = {
            name: value if isinstance(value, str) else yaml.dump(value, Dumper=_DUMPER)
            for name, value in files.items()
        }
        for name in self._texts.keys() - texts.keys():
            (self.owner.domain / f"{name}.contract.yaml").unlink()
        for name, text in texts.items():
            if self._texts.get(name) != text:
                path = self.owner.domain / f"{name}.contract.yaml"
                path.write_text(text, "utf-8")
        self._texts = texts

    def behaviors(self) -> None:
        """As `spc forge behaviors`."""
        found = Compiler(self.owner.domain, cache=self.cache).analyze().diagnostics
        if "behavior/missing-function" not in {d.name for d in found}:
            return
        contracts = load_all_contracts(self.owner.domain)
        analysis = analyze(contracts)
        every = uses(subject_of(contracts, analysis.application))
        missing = [use for use in every if not use.found]
        faults = {d.name for d in analysis.diagnostics if d.is_error}
        if missing and faults <= {"behavior/missing-function"}:
            for planned in stubs.plan_stubs(self.owner.domain, missing):
                stubs.write(planned)
                self.stubbed += len(planned.names)

    def generate(self) -> bool:
        """As `spc forge generate`, but for the runtime, which is always the same.

        Whether the contracts are free of errors.
        """
        analysis = Compiler(self.owner.domain, cache=self.cache).analyze()
        if has_errors(analysis.diagnostics):
            return False
        made = generate(analysis.application, self.targets, self.cache)
        files = [f for f in made.files if not _constant(f)]
        names = {target.name for target in self.targets}
        changes = plan_changes(self.owner.output, files, names)
        if changes.refused:
            self.refused += 1
        else:
            self.generated += 1
            apply_changes(self.owner.output, DOMAIN, files, changes)
            self._compare()
        return True

    def _compare(self) -> None:
        """What is taken along is what there is."""
        folder = self.owner.domain / "behaviors"
        for path in folder.rglob("*.py"):
            copy = self.owner.output / "backend/behaviors" / path.relative_to(folder)
            assert copy.read_bytes() == path.read_bytes()


_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def _constant(file: File) -> bool:
    return file.path.startswith("backend/runtime/")


def _name_a_function(evolution: Evolution, random: Random) -> None:
    """A route with a handler, over some entity; the function may not be there yet."""
    entities = sorted(n for n in evolution.files if n.endswith(".entity"))
    chosen = evolution.files[random.choice(entities)]
    if isinstance(chosen, str):
        return
    name = chosen["metadata"]["name"]
    number = random.randrange(4)
    handler = f"act_{number}_on_{name}"
    endpoint = {"method": "POST", "path": f"/{{id}}/{handler}", "handler": handler}
    if number % 2:
        endpoint["request_body"] = {"fields": {"amount": {"type": "integer"}}}
    spec = {
        "entity": f"entity/{DOMAIN}/{name}",
        "base_path": "/acts",
        "endpoints": [endpoint],
    }
    evolution.files["acts.route"] = contract("Route", "acts", spec)


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_no_byte_of_an_owned_file_changes(seed: int, tmp_path: Path) -> None:
    evolution, random = Evolution(seed), Random(seed)
    evolution.files = {
        name: value
        for name, value in evolution.files.items()
        if name.partition(".")[0] in ("item", "shelf")
    }
    (tmp_path / "domain").mkdir()
    owner = Owner(tmp_path, seed)
    run = Run(owner)
    history, sound = ["start"], evolution.files
    for _ in range(EVOLUTIONS // HISTORIES):
        run.contracts(evolution.files)
        if random.random() < 0.7:
            run.behaviors()
        edit = owner.edit_generated()
        if run.generate():
            sound = deepcopy(evolution.files)
        elif random.random() < 0.6:
            # The author takes back what did not compile.
            evolution.files, evolution.sound = deepcopy(sound), None
        owner.check(history)
        if edit is not None:
            owner.take_back(edit)
        if random.random() < 0.05:
            owner.grow("shared", b"\n\ndef helper(  x ):\r\n    return x\n")
        if random.random() < 0.1 and evolution.sound is None:
            _name_a_function(evolution, random)
        history.append(evolution.step())
    assert run.generated > EVOLUTIONS // HISTORIES // 5
    assert run.refused
    assert run.stubbed
    assert (owner.output / MANIFEST).is_file()
