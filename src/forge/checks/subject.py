"""What rules look at."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from forge.contracts.envelope import Contract
from forge.ir.application import Application, Infra, Mixin
from forge.ir.entities import Entity, Field
from forge.ir.origin import NOWHERE, Origin
from forge.ir.types import InfraCategory
from forge.ir.workflows import Workflow
from forge.source import Mapping as MappingNode
from forge.source import Node, Span


@dataclass(frozen=True)
class Subject:
    """A compiled domain, faults included, and the contracts it came from."""

    app: Application
    contracts: Mapping[str, Contract]
    """The domain's own, by FQN."""
    library: Mapping[str, Contract]
    """The standard library's."""
    written: Application
    """The domain before any pass: what each contract says for itself."""
    repeated: tuple[tuple[Contract, Contract], ...] = ()
    """Contracts whose FQN another one has, with that one."""
    files: tuple[str, ...] = ()
    root: Path = Path()
    malformed: frozenset[str] = frozenset()
    """FQNs of contracts whose form is at fault: what follows from that is not reported again."""
    faults: tuple[Span, ...] = ()
    """Where the faults of form are."""

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

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every field that a contract of the domain writes, where its form is right."""
        every = self._written_fields()
        if not self.faults:
            return tuple(every)
        return tuple(field for field in every if self.sound(field.origin.node))

    def _written_fields(self) -> Iterator[Field]:
        for entity in self.written.entities:
            yield from entity.fields
        for mixin in self.written.mixins:
            yield from mixin.fields
        for route in self.written.routes:
            for endpoint in route.endpoints:
                body = endpoint.request_body
                yield from (body.fields if body and body.fields else ())
                yield from endpoint.response.fields or ()

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """The entities whose fields are all known, as compiled."""
        return tuple(e for e in self.app.entities if self.is_complete(e))

    @cached_property
    def _by_name(self) -> dict[str, dict[str, Field]]:
        return {e.fqn: {f.name: f for f in e.fields} for e in self.entities}

    def fields_of(self, entity: str) -> dict[str, Field] | None:
        """The fields of an entity by name; `None` where they are not all known."""
        return self._by_name.get(entity)

    def is_complete(self, entity: Entity) -> bool:
        """Whether no fault elsewhere hides a field of the entity."""
        if entity.fqn in self.malformed:
            return False
        if entity.workflow_fqn is not None and entity.state_machine is None:
            return False
        return entity.workflow_fqn not in self.malformed and all(
            name in self._whole_mixins for name in entity.mixins
        )

    @cached_property
    def _whole_mixins(self) -> frozenset[str]:
        return frozenset(
            name
            for name, mixin in self.mixins.items()
            if name not in self.malformed and self.known.issuperset(mixin.requires)
        )

    @cached_property
    def bound(self) -> dict[str, tuple[Entity, ...]]:
        """By the FQN of a workflow, the complete entities that it governs."""
        found: dict[str, tuple[Entity, ...]] = {}
        for entity in self.entities:
            if entity.workflow_fqn is not None:
                found[entity.workflow_fqn] = (
                    *found.get(entity.workflow_fqn, ()),
                    entity,
                )
        return found

    @cached_property
    def own_workflows(self) -> tuple[Workflow, ...]:
        """The domain's workflows whose form is right."""
        return tuple(w for w in self.app.workflows if w.fqn not in self.malformed)

    @cached_property
    def auth(self) -> Infra | None:
        """The contract that says who may log in, if there is one."""
        return self.app.infra_of(InfraCategory.AUTH)

    @cached_property
    def roles(self) -> frozenset[str] | None:
        """The roles of the domain; `None` where nothing says which there are."""
        listed = self.auth.config.get("roles") if self.auth else None
        if not isinstance(listed, list):
            return None
        return frozenset(role for role in listed if isinstance(role, str))

    @cached_property
    def _fault_offsets(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for span in self.faults:
            found.setdefault(span.file, []).append(span.start.offset)
        return {file: sorted(offsets) for file, offsets in found.items()}

    def sound(self, node: Node | None) -> bool:
        """Whether no fault of form lies within a node."""
        offsets = self._fault_offsets.get(node.file) if node is not None else None
        if node is None or offsets is None:
            return True
        span = node.span
        at = bisect_left(offsets, span.start.offset)
        return at == len(offsets) or offsets[at] >= span.end.offset

    def place_of_field(self, entity: str, field: Field) -> Span:
        """Where a field is written; the entity's name for one that nobody wrote."""
        span = field.origin.span
        return self.place(entity) if span == NOWHERE else span

    def place(self, fqn: str) -> Span:
        """Where a contract says its name."""
        contract = self.contracts.get(fqn) or self.library.get(fqn)
        if contract is None:
            return NOWHERE
        return place_of(contract)


def place_of(contract: Contract) -> Span:
    """Where a contract says its name."""
    return Origin(contract.fqn, contract.root).at("metadata", "name")


def written_at(origin: Origin, *path: str | int) -> Node | None:
    """The node at `path` below what was written at `origin`."""
    node = origin.node
    for step in path:
        if isinstance(node, MappingNode) and isinstance(step, str):
            node = node.get(step)
        else:
            return None
    return node
