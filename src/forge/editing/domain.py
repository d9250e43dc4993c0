"""A domain as it is being worked on: what is on disk, and over it what editors hold unsaved."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from forge.contracts.envelope import Contract, Kind
from forge.diagnostics import Diagnostic
from forge.editing.assessment import Lowered, Snapshot, Tried, Verdict, assessed
from forge.editing.index import Index, Target, Use, index_of
from forge.editing.meanings import What
from forge.ir.behaviors import FOLDER, Behaviors
from forge.ir.compiler import analyze
from forge.ir.entities import Field
from forge.ir.passes.expand_mixins import applied_mixins
from forge.parser.loader import (
    STDLIB,
    Loaded,
    behaviors_below,
    collect,
    contract_files,
    load_file,
    standard_library,
)
from forge.source import Node, Scalar, SourceFile, read_file
from forge.source.files import MAX_BYTES

EXAMPLES = "examples.yaml"
_MISSING = SourceFile("", None, "unreadable")


@dataclass(slots=True)
class _File:
    """One contract file: what is on disk, what an editor holds, and what follows from it."""

    disk: SourceFile = _MISSING
    stamp: tuple[int, int] = (0, 0)
    open_text: str | None = None
    loaded: Loaded | None = None
    index: Index | None = None
    good: Contract | None = None
    """The last contract that could be read."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A field of an entity: where it is declared, and what is known of it."""

    name: str
    owner: str
    """FQN of the entity or mixin that declares it; empty where the language adds it."""
    file: str = ""
    key: Scalar | None = None
    node: Node | None = None
    compiled: Field | None = None


