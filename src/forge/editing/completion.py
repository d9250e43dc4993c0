"""What could stand at a place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import PurePosixPath
from typing import assert_never

from forge.contracts.envelope import Kind
from forge.contracts.reference import holds
from forge.contracts.shapes import (
    Boolean,
    Key,
    ListOf,
    MapOf,
    OneOf,
    Record,
    Shape,
    Text,
    Word,
)
from forge.contracts.vocabulary import FORMATS, ComputedKind
from forge.editing.descriptions import contract_text, field_detail, field_text
from forge.editing.domain import Domain
from forge.editing.folders import FOLDERS
from forge.editing.index import Index, scope_of
from forge.editing.meanings import Meaning, What, meaning_at
from forge.editing.paths import named_kinds, shapes_at
from forge.editing.sources import nodes, roles, served, transitions
from forge.editing.spots import Part, Path, Spot, spot_at
from forge.expressions import FUNCTIONS, USER_ATTRIBUTES
from forge.source import Mapping, Scalar, Sequence


class Sort(Enum):
    """What an answer is, for the picture that an editor shows."""

    KEY = auto()
    WORD = auto()
    FIELD = auto()
    CONTRACT = auto()
    STATE = auto()
    FUNCTION = auto()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that could stand at a place, and what it replaces there."""

    label: str
    text: str
    sort: Sort
    start: int
    end: int
    detail: str = ""
    documentation: str = ""
    rank: int = 1
    """The smaller, the further up."""


_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_CONDITIONS = ("now", "true", "false", "null", "user", "old")
_COMPUTED = tuple(
    "sequence()" if kind is ComputedKind.SEQUENCE else kind.value
    for kind in ComputedKind
    if kind is not ComputedKind.EXPRESSION
)
_SETTINGS = ("now", "today", "current_user", "uuid", "null", "true", "false")
_FORMATS = (*sorted(FORMATS), "int16", "int32")


def complete(domain: Domain, file: str, offset: int) -> tuple[Suggestion, ...]:
    """What could stand at an offset of a file."""
    index = domain.index(file)
    spot = spot_at(index.text, offset) if index is not None else None
    if index is None or spot is None:
        return ()
    found = tuple(_Completion(domain, index, spot).suggestions())
    return tuple({one.label: one for one in reversed(found)}.values())[::-1]


