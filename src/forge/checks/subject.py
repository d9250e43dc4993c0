"""What rules look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from forge.contracts.envelope import Contract
from forge.ir.application import Application, Mixin
from forge.ir.workflows import Workflow


@dataclass(frozen=True)
class Subject:
    """A compiled domain, faults included, and the contracts it came from."""

    app: Application
    contracts: Mapping[str, Contract]
    """The domain's own, by FQN."""
    library: Mapping[str, Contract]
    """The standard library's."""
    repeated: tuple[tuple[Contract, Contract], ...] = ()
    """Contracts whose FQN another one has, with that one."""
    files: tuple[str, ...] = ()
    root: Path = Path()
    malformed: frozenset[str] = frozenset()
    """FQNs of contracts whose form is at fault: what follows from that is not reported again."""

    @cached_property
    def mixins(self) -> dict[str, Mixin]:
        """Mixins that can be referred to."""
        every = (*self.app.library, *self.app.mixins)
        return {m.fqn: m for m in every if isinstance(m, Mixin)}

    @cached_property
    def workflows(self) -> dict[str, Workflow]:
        """Workflows that can be referred to."""
        every = (*self.app.library, *self.app.workflows)
        return {w.fqn: w for w in every if isinstance(w, Workflow)}

    @cached_property
    def known(self) -> frozenset[str]:
        """Every FQN that a reference may name."""
        return frozenset(self.contracts) | frozenset(self.library)
