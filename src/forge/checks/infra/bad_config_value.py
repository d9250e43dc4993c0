"""A setting of authentication has a value that means nothing.

## Why

`provider` is `jwt` (the service issues tokens) or `external` (somebody else does),
`roles` is a list of names, `user_entity` names an entity, and the other settings name
its fields. Anything else would be replaced by a default without a word.

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

from collections.abc import Iterator

from forge.checks.reporting import guesses, listed
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.application import Infra

RULE = Rule("infra/bad-config-value", Severity.ERROR, "`{key}` must be {wanted}")

PROVIDERS = ("jwt", "external")
_FIELDS = ("identity_field", "password_field", "role_field", "active_field")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """The settings of the domain's authentication."""
    auth = subject.auth
    if auth is None or auth.fqn in subject.malformed:
        return
    for key, wanted in _wrong(auth):
        span = auth.origin.at("config", key)
        value = str(auth.config[key])
        fixes = guesses(span, value, PROVIDERS) if key == "provider" else ()
        yield RULE.at(span, label="not that", fixes=fixes, key=key, wanted=wanted)


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
