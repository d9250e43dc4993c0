"""Analysing a domain's texts at one moment, beside changes of the domain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from forge.contracts.envelope import Contract
from forge.diagnostics import Diagnostic
from forge.ir.application import Application
from forge.ir.compiler import analyze
from forge.parser.loader import Contracts
from forge.source import SourceFile

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A domain's texts at one moment, ready to be analysed elsewhere."""

    revision: int
    contracts: Contracts
    unread: frozenset[str]
    """Files that stand in with an earlier text: what is found in them has no place."""
    texts: dict[str, str]
    """By file."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an analysis found."""

    revision: int
    application: Application
    diagnostics: dict[str, tuple[Diagnostic, ...]]
    """By file; every file of the domain has an entry."""
    texts: dict[str, str]
    """The texts in which the diagnostics have their places."""


class Lowered:
    """What contracts lower to, kept as long as the contracts are."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[Contract, Any]] = {}

    def contract(self, source: SourceFile) -> Contract | None:
        return None

    def note(self, source: SourceFile, contract: Contract) -> None:
        return None

    def lowered(self, contract: Contract, lower: Callable[[Contract], Value]) -> Value:
        kept = self.kept.get(contract.file)
        if kept is not None and kept[0] is contract:
            value: Value = kept[1]
            return value
        value = lower(contract)
        self.kept[contract.file] = (contract, value)
        return value


class Tried(Lowered):
    """What contracts lower to in a trial, which leaves nothing behind."""

    def __init__(self, kept: Lowered) -> None:
        self.kept = dict(kept.kept)


def assessed(snapshot: Snapshot, *, single: bool = False) -> Verdict:
    """Analyse a snapshot. It may run beside changes of the domain that it was taken of."""
    contracts = snapshot.contracts
    analysis = analyze(contracts)
    found: dict[str, list[Diagnostic]] = {file: [] for file in contracts.files}
    # What concerns a file that belongs to no domain is its form alone.
    every = contracts.diagnostics if single else analysis.diagnostics
    of_form = set(contracts.diagnostics)
    for diagnostic in every:
        file = diagnostic.span.file
        if file not in snapshot.unread or diagnostic in of_form:
            found.setdefault(file, []).append(diagnostic)
    by_file = {file: tuple(one) for file, one in found.items()}
    return Verdict(snapshot.revision, analysis.application, by_file, snapshot.texts)
