"""Scenarios of the language in Markdown: contracts, and the faults marked on their lines.

A file `tests/language/<family>/<fault>.md` begins with the rule's name as its title. Blocks
below the title belong to every scenario; each `##` heading begins one. Blocks:

- `yaml entities/ticket.contract.yaml`: a contract. A comment `# error: [entity/no-fields]` at
  the end of a line (or `# warning: [...]`) expects that fault there. The comments are taken
  out before the contract is read.
- `python behaviors/ticket.py`: code beside the contracts, marked in the same way.
- `expression entities/ticket.contract.yaml`: Python for what YAML blocks cannot hold: the
  text or the bytes of the file, or None for one that cannot be read.
- `text faults`: further expected faults, as `file:line: error[name]`.
- `text snapshot`: everything that is reported, as people read it.
- `yaml fixed entities/ticket.contract.yaml`: that contract after all fixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from forge.diagnostics import Diagnostic, render
from forge.diagnostics.fixes import Texts, fix_texts
from forge.ir.compiler import analyze
from forge.parser.loader import load_all_contracts, load_texts

FOLDER = Path(__file__).parent

_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=fence)[ ]*$", re.M | re.S
)
_HEADING = re.compile(r"^(#{1,2}) (.+)$", re.M)
_MARK = re.compile(r"[ ]*#((?: (?:error|warning|note): \[[\w/-]+\])+)[ ]*$", re.M)
_FAULT = re.compile(r"(\w+): \[([\w/-]+)\]")
_LISTED = re.compile(r"(.+):(\d+): (\w+)\[([\w/-]+)\]")

Fault = tuple[str, int, str, str]
"""File, line, severity and name."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block and its place in the file."""

    info: str
    body: str
    start: int
    """Where the body begins in the file."""

    @property
    def kind(self) -> str:
        return self.info.split()[0]

    @property
    def name(self) -> str:
        return self.info.split()[-1]

    @property
    def is_file(self) -> bool:
        return (
            self.kind in ("yaml", "python", "expression") and " fixed " not in self.info
        )


@dataclass(frozen=True, slots=True)
class Scenario:
    """Contracts and what is to be said about them."""

    file: Path
    rule: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def id(self) -> str:
        return f"{self.rule}: {self.title}"

    @property
    def snapshot(self) -> Block | None:
        return next((b for b in self.blocks if b.info == "text snapshot"), None)

    @property
    def fixed(self) -> tuple[Block, ...]:
        return tuple(b for b in self.blocks if b.info.startswith("yaml fixed "))

    def expected(self) -> list[Fault]:
        """The faults that are marked or listed."""
        return sorted(self._expected())

    def _expected(self) -> Iterator[Fault]:
        for block in self.blocks:
            if block.is_file and block.kind != "expression":
                for number, line in enumerate(block.body.splitlines(), 1):
                    for severity, name in _FAULT.findall(_marks(line)):
                        yield block.name, number, severity, name
            elif block.info == "text faults":
                for line in block.body.splitlines():
                    found = _LISTED.fullmatch(line.strip())
                    assert found, f"not `file:line: severity[name]`: {line}"
                    yield found[1], int(found[2]), found[3], found[4]

    def texts(self) -> dict[str, str]:
        """The contracts without marks."""
        return self._unmarked("yaml")

    def code(self) -> dict[str, str]:
        """The code beside the contracts, without marks."""
        return self._unmarked("python")

    def _unmarked(self, kind: str) -> dict[str, str]:
        found = (b for b in self.blocks if b.is_file and b.kind == kind)
        return {block.name: _MARK.sub("", block.body) for block in found}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the compiler says about a scenario."""

    diagnostics: tuple[Diagnostic, ...]
    text: str

    def faults(self) -> list[Fault]:
        return sorted(
            (d.span.file, d.span.start.line, str(d.severity), d.name)
            for d in self.diagnostics
        )


def all_scenarios() -> list[Scenario]:
    """Every scenario of every file."""
    return [s for file in sorted(FOLDER.glob("*/*.md")) for s in read(file)]


def read(file: Path) -> Iterator[Scenario]:
    """The scenarios of a file."""
    text = file.read_text("utf-8")
    blocks = [
        Block(fence["info"].strip(), fence["body"], fence.start("body"))
        for fence in _FENCE.finditer(text)
    ]
    ranges = [(m.start(), m.end()) for m in _FENCE.finditer(text)]
    headings = [
        match
        for match in _HEADING.finditer(text)
        if not any(start < match.start() < end for start, end in ranges)
    ]
    title, *scenarios = headings
    ends = [*(match.start() for match in scenarios[1:]), len(text)]
    shared = [b for b in blocks if b.start < scenarios[0].start()]
    for heading, end in zip(scenarios, ends, strict=True):
        own = [b for b in blocks if heading.start() < b.start < end]
        yield Scenario(file, title[2].strip(), heading[2].strip(), (*shared, *own))


def run(scenario: Scenario, folder: Path) -> Outcome:
    """Compile the scenario's contracts, written to an empty folder."""
    for name, content in _contents(scenario).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.symlink_to("nowhere")
        else:
            path.write_bytes(content)
    with chdir(folder):
        diagnostics = analyze(load_all_contracts(Path())).diagnostics
    texts = scenario.texts() | scenario.code()
    return Outcome(diagnostics, _rendered(diagnostics, texts))


def fixed(scenario: Scenario) -> Texts:
    """The scenario's contracts after all fixes."""
    texts = scenario.texts()
    changed = fix_texts(
        texts, lambda given: analyze(load_texts(given.items())).diagnostics, unsafe=True
    ).changed
    return texts | changed


def accept(scenario: Scenario, outcome: Outcome) -> None:
    """Rewrite the snapshot of a scenario."""
    current = next(s for s in read(scenario.file) if s.title == scenario.title)
    block = current.snapshot
    if block is not None:
        text = scenario.file.read_text("utf-8")
        end = block.start + len(block.body)
        new = text[: block.start] + outcome.text + text[end:]
        scenario.file.write_text(new, "utf-8")


def _marks(line: str) -> str:
    found = _MARK.search(line)
    return found[1] if found else ""


def _contents(scenario: Scenario) -> dict[str, bytes | None]:
    found: dict[str, bytes | None] = {
        name: text.encode()
        for name, text in (scenario.texts() | scenario.code()).items()
    }
    for block in scenario.blocks:
        if block.is_file and block.kind == "expression":
            value = eval(block.body)
            found[block.name] = value.encode() if isinstance(value, str) else value
    return found


def _rendered(diagnostics: tuple[Diagnostic, ...], texts: Texts) -> str:
    def lines(file: str) -> list[str]:
        return texts.get(file, "").split("\n")

    text = render.text(diagnostics, lines)
    return f"{text}\n" if text else ""
