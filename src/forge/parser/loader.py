"""Contracts from files. The one loader of every command."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Protocol, TypeVar

from forge.contracts.conform import conform
from forge.contracts.envelope import ENVELOPE_KEYS, SHAPES, Contract, Kind
from forge.contracts.shapes import Key, Record
from forge.diagnostics import Diagnostic, Related, Rule
from forge.ir.behaviors import FOLDER, Behaviors
from forge.source import (
    Document,
    Fault,
    Mapping,
    Node,
    Scalar,
    Sequence,
    SourceFile,
    Span,
    read,
    read_file,
    whole_file,
)
from forge.source.files import MAX_BYTES

T = TypeVar("T")

SUFFIX = ".contract.yaml"
STDLIB = Path(__file__).parent.parent / "contracts" / "stdlib"
_SKIPPED = frozenset({"node_modules", "__pycache__", "behaviors"})


class Recall(Protocol):
    """What earlier runs know of contracts."""

    def contract(self, source: SourceFile) -> Contract | None:
        """The contract in a file, where this very text was read before."""
        ...

    def note(self, source: SourceFile, contract: Contract) -> None:
        """Keep a contract that is free of faults of form."""
        ...

    def lowered(self, contract: Contract, lower: Callable[[Contract], T]) -> T:
        """What `lower` makes of a contract."""
        ...


class Contracts(dict[str, Contract]):
    """A domain's contracts by FQN, in file order, with what loading them found.

    The length counts the domain's own contracts; the standard library is in `library`.
    """

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        self.files: list[str] = []
        """Every contract file found, loaded or not."""
        self.diagnostics: list[Diagnostic] = []
        self.repeated: list[tuple[Contract, Contract]] = []
        """Contracts whose FQN another one has, with that one."""
        self.broken: list[str] = []
        """Files that hold no contract that could be read."""
        self.library: dict[str, Contract] = {}
        self.recall: Recall | None = None
        self.behaviors: Behaviors | None = None
        """What stands below `behaviors/`; `None` where there is no folder to look in."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """One file: the contract in it, if it could be read, and the faults of its form."""

    contract: Contract | None
    diagnostics: tuple[Diagnostic, ...] = field(default=())


def load_all_contracts(
    root: Path | str, *, include_stdlib: bool = True, recall: Recall | None = None
) -> Contracts:
    """Load every `*.contract.yaml` under `root`, or the file that `root` is.

    `recall` knows contracts from earlier runs. It changes nothing but how long this takes.
    """
    root = Path(root)
    contracts = Contracts(root)
    contracts.recall = recall
    for path in contract_files(root):
        name = path.as_posix()
        contracts.files.append(name)
        _add(contracts, name, _load(read_file(path, name), recall))
    if root.is_dir():
        contracts.behaviors = behaviors_below(root)
    if include_stdlib:
        contracts.library = _library(recall) if recall else dict(standard_library())
    return contracts


def behaviors_below(root: Path) -> Behaviors:
    """What stands below `behaviors/`. Most domains have no such folder, and need no parser."""
    if not (root / FOLDER).is_dir():
        return Behaviors()
    from forge.parser.behaviors import read_behaviors

    return read_behaviors(root)


def load_texts(
    texts: Iterable[tuple[str, str]],
    *,
    include_stdlib: bool = True,
    root: Path | None = None,
    recall: Recall | None = None,
) -> Contracts:
    """Load contracts that are not, or not yet, on disk: pairs of name and text.

    `root` is the domain's folder, where there is one: rules look at its `behaviors/`.
    """
    loaded = ((name, _load(SourceFile(name, text), recall)) for name, text in texts)
    contracts = collect(root or Path(), loaded)
    contracts.recall = recall
    if root is not None and root.is_dir():
        contracts.behaviors = behaviors_below(root)
    if include_stdlib:
        contracts.library = dict(standard_library())
    return contracts


def collect(root: Path, loaded: Iterable[tuple[str, Loaded]]) -> Contracts:
    """A domain's contracts from files that were read: pairs of name and what is in them."""
    contracts = Contracts(root)
    for name, one in loaded:
        contracts.files.append(name)
        _add(contracts, name, one)
    return contracts


