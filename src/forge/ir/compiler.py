"""Contracts to IR."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forge.cache import Cache, text_digest
from forge.checks import check
from forge.checks.subject import Subject
from forge.contracts.envelope import Contract, Kind
from forge.diagnostics import Diagnostic, ordered
from forge.ir.application import Application
from forge.ir.lowering.entities import lower_entity, lower_mixin
from forge.ir.lowering.others import lower_agent, lower_infra, lower_page
from forge.ir.lowering.routes import lower_route
from forge.ir.lowering.workflows import lower_workflow
from forge.ir.passes import PASSES
from forge.ir.recall import Recall
from forge.parser.loader import Contracts, load_all_contracts


class CompilationError(Exception):
    """Contracts that do not compile. `diagnostics` says why; the text lists the errors."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(d) for d in self.diagnostics if d.is_error))


@dataclass(frozen=True, slots=True)
class Analysis:
    """What compiling found: the IR, as far as it could be made, and every diagnostic by place."""

    application: Application
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> bool:
        """Whether there is an error, so that no target may run."""
        return any(d.is_error for d in self.diagnostics)


class Compiler:
    """Compiles the domain in a folder."""

    def __init__(
        self,
        contract_root: Path | str,
        include_stdlib: bool = True,
        cache: Cache | None = None,
    ) -> None:
        self.contract_root = Path(contract_root)
        self.include_stdlib = include_stdlib
        self.cache = cache

    def compile(self) -> Application:
        """The IR. Raises `CompilationError` where there is an error."""
        analysis = self.analyze()
        if analysis.failed:
            raise CompilationError(analysis.diagnostics)
        return analysis.application

    def analyze(self) -> Analysis:
        """The IR and every diagnostic, errors or not."""
        if self.cache is None:
            return analyze(self._load(None))
        name = f"contracts-{text_digest(self.contract_root.as_posix())}"
        recall = Recall(self.cache.read(name))
        analysis = analyze(self._load(recall))
        if recall.changed:
            self.cache.write(name, recall.everything())
        return analysis

    def _load(self, recall: Recall | None) -> Contracts:
        return load_all_contracts(
            self.contract_root, include_stdlib=self.include_stdlib, recall=recall
        )


def analyze(contracts: Contracts) -> Analysis:
    """Lower, run the passes, check."""
    written = app = lower(contracts)
    for step in PASSES:
        app = step(app)
    subject = subject_of(contracts, app, written)
    diagnostics = [*contracts.diagnostics, *check(subject)]
    return Analysis(app, ordered(diagnostics))


def subject_of(
    contracts: Contracts, app: Application, written: Application | None = None
) -> Subject:
    """What rules look at; `written` is the domain before any pass."""
    faults = tuple(d.span for d in contracts.diagnostics if d.is_error)
    files = {span.file for span in faults}
    return Subject(
        app=app,
        contracts=contracts,
        library=contracts.library,
        written=lower(contracts) if written is None else written,
        repeated=tuple(contracts.repeated),
        files=tuple(contracts.files),
        root=contracts.root,
        malformed=frozenset(c.fqn for c in contracts.values() if c.file in files),
        faults=faults,
    )


_LOWER: dict[Kind, Callable[[Contract], Any]] = {
    Kind.ENTITY: lower_entity,
    Kind.WORKFLOW: lower_workflow,
    Kind.ROUTE: lower_route,
    Kind.PAGE: lower_page,
    Kind.AGENT: lower_agent,
    Kind.MIXIN: lower_mixin,
    Kind.INFRA: lower_infra,
}


def lower(contracts: Contracts) -> Application:
    """The contracts as IR values, before any pass."""
    recall = contracts.recall
    own = _by_kind(contracts.values())
    library = _by_kind(contracts.library.values())

    def lowered(contract: Contract) -> Any:
        make = _LOWER[contract.kind]
        return recall.lowered(contract, make) if recall else make(contract)

    return Application(
        domain=_domain(contracts),
        entities=tuple(map(lowered, own[Kind.ENTITY])),
        workflows=tuple(map(lowered, own[Kind.WORKFLOW])),
        routes=tuple(map(lowered, own[Kind.ROUTE])),
        pages=tuple(map(lowered, own[Kind.PAGE])),
        agents=tuple(map(lowered, own[Kind.AGENT])),
        mixins=tuple(map(lowered, own[Kind.MIXIN])),
        infra=tuple(map(lowered, own[Kind.INFRA])),
        library=tuple(map(lowered, library[Kind.MIXIN] + library[Kind.WORKFLOW])),
        behaviors=contracts.behaviors,
    )


def _by_kind(contracts: Iterable[Contract]) -> dict[Kind, list[Contract]]:
    found: dict[Kind, list[Contract]] = {kind: [] for kind in Kind}
    for contract in sorted(contracts, key=lambda c: c.fqn):
        found[contract.kind].append(contract)
    return found


def _domain(contracts: Contracts) -> str:
    """The domain that most contracts name; the folder's name where there are none."""
    counts: dict[str, int] = {}
    for contract in contracts.values():
        counts[contract.domain] = counts.get(contract.domain, 0) + 1
    if not counts:
        return contracts.root.name or "domain"
    return min(counts, key=lambda name: (-counts[name], name))
