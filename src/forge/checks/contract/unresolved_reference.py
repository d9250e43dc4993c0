"""A reference names a contract that does not exist.

## Why

Every contract that another one refers to has to be there: a foreign key needs its table, an entity its
workflow. A name that leads nowhere is a typing mistake or a contract that is still to be written.

## Example

```yaml
state_machine: workflow/helpdesk/ticket_lifecicle
```

## Instead

```yaml
state_machine: workflow/helpdesk/ticket_lifecycle
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.contracts.envelope import Contract
from forge.contracts.shapes import FQN
from forge.diagnostics import Diagnostic, Fix, Rule, Severity, nearest
from forge.source import Mapping, Node, Scalar, Sequence

RULE = Rule("contract/unresolved-reference", Severity.ERROR, "`{fqn}` does not exist")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every FQN in `requires` and where `spec` expects one."""
    without_library = not subject.library
    for contract in subject.contracts.values():
        for node in references(contract):
            name = node.text
            if name in subject.known or (without_library and "/stdlib/" in name):
                continue
            kind = name.partition("/")[0]
            same_kind = (fqn for fqn in subject.known if fqn.startswith(f"{kind}/"))
            guess = nearest(name, same_kind)
            yield RULE.at(
                node.span,
                label="no such contract",
                help=f"did you mean `{guess}`?" if guess else "",
                fixes=(Fix.replace(node.span, guess),) if guess else (),
                fqn=name,
            )


def references(contract: Contract) -> Iterator[Scalar]:
    """The scalars of a contract that name another one."""
    requires = contract.root.get("requires")
    if requires is not None:
        yield from _fqns(requires)
    for key in ("mixins", "state_machine", "entity"):
        node = contract.spec.get(key)
        if node is not None:
            yield from _fqns(node)
    yield from _entity_keys(contract.spec)


def _entity_keys(spec: Mapping) -> Iterator[Scalar]:
    for key in ("fields", "foreign_keys", "input", "config"):
        node = spec.get(key)
        if node is not None:
            yield from _nested(node)


def _nested(node: Node) -> Iterator[Scalar]:
    """Values of keys that hold an entity's FQN, at any depth."""
    if isinstance(node, Mapping):
        for key, value in node.entries.items():
            if key in ("entity", "user_entity"):
                yield from _fqns(value)
            elif key not in ("default", "enum", "description"):
                yield from _nested(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _nested(item)


def _fqns(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        if FQN.match(node.text):
            yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _fqns(item)
