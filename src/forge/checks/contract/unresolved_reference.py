"""A reference names a contract that does not exist.

## Why

Every contract that another one refers to has to be there: a foreign key needs its
table, an entity its workflow. A name that leads nowhere is a typing mistake or a
contract that is still to be written.

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

from forge.checks.reporting import yaml_text
from forge.checks.subject import Subject
from forge.contracts.references import references
from forge.diagnostics import Diagnostic, Fix, Rule, Severity, nearest

RULE = Rule("contract/unresolved-reference", Severity.ERROR, "`{fqn}` does not exist")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Every FQN in `requires` and where `spec` expects one."""
    without_library = not subject.library
    strays = _strays(subject)
    for contract in subject.contracts.values():
        for node in references(contract):
            name = node.text
            if name in subject.known or (without_library and "/stdlib/" in name):
                continue
            if _nameless(name) in strays or not subject.sound(node):
                continue
            kind = name.partition("/")[0]
            same_kind = (fqn for fqn in subject.known if fqn.startswith(f"{kind}/"))
            guess = nearest(name, same_kind)
            yield RULE.at(
                node.span,
                label="no such contract",
                help=f"did you mean `{guess}`?" if guess else "",
                fixes=(Fix.replace(node.span, yaml_text(guess)),) if guess else (),
                fqn=name,
            )


def _strays(subject: Subject) -> frozenset[tuple[str, str]]:
    """Kind and name of contracts that stand in a wrong domain, which is reported there."""
    domain = subject.app.domain
    return frozenset(
        _nameless(fqn) for fqn, c in subject.contracts.items() if c.domain != domain
    )


def _nameless(fqn: str) -> tuple[str, str]:
    """Kind and name, without the domain."""
    kind, _, rest = fqn.partition("/")
    return kind, rest.rpartition("/")[2]