class Domain:
    """The contracts below a folder, or a single file that belongs to none."""

    def __init__(self, root: Path, *, single: bool = False) -> None:
        self.root = root
        self.single = single
        self.revision = 0
        """Counts changes."""
        self.verdict: Verdict | None = None
        self._files: dict[str, _File] = {}
        self._behaviors: Behaviors | None = None
        self._lowered = Lowered()
        self._by_fqn: dict[str, Index] | None = None
        self.refresh()

    # Texts

    def refresh(self) -> None:
        """Look at the disk again."""
        paths = [] if self.single else contract_files(self.root)
        on_disk = {path.as_posix(): path for path in paths}
        for name in [*self._files]:
            if name not in on_disk:
                self._set_disk(name, _MISSING, (0, 0))
        for name, path in on_disk.items():
            stamp = _stamp(path)
            known = self._files.get(name)
            if known is None or known.stamp != stamp:
                self._set_disk(name, read_file(path, name), stamp)
        if not self.single:
            self._behaviors = behaviors_below(self.root)
        self.revision += 1

    def open(self, file: str, text: str) -> None:
        """Let an editor's text stand for a file."""
        entry = self._files.setdefault(file, _File())
        if entry.open_text != text:
            entry.open_text = text
            self._forget(entry)

    def close(self, file: str) -> None:
        """Let the disk's text stand again."""
        entry = self._files.get(file)
        if entry is None:
            return
        entry.open_text = None
        self._forget(entry)
        if entry.disk.text is None and not entry.disk.name:
            del self._files[file]

    def text(self, file: str) -> str | None:
        """The present text of a file."""
        entry = self._files.get(file)
        if entry is None:
            return None
        return entry.disk.text if entry.open_text is None else entry.open_text

    def is_read(self, file: str) -> bool:
        """Whether what stands in a file is known already."""
        entry = self._files.get(file)
        return entry is None or entry.index is not None

    def holds(self, file: str) -> bool:
        """Whether a file lies in the domain, or would if it were there."""
        return not self.single and self.root in Path(file).parents

    @staticmethod
    def text_of_library(file: str) -> str:
        """The text of a contract of the standard library."""
        return next((i.text for i in library().values() if i.file == file), "")

    @property
    def files(self) -> tuple[str, ...]:
        """Every file, sorted."""
        return tuple(sorted(self._files))

    def _set_disk(self, name: str, source: SourceFile, stamp: tuple[int, int]) -> None:
        entry = self._files.setdefault(name, _File())
        entry.disk, entry.stamp = source, stamp
        if entry.open_text is None:
            self._forget(entry)
            if source is _MISSING:
                del self._files[name]

    def _forget(self, entry: _File) -> None:
        entry.loaded = entry.index = None
        self._by_fqn = None
        self.revision += 1

    # Diagnostics

    def snapshot(self) -> Snapshot:
        """What an analysis of the present texts takes."""
        unread, loaded = set(), []
        for name in self.files:
            one = self._load(name)
            entry = self._files[name]
            if one.contract is None and entry.good is not None:
                unread.add(name)
                one = Loaded(entry.good, one.diagnostics)
            loaded.append((name, one))
        contracts = collect(self.root, loaded)
        contracts.library = dict(standard_library())
        contracts.behaviors = self._behaviors
        contracts.recall = self._lowered
        texts = {name: self.text(name) or "" for name in self.files}
        return Snapshot(self.revision, contracts, frozenset(unread), texts)

    def _load(self, name: str) -> Loaded:
        entry = self._files[name]
        if entry.loaded is None:
            text = self.text(name)
            entry.loaded = (
                load_file(entry.disk) if text is None else _loaded(name, text)
            )
            if entry.loaded.contract is not None:
                entry.good = entry.loaded.contract
        return entry.loaded

    def assess(self) -> Verdict:
        """Analyse the present texts, and keep what is found."""
        if self.verdict is None or self.verdict.revision != self.revision:
            self.verdict = assessed(self.snapshot(), single=self.single)
        return self.verdict

    def tried(
        self,
        texts: Mapping[str, str],
        modules: Mapping[str, str],
        only: Container[str] | None = None,
    ) -> tuple[Diagnostic, ...]:
        """What would be wrong if some files had other texts, and modules other names.

        With `only`, what would be wrong if there were no files but these.
        """
        loaded = []
        for name in self.files:
            if only is not None and name not in only:
                continue
            text = texts.get(name)
            same = text is None or text == self.text(name)
            loaded.append((name, self._load(name) if same else _loaded(name, text)))
        contracts = collect(self.root, loaded)
        contracts.library = dict(standard_library())
        contracts.recall = Tried(self._lowered)
        if self._behaviors is not None:
            renamed = (
                replace(module, name=modules.get(module.name, module.name))
                for module in self._behaviors.modules
            )
            contracts.behaviors = replace(self._behaviors, modules=tuple(renamed))
        return analyze(contracts).diagnostics

    # Code and records of the domain's authors

    def behaviors_of(self, entity: str) -> str | None:
        """The file with the functions that run around writes of an entity."""
        module = self._behaviors.module(entity) if self._behaviors else None
        return module.file if module else None

    def surroundings(self) -> Iterator[tuple[str, str]]:
        """The files beside the contracts that speak of fields and entities, with their texts."""
        for path, text in self._behaviors.files if self._behaviors else ():
            yield (self.root / FOLDER / path).as_posix(), text
        examples = read_file(self.root / EXAMPLES, EXAMPLES)
        if examples.text is not None and not self.single:
            yield (self.root / EXAMPLES).as_posix(), examples.text

    # Names

    def index(self, file: str) -> Index | None:
        """The names in a file."""
        entry = self._files.get(file)
        if entry is None:
            return None
        if entry.index is None:
            text = self.text(file) or ""
            contract = self._load(file).contract
            short = text if len(text) <= MAX_BYTES else ""
            entry.index = index_of(file, short, contract.root if contract else None)
        return entry.index

    def indexes(self) -> Iterator[Index]:
        """The names in every file."""
        for name in self.files:
            index = self.index(name)
            if index is not None:
                yield index

    @property
    def contracts(self) -> dict[str, Index]:
        """The domain's contracts by FQN."""
        if self._by_fqn is None:
            self._by_fqn = {}
            for index in self.indexes():
                if index.fqn:
                    self._by_fqn.setdefault(index.fqn, index)
        return self._by_fqn

    def contract(self, fqn: str) -> Index | None:
        """A contract of the domain or of the standard library."""
        return self.contracts.get(fqn) or library().get(fqn)

    def known(self, kinds: tuple[str, ...]) -> Iterator[Index]:
        """The contracts of some kinds that can be named, the domain's own first."""
        for index in (*self.contracts.values(), *library().values()):
            if index.fqn.partition("/")[0] in kinds:
                yield index

    def fields(self, fqn: str) -> dict[str, Declared]:
        """The fields that can be named in a matter of a contract.

        Those of an entity are its own, those of its mixins and those that the language adds; a
        workflow sees the fields of every entity that it governs.
        """
        index = self.contract(fqn)
        if index is None:
            return {}
        if index.kind is Kind.WORKFLOW:
            found: dict[str, Declared] = {}
            for entity in self.governed(fqn):
                found = {**self.fields(entity.fqn), **found}
            return found
        found = dict(self._own(index))
        for mixin in self.mixins_of(index):
            for declared in self._own(mixin).values():
                found.setdefault(declared.name, declared)
        for name, field_ in self._compiled(fqn).items():
            if name not in found and field_.origin.contract not in (fqn, *index.mixins):
                found[name] = Declared(name, "", compiled=field_)
        return found

    def _own(self, index: Index) -> dict[str, Declared]:
        compiled = self._compiled(index.fqn)
        return {
            name: Declared(name, index.fqn, index.file, key, node, compiled.get(name))
            for name, (key, node) in index.fields.items()
        }

    def _compiled(self, fqn: str) -> dict[str, Field]:
        app = self.verdict.application if self.verdict else None
        entity = app.entity(fqn) if app else None
        return {f.name: f for f in entity.fields} if entity else {}

    def mixins_of(self, index: Index) -> tuple[Index, ...]:
        """The mixins whose fields a contract has, besides its own."""
        names = index.requires if index.kind is Kind.MIXIN else index.mixins
        return applied_mixins(names, ChainMap(self.contracts, library()))

    def governed(self, workflow: str) -> Iterator[Index]:
        """The entities under a workflow."""
        for index in self.contracts.values():
            if index.kind is Kind.ENTITY and self.workflow_of(index) == workflow:
                yield index

    @staticmethod
    def workflow_of(index: Index) -> str:
        """The FQN of the workflow that an entity names; empty where it names none."""
        return index.text_of("spec", "state_machine")

    def workflow(self, scope: str) -> Index | None:
        """The workflow that a state in a matter of a contract belongs to."""
        index = self.contract(scope)
        if index is not None and index.kind is Kind.ENTITY:
            return self.contract(self.workflow_of(index))
        return index if index is not None and index.kind is Kind.WORKFLOW else None

    def uses(self, name: str) -> Iterator[tuple[Index, Use]]:
        """Every place of the domain that names something so."""
        for index in self.indexes():
            for use in index.by_name.get(name, ()):
                yield index, use

    def owners(self, target: Target) -> frozenset[str]:
        """The FQNs of the contracts that declare what a name means; empty where none does."""
        if target.what is What.CONTRACT:
            return frozenset({target.name} if self.contract(target.name) else ())
        if target.what is What.STATE:
            workflow = self.workflow(target.scope)
            known = workflow is not None and target.name in workflow.states
            return frozenset({workflow.fqn} if workflow and known else ())
        index = self.contract(target.scope)
        if index is not None and index.kind is Kind.WORKFLOW:
            return frozenset(
                owner
                for entity in self.governed(index.fqn)
                for owner in self.owners(Target(target.what, entity.fqn, target.name))
            )
        return frozenset(self._owner(index, target.name))

    def _owner(self, index: Index | None, name: str) -> Iterator[str]:
        if index is None:
            return
        for one in (index, *self.mixins_of(index)):
            if name in one.fields:
                yield one.fqn
                return


@cache
def library() -> dict[str, Index]:
    """The standard library's contracts by FQN."""
    found = {}
    for path in contract_files(STDLIB):
        source = read_file(path, path.as_posix())
        index = index_of(source.name, source.text or "")
        found[index.fqn] = index
    return found


def _loaded(name: str, text: str | None) -> Loaded:
    """The contract in a text, which is refused unread where it is too large."""
    if text is not None and len(text) > MAX_BYTES:
        return load_file(SourceFile(name, None, "too-large"))
    return load_file(SourceFile(name, text))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size
