"""States of a model, and the steps between them where the text draws them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from factory.importers.drafts import ContractDraft, Evidence, Place, Unmapped
from factory.importers.markdown import Block, Kind, Section, clean
from factory.importers.naming import singular, snake, words
from factory.importers.spec_md.shapes import Member

FIELDS = ("status", "state")
"""Fields that hold where a record stands."""
_ARROW = re.compile(r"\s*(?:-{1,3}>|={1,2}>|→|⟶|➜|➔|⇒)\s*")
_STATES = re.compile(r"(?:[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*)", re.IGNORECASE)
_LISTED = re.compile(r"\s*(?:[,/|]|\bor\b|\band\b)\s*")
MAX_STATES = 60
_BEFORE = frozenset(
    {"from", "from state", "from status", "source", "source state", "current", "current state",
     "current status", "state", "status", "old state"}
)  # fmt: skip
_AFTER = frozenset(
    {"to", "to state", "to status", "target", "target state", "next", "next state", "next states",
     "next status", "new state", "new status", "transitions", "transitions to",
     "allowed transitions", "allowed next", "allowed next states", "can go to", "can become"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chain:
    """States with arrows between them, as a line draws them."""

    groups: tuple[tuple[str, ...], ...]
    place: Place
    about: str
    """The line and its headings, which may name the model."""

    @property
    def states(self) -> list[str]:
        """Every state, in order."""
        return list(dict.fromkeys(state for group in self.groups for state in group))

    def steps(self) -> Iterator[tuple[str, str]]:
        """Each step."""
        for before, after in zip(self.groups, self.groups[1:], strict=False):
            yield from ((a, b) for a in before for b in after)


@dataclass(slots=True)
class Life:
    """The states of one model."""

    entity: str
    member: str
    """The name of its field in the source; empty where it has none."""
    states: list[str]
    evidence: Evidence
    steps: list[tuple[str, str]] = field(default_factory=list)
    spelled: list[str] = field(default_factory=list)

    @property
    def is_drawn(self) -> bool:
        """Whether the text says which steps there are."""
        return bool(self.steps)

    def transitions(self) -> dict[str, list[str]]:
        """From each state, where it may go: anywhere, where the text draws no steps."""
        if not self.steps:
            return {s: [t for t in self.states if t != s] for s in self.states}
        found: dict[str, list[str]] = {}
        for before, after in self.steps:
            listed = found.setdefault(before, [])
            if after not in listed and after != before:
                listed.append(after)
        return found

    def _state(self, name: str) -> dict[str, Any]:
        """A state from which the text draws no step is an end."""
        leaves = any(before == name for before, _ in self.steps)
        return {"terminal": True} if self.is_drawn and not leaves else {}

    def contract(self, name: str, initial: str) -> ContractDraft:
        """The workflow."""
        spec = {
            "initial": initial,
            "states": {s: self._state(s) for s in self.states},
            "transitions": self.transitions(),
        }
        return ContractDraft(
            kind="Workflow", name=name, spec=spec, evidence=self.evidence
        )


def chains(found: Iterable[Section]) -> list[Chain]:
    """Every line that draws states, in prose, lists and blocks without a language."""
    made = []
    for section in found:
        for block in section.blocks:
            about = " ".join((section.title, *section.above))
            made += list(_chains(block, about))
    return made


def _of_table(block: Block, about: str) -> Iterator[Chain]:
    """A table of steps: a column with the state before, and one with those after."""
    head = [" ".join(words(cell)) for cell in block.rows[0][1]] if block.rows else []
    before = next((n for n, cell in enumerate(head) if cell in _BEFORE), None)
    after = next((n for n, cell in enumerate(head) if cell in _AFTER), None)
    if before is None or after is None:
        return
    for line, row in block.rows[1:]:
        if len(row) > max(before, after):
            chain = _chain(f"{row[before]} -> {row[after]}", block.at(line), about)
            if chain is not None:
                yield chain


def _chains(block: Block, about: str) -> Iterator[Chain]:
    if block.kind is Kind.TABLE:
        yield from _of_table(block, about)
    if block.kind is Kind.FENCE:
        if block.language not in ("", "text", "txt", "mermaid", "plaintext", "plain"):
            return
        for number, line in enumerate(block.text.split("\n")):
            chain = _chain(line, block.at(block.place.line + number), about)
            if chain:
                yield chain
    elif block.kind in (Kind.TEXT, Kind.ITEM):
        chain = _chain(block.text, block.place, f"{block.plain} {about}")
        if chain:
            yield chain


def _chain(line: str, place: Place, about: str) -> Chain | None:
    if not _ARROW.search(line):
        return None
    spans = [span for span in re.findall(r"`([^`]+)`", line) if _ARROW.search(span)]
    parts = _ARROW.split((spans[0] if spans else clean(line))[:1000])
    label = ""
    if ":" in parts[0]:
        label, _, parts[0] = parts[0].rpartition(":")
    if " " in parts[0].strip():
        # A sentence that leads to the first state, unless the state has two words.
        said = parts[0].split()
        parts[0] = parts[0] if len(said) == 2 and label else said[-1]
    # What stands behind the last state is a remark about the step.
    parts[-1] = re.split(
        r"[:(.;]|\s[-–—]\s|\s+(?:when|if|on|after|via|by)\b", parts[-1]
    )[0]
    groups = []
    for part in parts:
        plain = re.sub(r"\([^()]*\)|\[\*\]", "", part).strip(" `\"'()[]{}.|")
        names = [
            name.strip(" `\"'()[]")
            for name in _LISTED.split(plain)
            if name.strip(" `\"'()[]")
        ]
        if not names and part.strip() == "[*]":
            continue
        if not names or not all(_STATES.fullmatch(n.replace(" ", "_")) for n in names):
            return None
        groups.append(tuple(snake(name) for name in names))
    if len(groups) < 2 or sum(map(len, groups)) > MAX_STATES:
        return None
    if any(len(name.split("_")) > 4 for group in groups for name in group):
        return None
    return Chain(tuple(groups), place, f"{label} {about}")


def lives(
    members: Mapping[str, Sequence[Member]], drawn: list[Chain], resources: set[str]
) -> tuple[list[Life], list[Unmapped]]:
    """The states of each model; `resources` have endpoints for their records.

    A list of legal values is a life where records are reached by endpoints, and of any model
    where the text draws steps between them.
    """
    found: dict[str, Life] = {}
    for entity, listed in members.items():
        member = next((m for w in FIELDS for m in listed if m.name == w), None)
        values = member.keys.get("enum") if member is not None else None
        if member is not None and _are_states(values):
            states = [snake(str(value)) for value in values]
            if len(set(states)) == len(states):
                found[entity] = Life(
                    entity, member.name, states, member.evidence, [], list(values)
                )
    notes = []
    taken: set[str] = set()
    for chain in drawn:
        life = _life_of(chain, found, members)
        if life is None:
            if re.search(
                r"(?i)\b(?:state|status|lifecycle|transition|workflow)", chain.about
            ):
                text = " -> ".join("/".join(group) for group in chain.groups)
                reason = "no model has these states in a list, nor is one named there"
                notes.append(Unmapped(chain.place, text[:120], reason))
            continue
        taken.add(life.entity)
        if life.entity not in found or not life.steps:
            life.evidence = Evidence(chain.place, "spec-md/arrows")
        found[life.entity] = life
        life.states += [s for s in chain.states if s not in life.states]
        life.steps += [step for step in chain.steps() if step not in life.steps]
    kept = [life for life in found.values() if life.entity in taken | resources]
    return kept, notes


def _are_states(values: Any) -> TypeGuard[list[str]]:
    return (
        isinstance(values, list)
        and len(values) > 1
        and all(isinstance(v, str) for v in values)
    )


def _life_of(
    chain: Chain, found: dict[str, Life], members: Mapping[str, Sequence[Member]]
) -> Life | None:
    """The model whose states a chain draws: by its values, or by its name beside it."""
    states = set(chain.states)
    fitting = [life for life in found.values() if states <= set(life.states)]
    named = [name for name in members if _is_named(name, chain.about)]
    for life in fitting:
        if life.entity in named or len(fitting) == 1:
            return life
    if fitting:
        return None
    near = [
        life
        for life in found.values()
        if life.entity in named and states & set(life.states)
    ]
    if near:
        return near[0]
    if len(named) == 1 and named[0] not in found:
        said = re.search(
            r"(?i)\b(?:states?|status|statuses|lifecycle|transitions?|workflow)\b",
            chain.about,
        )
        member = next(
            (m for w in FIELDS for m in members[named[0]] if m.name == w), None
        )
        if said and (member is None or member.keys.get("type") in ("string", "text")):
            name = member.name if member else ""
            return Life(named[0], name, [], Evidence(chain.place, "spec-md/arrows"))
    return None


def _is_named(entity: str, text: str) -> bool:
    wanted = " ".join(words(entity))
    plain = " ".join(singular(word) for word in words(text))
    return f" {wanted} " in f" {plain} "
