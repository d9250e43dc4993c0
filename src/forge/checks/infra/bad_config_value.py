"""A setting has a value that means nothing.

## Why

`provider` is `jwt` (the service issues tokens) or `external` (somebody else does),
`roles` is a list of names, `user_entity` names an entity, and the other settings name
its fields. Of tenancy, `source` is `header`, and `header` is the name of one that nothing
else reads. Anything else would be replaced by a default without a word.

## Example

```yaml
config: {provider: oauth, roles: admin}
```

## Instead

```yaml
config: {provider: external, roles: [admin]}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from forge.checks.reporting import guesses, listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.application import Infra
from forge.ir.types import InfraCategory

RULE = Rule("infra/bad-config-value", Severity.ERROR, "`{key}` must be {wanted}")

PROVIDERS = ("jwt", "external")
SOURCES = ("header",)
_LEGAL = {"provider": PROVIDERS, "source": SOURCES}
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,62}", re.ASCII)
_READ = frozenset(
    {
        "accept",
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "host",
        "idempotency-key",
        "if-match",
        "if-none-match",
        "origin",
        "prefer",
        "transfer-encoding",
        "x-request-id",
    }
)
_FIELDS = ("identity_field", "password_field", "role_field", "active_field")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The settings of the domain's authentication and tenancy."""
    tenancy = subject.app.infra_of(InfraCategory.TENANCY)
    for infra, wrong in ((subject.auth, _wrong), (tenancy, _wrong_tenancy)):
        if infra is None or infra.fqn in subject.malformed:
            continue
        for key, wanted in wrong(infra):
            span = infra.origin.at("config", key)
            fixes = guesses(span, str(infra.config[key]), _LEGAL.get(key, ()))
            yield RULE.at(span, label="not that", fixes=fixes, key=key, wanted=wanted)


def _wrong_tenancy(tenancy: Infra) -> Iterator[tuple[str, str]]:
    config = tenancy.config
    if config.get("source", "header") not in SOURCES:
        yield "source", f"one of {listed(SOURCES)}"
    header = config.get("header", "X-Tenant-Id")
    if not (_is_text(header) and _HEADER.fullmatch(str(header))):
        yield "header", "the name of a header"
    elif str(header).lower() in _READ:
        yield "header", "a header that nothing else reads"


def _wrong(auth: Infra) -> Iterator[tuple[str, str]]:
    config = auth.config
    if config.get("provider", "jwt") not in PROVIDERS:
        yield "provider", f"one of {listed(PROVIDERS)}"
    roles = config.get("roles", ["any"])
    if not (isinstance(roles, list) and roles and all(map(_is_text, roles))):
        yield "roles", "a list of names"
    user = config.get("user_entity", "entity/")
    if not (_is_text(user) and str(user).startswith("entity/")):
        yield "user_entity", "the fully qualified name of an entity"
    for key in _FIELDS:
        if key in config and not _is_text(config[key]):
            yield key, "the name of a field"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
