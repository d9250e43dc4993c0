"""A change of a domain that nobody has agreed to yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from factory.proposals.places import contract_file
from factory.proposals.rewriting import new_file, rewrite, whole_text
from forge.checks.behavior import missing_function
from forge.contracts.envelope import Contract
from forge.diagnostics import Diagnostic, Edit, Fix, render
from forge.diagnostics.fixes import apply_edits, write_texts
from forge.ir.compiler import Analysis, analyze
from forge.parser.loader import load_file, load_texts, read_texts
from forge.source import SourceFile, plain, read_file
from forge.source.yaml_writer import write

Wanted: TypeAlias = str | Mapping[str, Any]
"""A whole contract: its text, or its value."""


class Outdated(Exception):
    """Files are not what the proposal was made from."""

    def __init__(self, files: Iterable[str]) -> None:
        self.files = tuple(files)
        super().__init__(f"changed in the meantime: {', '.join(self.files)}")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits of a domain's files, and what the domain is with them."""

    folder: str
    fixes: Mapping[str, Fix]
    """By file."""
    before: Mapping[str, str]
    """What the files of `fixes` hold that exist."""
    after: Mapping[str, str]
    """What the files of `fixes` hold when they are applied."""
    analysis: Analysis
    """The whole domain with the change applied."""
    known: tuple[Diagnostic, ...] = ()
    """What was wrong with the domain without it."""
    unread: tuple[Diagnostic, ...] = ()
    """What is wrong with wanted texts that hold no contract."""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that is wrong with the domain with the change applied."""
        return (*self.unread, *self.analysis.diagnostics)

    @property
    def blocking(self) -> tuple[Diagnostic, ...]:
        """Errors that the change brings. A function that is yet to be written is none."""
        left = Counter(map(_fault, self.known))
        found = []
        for diagnostic in self.diagnostics:
            left[_fault(diagnostic)] -= 1
            if (
                diagnostic.is_error
                and left[_fault(diagnostic)] < 0
                and diagnostic.name != missing_function.RULE.name
            ):
                found.append(diagnostic)
        return tuple(found)

    @property
    def stale(self) -> tuple[str, ...]:
        """Files that are not what the proposal was made from."""
        return tuple(name for name in self.fixes if not self._is_current(name))

    def diff(self) -> str:
        """What would change, as a unified diff."""
        return "".join(
            line
            for name in self.fixes
            for line in _diff(name, self.before.get(name), self.after[name])
        )

    def apply(self) -> None:
        """Write every file, or none. Raises `Outdated`."""
        if self.stale:
            raise Outdated(self.stale)
        write_texts(self.after, create=True)

    def to_json(self) -> dict[str, Any]:
        """The proposal for programs: files with their edits, the diff, the diagnostics."""
        return {
            **render.to_json(self.diagnostics),
            "valid": not self.blocking,
            "files": [
                {
                    "path": name,
                    "title": fix.title,
                    "new": name not in self.before,
                    "edits": [_edit(edit) for edit in fix.edits],
                }
                for name, fix in self.fixes.items()
            ],
            "diff": self.diff(),
        }

    def _is_current(self, name: str) -> bool:
        path = Path(name)
        if name not in self.before:
            return not path.exists()
        return read_file(path, name).text == self.before[name]


def propose(folder: Path | str, wanted: Iterable[Wanted]) -> Proposal:
    """What it takes for the domain in `folder` to hold the contracts that are `wanted`.

    A contract that exists, in whatever file, is edited where it differs; any other gets a file
    of its own. Contracts that `wanted` does not name stay as they are. Nothing is written.
    """
    root = Path(folder)
    texts = read_texts(root) if root.is_dir() else {}
    loaded = load_texts(texts.items(), root=root)
    files = {contract.fqn: contract.file for contract in loaded.values()}
    known = analyze(loaded).diagnostics
    fixes: dict[str, Fix] = {}
    after: dict[str, str] = {}
    unread: list[Diagnostic] = []
    for number, one in enumerate(wanted, 1):
        text, value, contract, faults = _read(one, number)
        unread += faults
        if contract is None:
            continue
        file = files.get(contract.fqn) or _free(root, contract, loaded.broken)
        files[contract.fqn] = file
        before = texts.get(file)
        if before is None:
            edits: tuple[Edit, ...] = (new_file(file, text),)
            title = f"write `{contract.fqn}`"
        else:
            edits = rewrite(file, before, value)
            title = f"change `{contract.fqn}`"
        if edits:
            fixes[file] = Fix(title, edits)
            after[file] = apply_edits(before or "", edits)
    return _proposal(root, texts, known, fixes, after, tuple(unread))


def propose_texts(folder: Path | str, wanted: Mapping[str, str]) -> Proposal:
    """What it takes for files of the domain in `folder` to hold these very texts."""
    root = Path(folder)
    texts = read_texts(root) if root.exists() else {}
    known = analyze(load_texts(texts.items(), root=root)).diagnostics
    after = {name: text for name, text in wanted.items() if texts.get(name) != text}
    fixes = {
        name: Fix(f"write `{name}`", (whole_text(name, texts.get(name, ""), text),))
        for name, text in after.items()
    }
    return _proposal(root, texts, known, fixes, after)


def _proposal(
    root: Path,
    texts: Mapping[str, str],
    known: tuple[Diagnostic, ...],
    fixes: Mapping[str, Fix],
    after: Mapping[str, str],
    unread: tuple[Diagnostic, ...] = (),
) -> Proposal:
    changed = load_texts({**texts, **after}.items(), root=root)
    return Proposal(
        root.as_posix(),
        fixes,
        {name: texts[name] for name in fixes if name in texts},
        after,
        analyze(changed),
        known,
        unread,
    )


def _read(
    wanted: Wanted, number: int
) -> tuple[str, dict[str, Any], Contract | None, tuple[Diagnostic, ...]]:
    """A wanted contract as text and value, and the contract that it is."""
    text = wanted if isinstance(wanted, str) else write(_lists(wanted))
    loaded = load_file(SourceFile(f"<contract {number}>", text))
    if loaded.contract is None:
        return text, {}, None, loaded.diagnostics
    value = plain(loaded.contract.root)
    assert isinstance(value, dict)
    faults = (d for d in loaded.diagnostics if d.name.startswith("yaml/"))
    return text, value, loaded.contract, tuple(faults)


def _lists(value: Any) -> Any:
    """A value as YAML reads it back: lists for tuples, plain text for words of enums."""
    if isinstance(value, Mapping):
        return {str(key): _lists(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_lists(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _free(root: Path, contract: Contract, broken: Iterable[str]) -> str:
    """The file for a new contract: one that is not there, or that holds none."""
    for number in count(1):
        suffix = "" if number == 1 else f"_{number}"
        path = root / contract_file(contract.kind, f"{contract.name}{suffix}")
        if path.as_posix() in broken or not path.exists():
            return path.as_posix()
    raise AssertionError("numbers do not end")


def _diff(name: str, before: str | None, after: str) -> Iterator[str]:
    source = "/dev/null" if before is None else f"a/{name}"
    for line in unified_diff(_lines(before or ""), _lines(after), source, f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines as tools for patches see them: a line separator of Unicode ends none."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + (
        [last] if (last := text.rpartition("\n")[2]) else []
    )


def _edit(edit: Edit) -> dict[str, Any]:
    start, end = edit.span.start, edit.span.end
    return {
        "start": {"line": start.line, "column": start.column},
        "end": {"line": end.line, "column": end.column},
        "text": edit.text,
    }


def _fault(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return diagnostic.span.file, diagnostic.name, diagnostic.message