class _Completion:
    def __init__(self, domain: Domain, index: Index, spot: Spot) -> None:
        self.domain = domain
        self.index = index
        self.spot = spot
        self.kind = index.kind or _kind_of_folder(index.file)
        self.around = tuple(nodes(index.root, spot.path))

    def suggestions(self) -> Iterator[Suggestion]:
        spot = self.spot
        shapes = shapes_at(self.kind, spot.path)
        of_records = any(isinstance(shape, Record) for shape in shapes)
        if spot.part is not Part.VALUE or (of_records and _is_item(spot.path)):
            yield from self._keys(shapes)
        if spot.part is not Part.KEY:
            yield from self._values(spot.path, shapes, "")
            if spot.part is Part.EITHER:
                yield from self._items(shapes)

    # Keys

    def _keys(self, shapes: Iterable[Shape]) -> Iterator[Suggestion]:
        taken = self._taken()
        for shape in shapes:
            if isinstance(shape, Record):
                for number, key in enumerate(shape.keys):
                    if key.name not in taken:
                        yield self._key(key, number)
            elif isinstance(shape, MapOf):
                yield from self._names(shape, taken)

    def _key(self, key: Key, number: int) -> Suggestion:
        opens = _opens(key.shape) and not self.spot.in_flow
        ending = "" if self.spot.has_colon else ":" if opens else ": "
        return Suggestion(
            key.name,
            key.name + ending,
            Sort.KEY,
            self.spot.start,
            self.spot.end,
            holds(key.shape),
            key.doc,
            number if key.required else 100 + number,
        )

    def _names(self, shape: MapOf, taken: frozenset[str]) -> Iterator[Suggestion]:
        """The names that keys of a mapping may have, where they name something."""
        if self.kind is None:
            return
        meaning = meaning_at(self.kind, self.spot.path, is_key=True)
        opens = _opens(shape.value) and not self.spot.in_flow
        ending = "" if self.spot.has_colon else ":" if opens else ": "
        if meaning is None or meaning.declares:
            return
        for one in self._named(meaning):
            if one.label not in taken:
                text = one.text + ending
                if "*" in one.text and not self._is_quoted:
                    text = f'"{one.text}"{ending}'
                yield replace(one, text=text)

    def _taken(self) -> frozenset[str]:
        """The keys that the mapping has besides the one that is being written."""
        node = self.around[-1] if len(self.around) > len(self.spot.path) else None
        if not isinstance(node, Mapping):
            return self.spot.before
        here = (self.spot.start, self.spot.end)
        return self.spot.before.union(
            name
            for name, key in node.keys.items()
            if not (here[0] <= key.place[0][2] <= here[1])
        )

    # Values

    def _items(self, shapes: Iterable[Shape]) -> Iterator[Suggestion]:
        """Items of a list whose dash is not written yet."""
        if self.spot.word:
            return
        path = (*self.spot.path, 0)
        for shape in shapes:
            if isinstance(shape, ListOf):
                yield from self._values(path, shapes_at(self.kind, path), "- ")

    def _values(
        self, path: Path, shapes: Iterable[Shape], before: str
    ) -> Iterator[Suggestion]:
        for shape in shapes:
            yield from self._of_shape(path, shape, before)
        meaning = meaning_at(self.kind, path, is_key=False) if self.kind else None
        if meaning is not None and meaning.what is not What.CONTRACT:
            yield from self._dashed(self._named(meaning), before)
        elif self.kind is Kind.INFRA and path[-1:] == ("user_entity",):
            yield from self._contracts(("entity",))
        yield from self._dashed(self._by_path(path), before)

    def _of_shape(self, path: Path, shape: Shape, before: str) -> Iterator[Suggestion]:
        if isinstance(shape, Word):
            for number, word in enumerate(shape.words):
                yield self._word(str(word), before=before, rank=number)
        elif isinstance(shape, Boolean):
            yield self._word("true", before=before)
            yield self._word("false", before=before)
        elif isinstance(shape, Text):
            kinds = named_kinds(shape)
            if kinds:
                yield from self._dashed(self._contracts(kinds), before)
            elif path == ("metadata", "domain"):
                yield self._word(self.domain.root.name)
            elif path == ("metadata", "name"):
                yield self._word(PurePosixPath(self.index.file).name.partition(".")[0])

    def _by_path(self, path: Path) -> Iterator[Suggestion]:
        """Values that follow from what else the contract says."""
        last, mapping = path[-1:], self._beside(path)
        if last == ("format",):
            yield from map(self._word, _FORMATS)
        elif last == ("default",) and mapping is not None:
            enum = mapping.get("enum")
            for item in enum.items if isinstance(enum, Sequence) else ():
                if isinstance(item, Scalar):
                    yield self._word(item.text)
        elif path[:2] == ("spec", "config") and len(path) == 2:
            yield from self._settings()

    def _settings(self) -> Iterator[Suggestion]:
        from forge.checks.infra.unknown_config_key import KEYS

        category = self.index.text_of("spec", "category")
        taken = self._taken()
        for word, names in KEYS.items():
            if word == category and self.spot.part is not Part.VALUE:
                for name in names:
                    if name not in taken:
                        ending = "" if self.spot.has_colon else ": "
                        yield self._suggest(name, Sort.KEY, text=name + ending)

    def _beside(self, path: Path) -> Mapping | None:
        node = self.around[len(path) - 1] if 0 < len(path) <= len(self.around) else None
        return node if isinstance(node, Mapping) else None

    def _contracts(self, kinds: tuple[str, ...]) -> Iterator[Suggestion]:
        for contract in self.domain.known(kinds):
            if contract.fqn == self.index.fqn:
                continue
            own = contract.fqn in self.domain.contracts
            yield self._suggest(
                contract.fqn,
                Sort.CONTRACT,
                detail=contract.description,
                documentation=contract_text(self.domain, contract),
                rank=1 if own else 2,
            )

    # Names

    def _named(self, meaning: Meaning) -> Iterator[Suggestion]:
        scope = scope_of(meaning.scope, self.index.fqn, self.index.root, self.around)
        match meaning.what:
            case What.FIELD | What.ORDER:
                yield from self._fields(scope, self._listed())
            case What.STATE:
                yield from self._states(scope)
            case What.STEP:
                yield from self._steps(scope)
            case What.EXPRESSION:
                yield from self._terms(scope)
            case What.COMPUTED:
                if self.spot.word == _last_word(self.spot.word):
                    yield from map(self._word, _COMPUTED)
                yield from self._terms(scope)
            case What.SETTING:
                if self.spot.word.startswith("="):
                    yield from self._terms(scope)
                else:
                    yield from map(self._word, _SETTINGS)
            case What.ROLE:
                yield from map(self._word, roles(self.domain))
            case What.SERVED:
                yield from map(self._word, served(self.domain))
            case What.CONTRACT:
                return
            case _:
                assert_never(meaning.what)

    def _listed(self) -> frozenset[str]:
        """The other items of the list that the spot is in."""
        path = self.spot.path
        if not _is_item(path) or len(self.around) < len(path):
            return self.spot.before
        node = self.around[len(path) - 1]
        here = (self.spot.start, self.spot.end)
        items = node.items if isinstance(node, Sequence) else ()
        return self.spot.before.union(
            item.text
            for item in items
            if isinstance(item, Scalar) and not here[0] <= item.place[0][2] <= here[1]
        )

    def _fields(self, scope: str, taken: frozenset[str]) -> Iterator[Suggestion]:
        for number, declared in enumerate(self.domain.fields(scope).values()):
            if declared.name not in taken:
                yield self._suggest(
                    declared.name,
                    Sort.FIELD,
                    detail=field_detail(declared),
                    documentation=field_text(self.domain, declared),
                    rank=number,
                )

    def _states(self, scope: str) -> Iterator[Suggestion]:
        workflow = self.domain.workflow(scope)
        for number, name in enumerate(workflow.states if workflow else ()):
            yield self._suggest(name, Sort.STATE, rank=number)

    def _steps(self, scope: str) -> Iterator[Suggestion]:
        workflow = self.domain.workflow(scope)
        if workflow is None:
            return
        steps = transitions(workflow)
        for number, (source, target) in enumerate(steps):
            yield self._suggest(f"{source} -> {target}", Sort.STATE, rank=number)
        for target in dict.fromkeys(target for _, target in steps):
            yield self._suggest(f"* -> {target}", Sort.STATE, rank=1000)

    def _terms(self, scope: str) -> Iterator[Suggestion]:
        """The names of an expression, for the word at its end alone."""
        word = _last_word(self.spot.word)
        start = self._inner_start(word)
        if self.spot.word.removesuffix(word).endswith("user."):
            for name in USER_ATTRIBUTES:
                yield self._suggest(name, Sort.WORD, start=start)
            return
        for one in self._fields(scope, frozenset()):
            yield self._suggest(
                one.label, one.sort, detail=one.detail,
                documentation=one.documentation, rank=one.rank, start=start,
            )  # fmt: skip
        for name in FUNCTIONS:
            yield self._suggest(
                name, Sort.FUNCTION, text=f"{name}(", rank=500, start=start
            )
        for name in _CONDITIONS:
            yield self._suggest(name, Sort.WORD, rank=600, start=start)

    def _inner_start(self, word: str) -> int:
        return self._offset() - len(word)

    def _offset(self) -> int:
        """Where the word in the making ends."""
        raw = self.index.text[self.spot.start : self.spot.end]
        at = raw.find(self.spot.word)
        return self.spot.start + max(at, 0) + len(self.spot.word)

    # Answers

    @property
    def _is_quoted(self) -> bool:
        begins = self.index.text[self.spot.start : self.spot.end]
        return begins.startswith(('"', "'"))

    def _word(self, word: str, *, before: str = "", rank: int = 1) -> Suggestion:
        return self._suggest(word, Sort.WORD, text=before + word, rank=rank)

    def _suggest(
        self,
        label: str,
        sort: Sort,
        *,
        text: str = "",
        detail: str = "",
        documentation: str = "",
        rank: int = 1,
        start: int | None = None,
    ) -> Suggestion:
        begins = self.spot.start if start is None else start
        ends = self.spot.end if start is None else self._offset()
        if start is None and self._is_quoted:
            quote = self.index.text[begins]
            closed = self.index.text[ends - 1 : ends] == quote
            begins, ends = (
                begins + 1,
                ends - 1 if closed and ends > begins + 1 else ends,
            )
        return Suggestion(
            label, text or label, sort, begins, ends, detail, documentation, rank
        )

    @staticmethod
    def _dashed(found: Iterable[Suggestion], before: str) -> Iterator[Suggestion]:
        for one in found:
            yield replace(one, text=before + one.text) if before else one


def _kind_of_folder(file: str) -> Kind | None:
    """The kind that contracts of a folder usually have."""
    return FOLDERS.get(PurePosixPath(file).parent.name)


def _opens(shape: Shape) -> bool:
    """Whether a value of this shape begins on a line of its own."""
    if isinstance(shape, OneOf):
        return all(map(_opens, shape.shapes))
    return isinstance(shape, Record | MapOf | ListOf)


def _is_item(path: Path) -> bool:
    return bool(path) and isinstance(path[-1], int)


def _last_word(text: str) -> str:
    found = _WORD.search(text)
    return found[0] if found else ""
