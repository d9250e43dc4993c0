"""Target scenarios: contracts in Markdown, and the excerpts that a target makes of them.

A file `tests/targets/<target>/*.md`, or the README of a target, holds scenarios, one per
heading. Blocks of a scenario:

- `yaml`: a whole contract. `yaml entity/shop/product`: the `spec` of that contract.
- `behaviors ticket`: the file `behaviors/ticket.py`.
- `sql PATH table NAME` (or `index NAME`, `indexes TABLE`, `alter TABLE`), `python PATH
  class NAME` (or `def`, `name`), `json PATH POINTER`, `typescript PATH interface NAME`
  (or `type`, `const`), `text PATH`: what a generated file says there.
- `diagnostics`: what the target has to say.

`SPECORA_ACCEPT=1` rewrites the expected blocks.
"""

from __future__ import annotations

import difflib
import importlib.metadata
import re
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from excerpts import excerpt

from forge.emit import Generated, Target
from forge.emit.formatting import format_files
from forge.ir.application import Application
from forge.ir.compiler import Compiler

FOLDER = Path(__file__).parent
README = FOLDER.parents[1] / "src" / "forge" / "targets"

_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=fence)[ ]*$", re.M | re.S
)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.M)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block and its place in the file."""

    info: str
    body: str
    start: int
    """Where the body begins in the file."""

    @property
    def is_contract(self) -> bool:
        return self.info.split(None, 1)[0] == "yaml"

    @property
    def end(self) -> int:
        return self.start + len(self.body)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Contracts and what a target makes of them."""

    file: Path
    title: str
    blocks: tuple[Block, ...]

    @property
    def id(self) -> str:
        return f"{self.target}/{self.file.stem}: {self.title}"

    @property
    def is_complete(self) -> bool:
        """A README may show other blocks too; its scenarios name their contracts."""
        named = any(block.info.startswith("yaml ") for block in self.contracts)
        return self.file.name != "README.md" or (named and bool(self.expectations))

    @property
    def target(self) -> str:
        return self.file.parent.name.replace("_", "-")

    @property
    def contracts(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.is_contract)

    @property
    def expectations(self) -> tuple[Block, ...]:
        given = ("yaml", "behaviors")
        return tuple(b for b in self.blocks if b.info.split(None, 1)[0] not in given)

    @property
    def behaviors(self) -> dict[str, str]:
        """The text of each file below `behaviors/`, by its name without suffix."""
        pairs = [(*block.info.split(), block.body) for block in self.blocks]
        return {pair[1]: pair[2] for pair in pairs if pair[0] == "behaviors"}


def all_scenarios() -> list[Scenario]:
    """The scenarios of all targets."""
    files = [*FOLDER.glob("*/*.md"), *README.glob("*/README.md")]
    return [s for file in sorted(files) for s in read(file) if s.is_complete]


def read(file: Path) -> Iterator[Scenario]:
    """The scenarios of a file."""
    text = file.read_text("utf-8")
    fences = list(_FENCE.finditer(text))
    headings = [
        match
        for match in _HEADING.finditer(text)
        if not any(fence.start() < match.start() < fence.end() for fence in fences)
    ]
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    for heading, end in zip(headings, ends, strict=True):
        blocks = tuple(
            Block(fence["info"].strip(), fence["body"], fence.start("body"))
            for fence in fences
            if heading.start() < fence.start() < end and fence["info"].strip()
        )
        if blocks:
            yield Scenario(file, heading[1].strip(), blocks)


def differences(scenario: Scenario) -> str:
    """A diff of what is expected and what is generated; empty when they agree."""
    generated = generate(scenario)
    diffs = (
        difflib.unified_diff(
            block.body.splitlines(),
            actual(block, generated).splitlines(),
            f"{scenario.file.name}: {block.info}",
            "generated",
            lineterm="",
        )
        for block in scenario.expectations
    )
    return "\n".join(line for diff in diffs for line in diff)


def accept(scenario: Scenario) -> None:
    """Rewrite the expectations of a scenario to what is generated."""
    current = next(s for s in read(scenario.file) if s.title == scenario.title)
    generated = generate(current)
    text = scenario.file.read_text("utf-8")
    for block in reversed(current.expectations):
        text = text[: block.start] + actual(block, generated) + text[block.end :]
    scenario.file.write_text(text, "utf-8")


def actual(block: Block, generated: Generated) -> str:
    """What the generated files say where a block looks."""
    language, *address = block.info.split(None, 2)
    if language == "diagnostics":
        lines = [f"{d.severity}[{d.name}]: {d.message}" for d in generated.diagnostics]
        return "".join(f"{line}\n" for line in lines)
    path, symbol = address[0], address[1] if len(address) > 1 else ""
    files = {file.path: file.content for file in generated.files}
    if path not in files:
        return f"(no file {path}; there are {', '.join(sorted(files))})\n"
    return excerpt(language, files[path], symbol).rstrip("\n") + "\n"


def generate(scenario: Scenario) -> Generated:
    """What the target makes of the scenario's contracts."""
    found = target(scenario.target).generate(compiled(scenario))
    if any(block.info.startswith("python") for block in scenario.expectations):
        return Generated(format_files(found.files), found.diagnostics)
    return found


def compiled(scenario: Scenario) -> Application:
    """The IR of the scenario's contracts."""
    texts = map(contract, scenario.contracts)
    return compile_contracts(*texts, behaviors=scenario.behaviors)


def compile_contracts(
    *texts: str, behaviors: Mapping[str, str] | None = None
) -> Application:
    """The IR of contracts given as text, beside files in `behaviors/`."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "shop"
        root.mkdir()
        for number, text in enumerate(texts):
            place = root / f"{number:03}.contract.yaml"
            place.write_text(text, "utf-8")
        for name, text in (behaviors or {}).items():
            (root / "behaviors").mkdir(exist_ok=True)
            (root / "behaviors" / f"{name}.py").write_text(text, "utf-8")
        return Compiler(contract_root=root).compile()


def contract(block: Block) -> str:
    """The text of a contract; the envelope follows from the FQN in the block's info."""
    _, *fqn = block.info.split()
    return enveloped(fqn[0], block.body) if fqn else block.body


def enveloped(fqn: str, spec: str) -> str:
    """The text of a contract with this `spec`."""
    kind, domain, name = fqn.split("/")
    head = f"apiVersion: specora.dev/v1\nkind: {kind.capitalize()}\n"
    metadata = f"metadata: {{name: {name}, domain: {domain}}}\n"
    return f"{head}{metadata}spec:\n{textwrap.indent(spec, '  ')}"


@cache
def target(name: str) -> Target:
    """A target by its name."""
    (entry,) = importlib.metadata.entry_points(group="specora.targets", name=name)
    found: Target = entry.load()
    return found
