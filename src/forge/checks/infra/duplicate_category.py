"""Two infra contracts are of one category.

## Why

A service has one configuration of each kind. The second contract would have no effect.

## Example

```yaml
# infra/helpdesk/auth and infra/helpdesk/login
category: auth
```

## Instead

```yaml
# infra/helpdesk/auth alone
category: auth
```
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule, Severity
from forge.ir.application import Infra
from forge.ir.types import InfraCategory

RULE = Rule(
    "infra/duplicate-category",
    Severity.ERROR,
    "`{fqn}` is of category `{category}`, as `{other}` is",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The category of every infra contract."""
    seen: dict[InfraCategory, Infra] = {}
    for infra in subject.app.infra:
        if infra.fqn in subject.malformed:
            continue
        first = seen.setdefault(infra.category, infra)
        if first is not infra:
            yield RULE.at(
                infra.origin.at("category"),
                label="again",
                related=(Related(first.origin.at("category"), "first here"),),
                help="move the settings into one contract",
                fqn=infra.fqn,
                category=infra.category,
                other=first.fqn,
            )
