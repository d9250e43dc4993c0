"""The references of entities, as rules look at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forge.checks.subject import Subject
from forge.ir.entities import Entity, Field, ForeignKey
from forge.source import Mapping, Span


@dataclass(frozen=True, slots=True)
class Referring:
    """A reference between two entities whose fields are all known."""

    entity: Entity
    target: Entity
    key: ForeignKey
    field: Field | None
    """The field of a single reference."""

    @property
    def names_fields(self) -> bool:
        """Whether the contract says which fields are referred to."""
        return isinstance(self._node, Mapping) and self._key in self._node

    @property
    def _key(self) -> str:
        return "references" if self.field is None else "field"

    @property
    def _node(self) -> object:
        node = self.key.origin.node
        if self.field is None or not isinstance(node, Mapping):
            return node
        return node.get("references")

    def at(self, key: str) -> Span:
        """Where `key` of the reference stands."""
        origin = self.key.origin
        return origin.at(key) if self.field is None else origin.at("references", key)

    def target_at(self, number: int) -> Span:
        """Where the field referred to is named; the entity where it is left out."""
        if not self.names_fields:
            return self.at("entity")
        origin = self.key.origin
        if self.field is None:
            return origin.at("references", number)
        return origin.at("references", "field")


def referring(subject: Subject) -> Iterator[Referring]:
    """Every reference whose two ends can be looked at."""
    targets = {entity.fqn: entity for entity in subject.entities}
    for entity in subject.entities:
        for field in entity.fields:
            if field.reference is None:
                continue
            target = targets.get(field.reference.entity)
            if target is not None:
                key = ForeignKey(
                    fields=(field.name,),
                    entity=target.fqn,
                    references=(field.reference.field,),
                    on_delete=field.reference.on_delete,
                    origin=field.origin,
                )
                yield Referring(entity, target, key, field)
        for key in entity.foreign_keys:
            target = targets.get(key.entity)
            if target is not None:
                yield Referring(entity, target, key, None)
