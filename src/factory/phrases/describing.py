"""From a description to a proposal."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.importers.composition import Written
from factory.importers.merging import merged_value
from factory.importers.pruning import prune
from factory.phrases.composing import compose_facts
from factory.phrases.reading import Reading, read_phrases
from factory.proposals import Proposal, propose
from forge.ir.application import Application
from forge.ir.compiler import analyze
from forge.parser.loader import Contracts, load_texts, read_texts
from forge.source import plain
from forge.source.yaml_writer import write


@dataclass(frozen=True, slots=True)
class Described:
    """What a description comes to."""

    reading: Reading
    proposal: Proposal
    notes: tuple[str, ...]
    """What people should know: names that had to be others, what follows from nothing said."""

    def to_json(self) -> dict[str, Any]:
        """For programs."""
        missed = [
            {"line": m.line, "column": m.column, "text": m.text}
            for m in self.reading.missed
        ]
        return {
            **self.proposal.to_json(),
            "notes": list(self.notes),
            "not_understood": missed,
        }


@dataclass(frozen=True, slots=True)
class Present:
    """A domain as it is."""

    folder: Path
    contracts: Contracts
    application: Application

    @property
    def things(self) -> tuple[str, ...]:
        """Names of its entities."""
        return tuple(e.name for e in self.application.entities)


def present(folder: Path) -> Present:
    """The domain in `folder`; an empty one where there is none."""
    texts = read_texts(folder) if folder.is_dir() else {}
    contracts = load_texts(texts.items(), root=folder)
    return Present(folder, contracts, analyze(contracts).application)


def describe(text: str, folder: Path | str, domain: str) -> Described:
    """Read a description into the domain in `folder`. Nothing is written."""
    domain_there = present(Path(folder))
    return described(read_phrases(text, domain_there.things), domain_there, domain)


def described(reading: Reading, there: Present, domain: str) -> Described:
    """Facts into a domain: what exists keeps every word, and what is new is added."""
    composed = compose_facts(reading.facts, domain, there.application)
    notes = list(composed.notes)
    wanted: dict[str, dict[str, Any]] = {}
    new: list[Written] = []
    for one in composed.contracts:
        fqn = f"{one.kind.lower_name}/{domain}/{one.name}"
        known = there.contracts.get(fqn)
        before = plain(known.root) if known else None
        if isinstance(before, dict):
            wanted[fqn] = _merged(one, before, notes)
        else:
            wanted[fqn] = one.contract
            new.append(one)
    texts = _others(there, wanted, new)
    taken = prune(new, texts, domain)
    notes += [f"left out: {n.what}: {n.reason}" for n in taken]
    proposal = propose(there.folder, wanted.values())
    return Described(reading, proposal, tuple(dict.fromkeys(notes)))


def _others(
    there: Present, wanted: dict[str, dict[str, Any]], new: list[Written]
) -> dict[str, str]:
    """The texts of all contracts but the new ones, with what is added to them."""
    texts = read_texts(there.folder) if there.folder.is_dir() else {}
    files = {c.fqn: c.file for c in there.contracts.values()}
    texts |= {files[fqn]: write(value) for fqn, value in wanted.items() if fqn in files}
    taken = {one.file for one in new}
    return {
        f"present/{name}" if name in taken else name: t for name, t in texts.items()
    }


def _merged(one: Written, before: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """A contract with what stands there already, which has the last word."""
    merged, differences = merged_value(before, one.contract, states=True)
    for difference in differences:
        path = difference.path
        if path[:2] == ("spec", "fields") and difference.contract is not None:
            where = ".".join(path[2:])
            notes.append(f"`{one.name}` says `{where}` otherwise already: it stays")
    return merged
