"""A contract names another domain than the contracts beside it.

## Why

A folder is one domain. What belongs to another one is compiled, deployed and owned
elsewhere; here it is nearly always a mistyped name, and whatever refers to it by the
right one finds nothing.

## Example

```yaml
metadata: {name: ticket, domain: helpdsk}
```

## Instead

```yaml
metadata: {name: ticket, domain: helpdesk}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import yaml_text
from forge.checks.subject import Subject, place_of, written_at
from forge.diagnostics import Diagnostic, Fix, Related, Rule, Severity
from forge.ir.origin import Origin

RULE = Rule(
    "project/foreign-domain",
    Severity.ERROR,
    "the domain is `{found}`, but the other contracts here are of `{domain}`",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The domain of every contract against that of most of them."""
    domain = subject.app.domain
    native = [c for c in subject.contracts.values() if c.domain == domain]
    for contract in subject.contracts.values():
        if contract.domain == domain:
            continue
        node = written_at(Origin(contract.fqn, contract.root), "metadata", "domain")
        if node is None or not subject.sound(node):
            continue
        span = node.span
        yield RULE.at(
            span,
            label="another domain",
            related=(Related(place_of(native[0]), f"one of `{domain}`"),),
            help="move the contract to a folder of its own, or correct the name",
            fixes=(Fix.replace(span, yaml_text(domain)),),
            found=contract.domain,
            domain=domain,
        )
