"""Other names for contracts and fields: every use of them changes, and no data is lost.

A database keeps its rows by `renamed_from`, so that a rename writes it where the language has it.
What the language cannot say, or an edit cannot do, is refused with its reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forge.contracts.envelope import Kind
from forge.contracts.shapes import SNAKE
from forge.diagnostics import Diagnostic, Edit, Fix
from forge.diagnostics.fixes import apply_edits
from forge.editing.domain import Domain, library
from forge.editing.entries import add_entry, replace
from forge.editing.index import Index, Use
from forge.editing.meanings import What
from forge.editing.symbols import Location, same
from forge.ir.naming import plural
from forge.source import Json, Mapping, Scalar, Sequence
from forge.source.yaml_writer import flow

_NOTE = "renamed_from"
_CODE = "behavior/"
"""The family of rules about code."""
_NAME = re.compile(SNAKE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something cannot be renamed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Renameable:
    """What can be renamed: where its name stands, and the name."""

    place: Location
    name: str


@dataclass(frozen=True, slots=True)
class Renaming:
    """All that changes with a name."""

    fix: Fix
    moves: tuple[tuple[str, str], ...] = ()
    """Files that are called after what is renamed: present and next path."""
    mentions: tuple[str, ...] = ()
    """Files in which people may want to look for the name: no edit changes them."""


def prepare(domain: Domain, file: str, offset: int) -> Renameable | Refusal:
    """What a rename at an offset would be about."""
    found = _Rename.at(domain, file, offset)
    if isinstance(found, Refusal):
        return found
    start, end = found.use.start, found.use.end
    if found.target.what is What.CONTRACT and not found.use.declares:
        start = end - len(found.name)
    return Renameable(Location(file, start, end), found.name)


def rename(domain: Domain, file: str, offset: int, name: str) -> Renaming | Refusal:
    """All that changes when what stands at an offset is called `name`."""
    found = _Rename.at(domain, file, offset)
    if isinstance(found, Refusal):
        return found
    return found.to(name.strip())


class _Rename:
    """A rename of one thing that one contract declares."""

    def __init__(self, domain: Domain, use: Use, owner: Index) -> None:
        self.domain = domain
        self.use = use
        self.owner = owner
        self.target = use.target

    @classmethod
    def at(cls, domain: Domain, file: str, offset: int) -> _Rename | Refusal:
        index = domain.index(file)
        use = index.use_at(offset) if index is not None else None
        if use is None:
            return Refusal("nothing here has a name that could be changed")
        target = use.target
        if target.what is What.STATE:
            return Refusal(
                "the language cannot say that a state was renamed: records that hold "
                f"`{target.name}` would be left in a state that does not exist"
            )
        owners = domain.owners(target)
        if not owners:
            return Refusal(f"no contract declares `{target.name}`")
        if len(owners) > 1:
            listed = ", ".join(f"`{fqn}`" for fqn in sorted(owners))
            return Refusal(f"`{target.name}` is a field of {listed}: rename it in each")
        (fqn,) = owners
        owner = domain.contracts.get(fqn)
        if owner is None:
            return Refusal(f"`{fqn}` belongs to the standard library")
        return cls(domain, use, owner)

    @property
    def name(self) -> str:
        """The present name."""
        return self.target.name.rpartition("/")[2]

    def to(self, name: str) -> Renaming | Refusal:
        if self.target.what is What.CONTRACT and name.count("/") == 2:
            head, _, last = name.rpartition("/")
            name = last if self.target.name.startswith(head + "/") else name
        refusal = self._refused(name)
        if refusal is not None:
            return refusal
        edits: list[Edit] = []
        for index, use in same(self.domain, self.target):
            others = self.domain.owners(use.target) - {self.owner.fqn}
            if others:
                return Refusal(
                    f"`{index.fqn}` names `{self.name}` of {_listed(others)} too: "
                    "one name cannot follow both"
                )
            if not use.is_exact:
                return Refusal(
                    f"`{index.fqn}` writes `{self.name}` in a form no edit changes"
                )
            edits.append(replace(index, use.start, use.end, self._written(use, name)))
        noted = tuple(self._notes(name))
        edits += [one for one in noted if isinstance(one, Edit)]
        refused = next((one for one in noted if isinstance(one, Refusal)), None)
        if refused is not None:
            return refused
        fix = Fix(f"rename `{self.name}` to `{name}`", tuple(edits))
        new = self._new_errors(fix, name)
        fault = next((d for d in new if not d.name.startswith(_CODE)), None)
        if fault is not None:
            return Refusal(f"{fault.message} ({fault.name})")
        # Code is nothing that an edit of names changes: people do.
        mentions = {*self._mentions(), *(d.span.file for d in new)}
        return Renaming(fix, tuple(self._moves(name)), tuple(sorted(mentions)))

    def _refused(self, name: str) -> Refusal | None:
        if not _NAME.fullmatch(name):
            return Refusal(f"`{name}` is no name in snake_case, such as `sla_policy`")
        if name == self.name:
            return Refusal(f"it is called `{name}` already")
        broken = next((i.file for i in self.domain.indexes() if not i.whole), None)
        if broken is not None:
            return Refusal(f"{broken} cannot be read as a whole, and may use the name")
        if self.target.what is What.CONTRACT:
            fqn = self._fqn(name)
            if fqn in self.domain.contracts or fqn in library():
                return Refusal(f"there is a `{fqn}` already")
            return None
        for index in self._affected():
            if name in self.domain.fields(index.fqn):
                return Refusal(f"`{index.fqn}` has a field `{name}` already")
        return None

    def _affected(self) -> Iterator[Index]:
        """The contracts whose fields change: the owner, and whoever takes them over."""
        yield self.owner
        if self.owner.kind is not Kind.MIXIN:
            return
        for index in self.domain.contracts.values():
            if self.owner in self.domain.mixins_of(index):
                yield index

    def _fqn(self, name: str) -> str:
        return f"{self.owner.fqn.rpartition('/')[0]}/{name}"

    def _written(self, use: Use, name: str) -> str:
        contract = self.target.what is What.CONTRACT
        return self._fqn(name) if contract and not use.declares else name

    # What keeps data and interfaces

    def _notes(self, name: str) -> Iterator[Edit | Refusal]:
        if self.target.what is What.FIELD:
            key, node = self.owner.fields[self.name]
            if isinstance(node, Mapping):
                if node.place[0][2] < key.place[0][2]:
                    yield Refusal(f"`{self.name}` shares what it says by an anchor")
                elif "column" not in node:
                    yield from self._note(node, name)
        elif self.owner.kind is Kind.ENTITY:
            spec = self.owner.spec
            if spec is not None and "table" not in spec:
                yield from self._note(spec, name)
            yield from self._paths()

    def _note(self, node: Mapping, name: str) -> Iterator[Edit]:
        """The note by which databases find what they have, under whichever name that is."""
        present = node.get(_NOTE)
        if present is None:
            yield add_entry(self.owner, node, _NOTE, self.name)
            return
        (_, _, start), (_, _, end) = present.place
        items = present.items if isinstance(present, Sequence) else [present]
        known = [item.text for item in items if isinstance(item, Scalar) and item.text]
        former = [one for one in dict.fromkeys([self.name, *known]) if one != name]
        note: Json = former[0] if len(former) == 1 else [*former]
        yield replace(self.owner, start, end, flow(note))

    def _paths(self) -> Iterator[Edit]:
        """Routes that are called after the entity keep their path, as their clients do."""
        for index in self.domain.contracts.values():
            if index.kind is Kind.ROUTE and index.spec is not None:
                mine = index.text_of("spec", "entity") == self.owner.fqn
                if mine and "base_path" not in index.spec:
                    yield add_entry(
                        index, index.spec, "base_path", f"/{plural(self.name)}"
                    )

    def _moves(self, name: str) -> Iterator[tuple[str, str]]:
        if self.target.what is What.CONTRACT and self.owner.kind is Kind.ENTITY:
            old = self.domain.behaviors_of(self.name)
            if old is not None:
                yield old, f"{old.rpartition('/')[0]}/{name}.py"

    def _mentions(self) -> Iterator[str]:
        word = re.compile(rf"\b{re.escape(self.name)}\b")
        for file, text in self.domain.surroundings():
            if word.search(text):
                yield file

    def _new_errors(self, fix: Fix, name: str) -> tuple[Diagnostic, ...]:
        """What would be wrong with the new name that is not wrong with this one."""
        texts = {}
        for file in {edit.span.file for edit in fix.edits}:
            own = [edit for edit in fix.edits if edit.span.file == file]
            texts[file] = apply_edits(self.domain.text(file) or "", own)
        moved = {self.name: name} if any(self._moves(name)) else {}
        only = self._concerned(texts)
        if only is None:
            before = self.domain.assess().diagnostics.values()
            every = tuple(diagnostic for one in before for diagnostic in one)
        else:
            every = self.domain.tried({}, {}, only)
        return tuple(_more(every, self.domain.tried(texts, moved, only)))

    def _concerned(self, edited: Iterable[str]) -> frozenset[str] | None:
        """The files whose faults the rename can change; `None` for all.

        A field of an entity concerns who names it or its entity, and what those refer to.
        """
        if self.target.what is What.CONTRACT or self.owner.kind is not Kind.ENTITY:
            return None
        domain = self.domain
        files = {*edited, *(index.file for index, _ in domain.uses(self.owner.fqn))}
        for _ in range(2):
            indexes = filter(None, map(domain.index, tuple(files)))
            named = {use.target.name for index in indexes for use in index.uses}
            found = filter(None, map(domain.contracts.get, named))
            files.update(index.file for index in found)
        return frozenset(files)


def _more(
    before: tuple[Diagnostic, ...], after: tuple[Diagnostic, ...]
) -> Iterator[Diagnostic]:
    """The errors of a kind of which there are more in a file than there were."""
    counted = Counter((d.span.file, d.name) for d in before if d.is_error)
    for diagnostic in after:
        if diagnostic.is_error:
            counted[diagnostic.span.file, diagnostic.name] -= 1
            if counted[diagnostic.span.file, diagnostic.name] < 0:
                yield diagnostic


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
