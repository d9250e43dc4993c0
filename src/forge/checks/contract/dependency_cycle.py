"""Contracts depend on each other in a circle.

## Why

A required reference needs a record that is there already. When required references form
a circle, no first record can ever be created. A circle of mixins, or of `requires`,
leaves no order in which to read them. References that may be null are free to form
circles.

## Example

```yaml
# entity/shop/order
payment_id: {type: uuid, required: true, references: {entity: entity/shop/payment}}
# entity/shop/payment
order_id: {type: uuid, required: true, references: {entity: entity/shop/order}}
```

## Instead

```yaml
# entity/shop/order
payment_id: {type: uuid, references: {entity: entity/shop/payment}}
# entity/shop/payment
order_id: {type: uuid, required: true, references: {entity: entity/shop/order}}
```
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

from forge.checks.cycles import cycles
from forge.checks.subject import Subject
from forge.contracts.envelope import Kind
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.entities import Entity, ForeignKey
from forge.source import Span

RULE = Rule(
    "contract/dependency-cycle",
    Severity.ERROR,
    "the contracts depend on each other in a circle: {cycle}",
)

Edges = dict[str, dict[str, Callable[[], Span]]]
"""What each contract needs, with what finds the place where it says so."""


def check(subject: Subject) -> Iterator[Diagnostic]:
    """One cycle for each knot of contracts."""
    edges = _edges(subject)
    for cycle in cycles(edges):
        steps = list(pairwise(cycle))
        (source, target), *others = steps
        yield RULE.at(
            edges[source][target](),
            label=f"`{source}` needs `{target}`",
            related=tuple(
                Related(edges[a][b](), f"`{a}` needs `{b}`") for a, b in others
            ),
            help="let one of the references be null, or take one entry out of `requires`",
            cycle=" -> ".join(cycle),
        )


def _edges(subject: Subject) -> Edges:
    edges: Edges = {fqn: {} for fqn in subject.contracts}
    nullable: dict[str, set[str]] = {}
    for entity in subject.app.entities:
        nullable[entity.fqn] = _add_references(subject, entity, edges[entity.fqn])
    for fqn, contract in subject.contracts.items():
        for name, span in contract.requires:
            needed = fqn != name or contract.kind is Kind.MIXIN
            if name in edges and needed and name not in nullable.get(fqn, ()):
                edges[fqn].setdefault(name, partial(_same, span))
    return edges


def _add_references(
    subject: Subject, entity: Entity, edges: dict[str, Callable[[], Span]]
) -> set[str]:
    """Add what the entity's required references need; the entities of the others."""
    optional = set()
    for key in entity.all_foreign_keys():
        if key.entity not in subject.contracts:
            continue
        if all(_is_required(entity, name) for name in key.fields):
            if not _may_refer_to_itself(entity, key):
                edges.setdefault(key.entity, partial(_place, key))
        else:
            optional.add(key.entity)
    return optional - edges.keys()


def _is_required(entity: Entity, name: str) -> bool:
    field = entity.field(name)
    return field is not None and field.required


def _may_refer_to_itself(entity: Entity, key: ForeignKey) -> bool:
    """Whether a record can name its own key, because the client chooses it."""
    fields = (entity.field(name) for name in key.references)
    return key.entity == entity.fqn and all(
        f is not None and f.settable for f in fields
    )


def _same(span: Span) -> Span:
    return span


def _place(key: ForeignKey) -> Span:
    span = key.origin.at("references", "entity")
    return (
        span
        if len(key.fields) == 1 and span != key.origin.span
        else key.origin.at("entity")
    )
