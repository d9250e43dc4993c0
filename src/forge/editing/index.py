"""The names in one contract: what is declared in it, and what it names elsewhere.

It follows from the text of the contract alone, so that a domain keeps it until the text changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forge.contracts.envelope import Kind
from forge.contracts.shapes import FQN
from forge.editing.formulas import Word, words
from forge.editing.meanings import MEANINGS, Branch, Meaning, Scope, What
from forge.editing.repair import Repaired, repaired
from forge.source import Mapping, Node, Scalar, Sequence


@dataclass(frozen=True, slots=True)
class Target:
    """What a name means, before it is looked up."""

    what: What
    """`CONTRACT`, `FIELD` or `STATE`."""
    scope: str
    """The FQN of the contract whose field or state it is; empty for contracts."""
    name: str
    """The name, or the FQN of a contract."""


@dataclass(frozen=True, slots=True)
class Use:
    """A place that names something. The text from `start` to `end` is the name itself."""

    start: int
    end: int
    target: Target
    declares: bool = False
    is_exact: bool = True
    """Whether the name stands there as it is, so that an edit can replace it."""


@dataclass(slots=True)
class Index:
    """One contract as names."""

    file: str
    text: str
    root: Mapping | None
    whole: bool
    """Whether all of the text was read."""
    kind: Kind | None = None
    fqn: str = ""
    uses: tuple[Use, ...] = ()
    fields: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    """The fields it declares: key and value."""
    states: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    mixins: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    by_name: dict[str, list[Use]] = field(default_factory=dict)

    @property
    def spec(self) -> Mapping | None:
        """What stands under `spec`."""
        return _mapping(self.root, "spec")

    @property
    def name(self) -> str:
        """The last step of its FQN."""
        return self.fqn.rpartition("/")[2]

    def text_of(self, *path: str) -> str:
        """The text at a path below the root; empty where there is none."""
        node: Node | None = self.root
        for step in path:
            node = node.get(step) if isinstance(node, Mapping) else None
        return node.text if isinstance(node, Scalar) else ""

    @property
    def description(self) -> str:
        """What the contract says it is about."""
        return self.text_of("metadata", "description")

    def use_at(self, offset: int) -> Use | None:
        """The innermost name at an offset, its end included."""
        found = [u for u in self.uses if u.start <= offset <= u.end]
        return min(found, key=lambda u: u.end - u.start, default=None)


def index_of(file: str, text: str, read: Mapping | None = None) -> Index:
    """The names in a text, as far as it can be read; `read` is its root, where that is known."""
    reading = repaired(file, text) if read is None else Repaired(read, True)
    index = Index(file, text, reading.root, reading.whole)
    root = reading.root
    if root is None:
        return index
    index.kind = kind_of(index.text_of("kind"))
    name, domain = (
        index.text_of("metadata", "name"),
        index.text_of("metadata", "domain"),
    )
    if index.kind is None or not name or not domain:
        return index
    index.fqn = f"{index.kind.lower_name}/{domain}/{name}"
    spec = index.spec
    index.fields = dict(_entries(_mapping(spec, "fields")))
    index.states = dict(_entries(_mapping(spec, "states")))
    index.mixins = tuple(_texts(spec.get("mixins") if spec else None))
    index.requires = tuple(_texts(root.get("requires")))
    index.uses = tuple(_Walk(index).uses())
    for use in index.uses:
        index.by_name.setdefault(use.target.name, []).append(use)
    return index


def kind_of(word: str) -> Kind | None:
    """The kind of contract that a word names."""
    return next((kind for kind in Kind if kind.value == word), None)


def scope_of(
    scope: Scope, fqn: str, root: Node | None, around: tuple[Node, ...]
) -> str:
    """The FQN of the contract that a scope means, seen from inside of the nodes `around`."""
    if scope is Scope.SELF:
        return fqn
    if scope is Scope.NEAREST:
        for node in reversed(around):
            entity = node.get("entity") if isinstance(node, Mapping) else None
            if isinstance(entity, Scalar):
                return entity.text
        return ""
    inner, key = (
        ("input", "entity") if scope is Scope.INPUT else ("config", "user_entity")
    )
    found = _mapping(_mapping(root, "spec"), inner)
    named = found.get(key) if found is not None else None
    return named.text if isinstance(named, Scalar) else ""


class _Walk:
    def __init__(self, index: Index) -> None:
        self.index = index
        self.found: list[Use] = []

    def uses(self) -> list[Use]:
        index = self.index
        assert index.root is not None
        assert index.kind is not None
        metadata = _mapping(index.root, "metadata")
        name = metadata.get("name") if metadata else None
        if isinstance(name, Scalar):
            self._add(name, Target(What.CONTRACT, "", index.fqn), declares=True)
        self._visit(index.root, MEANINGS[index.kind], ())
        return self.found

    def _visit(self, node: Node, branch: Branch, around: tuple[Node, ...]) -> None:
        if isinstance(node, Scalar):
            if branch.value is not None:
                self._scalar(node, branch.value, around)
            return
        inner = (*around, node)
        if isinstance(node, Sequence):
            below = branch.step(0)
            if below is not None:
                for item in node.items:
                    self._visit(item, below, inner)
            return
        for name, value in node.entries.items():
            if branch.key is not None:
                self._scalar(node.keys[name], branch.key, inner)
            step = branch.step(name)
            if step is not None:
                self._visit(value, step, inner)

    def _scalar(self, node: Scalar, meaning: Meaning, around: tuple[Node, ...]) -> None:
        what, index = meaning.what, self.index
        if what is What.CONTRACT:
            if FQN.match(node.text):
                self._add(node, Target(what, "", node.text))
            return
        scope = scope_of(meaning.scope, index.fqn, index.root, around)
        if what in (What.FIELD, What.STATE):
            self._add(node, Target(what, scope, node.text), declares=meaning.declares)
        elif what is What.ORDER:
            name = node.text.removeprefix("-")
            self._add(node, Target(What.FIELD, scope, name), len(node.text) - len(name))
        elif what is What.STEP:
            for word in _states(node.text):
                self._add_word(node, word, scope)
        elif what in (What.EXPRESSION, What.COMPUTED, What.SETTING):
            for word in words(node.text, what):
                self._add_word(node, word, scope)

    def _add_word(self, node: Scalar, word: Word, scope: str) -> None:
        target = Target(word.what, scope, word.name)
        self._add(node, target, word.start)

    def _add(
        self, node: Scalar, target: Target, skipped: int = 0, *, declares: bool = False
    ) -> None:
        """Note a name that stands `skipped` characters into the text of a scalar."""
        (_, _, start), (_, _, end) = node.place
        raw = self.index.text[start:end]
        name = node.text[skipped:] if target.what is What.CONTRACT else target.name
        at = _place(raw, node.text, skipped)
        if at is None or raw[at : at + len(name)] != name:
            self.found.append(Use(start, end, target, declares, is_exact=False))
        else:
            start += at
            self.found.append(Use(start, start + len(name), target, declares))


def _place(raw: str, text: str, skipped: int) -> int | None:
    """Where in the raw form of a scalar the character of its text at `skipped` stands."""
    if raw.startswith(text):
        return skipped
    if raw[1 : 1 + len(text)] == text:
        return skipped + 1
    # Folded and escaped texts keep their words: as many of the same come before in both.
    name = _leading_word(text[skipped:])
    if not name:
        return None
    count = text.count(name, 0, skipped)
    at = -1
    for _ in range(count + 1):
        at = raw.find(name, at + 1)
        if at < 0:
            return None
    return at


def _leading_word(text: str) -> str:
    end = 0
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return text[:end]


def _states(text: str) -> Iterator[Word]:
    """The states of a step `a -> b`."""
    source, arrow, target = text.partition("->")
    for part, start in ((source, 0), (target, len(source) + len(arrow))):
        name = part.strip()
        if name and name != "*":
            yield Word(What.STATE, name, start + len(part) - len(part.lstrip()))


def _mapping(node: Node | None, key: str) -> Mapping | None:
    found = node.get(key) if isinstance(node, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _entries(node: Mapping | None) -> Iterator[tuple[str, tuple[Scalar, Node]]]:
    if node is not None:
        for name, value in node.entries.items():
            yield name, (node.keys[name], value)


def _texts(node: Node | None) -> Iterator[str]:
    if isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Scalar) and item.value is not None:
                yield item.text
