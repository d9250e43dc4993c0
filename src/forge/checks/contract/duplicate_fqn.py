"""Two contracts have one fully qualified name.

## Why

References go by name. With two contracts of one name one of them would be dropped, and
which one would depend on the order of files.

## Example

```yaml
# entities/ticket.contract.yaml and entities/old_ticket.contract.yaml
metadata: {name: ticket, domain: helpdesk}
```

## Instead

```yaml
metadata: {name: archived_ticket, domain: helpdesk}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject, place_of
from forge.diagnostics import Diagnostic, Related, Rule, Severity

RULE = Rule(
    "contract/duplicate-fqn", Severity.ERROR, "`{fqn}` is the name of two contracts"
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Each contract whose name is taken."""
    for contract, first in subject.repeated:
        yield RULE.at(
            place_of(contract),
            label="named again here",
            related=(Related(place_of(first), "first named here"),),
            help="rename one of the two, or delete it",
            fqn=contract.fqn,
        )