def read_texts(root: Path) -> dict[str, str]:
    """The texts of the contracts under `root` by path; what cannot be read as text is left out."""
    found = {}
    for path in contract_files(root):
        name = path.as_posix()
        text = read_file(path, name).text
        if text is not None:
            found[name] = text
    return found


def contract_files(root: Path) -> list[Path]:
    """The contract files under `root`, sorted by path."""
    if root.is_file():
        return [root]
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = [f for f in folders if not f.startswith(".") and f not in _SKIPPED]
        found += [Path(folder) / name for name in files if name.endswith(SUFFIX)]
    return sorted(found, key=lambda path: path.as_posix())


@cache
def standard_library() -> dict[str, Contract]:
    """The mixins and workflows that every domain can refer to, by FQN."""
    return _library(None)


def _library(recall: Recall | None) -> dict[str, Contract]:
    library = {}
    for path in contract_files(STDLIB):
        name = f"<stdlib>/{path.name}"
        loaded = _load(read_file(path, name), recall)
        if loaded.contract is None or loaded.diagnostics:
            raise AssertionError(f"{path.name}: {loaded.diagnostics}")
        library[loaded.contract.fqn] = loaded.contract
    return library


def _load(source: SourceFile, recall: Recall | None) -> Loaded:
    known = recall.contract(source) if recall else None
    if known is not None:
        return Loaded(known)
    loaded = load_file(source)
    if recall and loaded.contract is not None and not loaded.diagnostics:
        recall.note(source, loaded.contract)
    return loaded


def load_file(source: SourceFile) -> Loaded:
    """The contract in one file and every fault of its form."""
    if source.text is None:
        return Loaded(None, (_unread(source),))
    reading = read(source.name, source.text)
    faults = tuple(_yaml_diagnostic(fault) for fault in reading.faults)
    root = reading.root
    if root is None or (isinstance(root, Scalar) and root.value is None):
        if faults:
            return Loaded(None, faults)
        return Loaded(None, (_yaml_rule("empty-file").at(whole_file(source.name)),))
    kind = _kind_of(root)
    shape = SHAPES[kind] if kind else _ENVELOPE
    diagnostics = (*faults, *conform(root, shape, "the contract"))
    contract = _contract(source.name, root, kind)
    return Loaded(contract, diagnostics)


_ENVELOPE = Record(
    "a contract",
    (*ENVELOPE_KEYS, Key("spec", Record("spec", (), open=True), "What it says.")),
)


def _kind_of(root: Node) -> Kind | None:
    node = root.get("kind") if isinstance(root, Mapping) else None
    text = node.text if isinstance(node, Scalar) else ""
    return next((kind for kind in Kind if kind.value == text), None)


def _contract(file: str, root: Node, kind: Kind | None) -> Contract | None:
    """The contract, where at least its name can be made out."""
    if not isinstance(root, Mapping) or kind is None:
        return None
    metadata = root.get("metadata")
    if not isinstance(metadata, Mapping):
        return None
    name, domain = metadata.get("name"), metadata.get("domain")
    if not (isinstance(name, Scalar) and isinstance(domain, Scalar)):
        return None
    document = Document(file, root)
    requires = tuple(_requires(root))
    return Contract(kind, name.text, domain.text, file, document, requires)


def _requires(root: Mapping) -> Iterator[tuple[str, Span]]:
    node = root.get("requires")
    if isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Scalar):
                yield item.text, item.span


def _add(contracts: Contracts, name: str, loaded: Loaded) -> None:
    contracts.diagnostics += loaded.diagnostics
    contract = loaded.contract
    if contract is None:
        contracts.broken.append(name)
    elif contract.fqn in contracts:
        contracts.repeated.append((contract, contracts[contract.fqn]))
    else:
        contracts[contract.fqn] = contract


def _yaml_rule(code: str) -> Rule:
    module = import_module(f"forge.contracts.rules.yaml.{code.replace('-', '_')}")
    rule: Rule = module.RULE
    return rule


def _yaml_diagnostic(fault: Fault) -> Diagnostic:
    related = (Related(fault.related, "first here"),) if fault.related else ()
    return _yaml_rule(fault.code).at(
        fault.span, related=related, detail=fault.detail, key=fault.detail
    )


def _unread(source: SourceFile) -> Diagnostic:
    detail = MAX_BYTES if source.fault == "too-large" else source.offset + 1
    return _yaml_rule(source.fault).at(whole_file(source.name), detail=detail)
