"""Roles that contracts name, against those that the domain has."""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.reporting import choices, guesses
from forge.checks.subject import Subject
from forge.diagnostics import Diagnostic, Related, Rule
from forge.ir.origin import Origin


def unknown(
    rule: Rule, subject: Subject, origin: Origin, roles: tuple[str, ...]
) -> Iterator[Diagnostic]:
    """The faults of roles, listed under `roles` at `origin`, that the domain does not have."""
    known, auth = subject.roles, subject.auth
    if known is None or auth is None or auth.fqn in subject.malformed:
        return
    for number, role in enumerate(roles):
        if role not in known:
            span = origin.at("roles", number)
            yield rule.at(
                span,
                label="no such role",
                related=(Related(auth.origin.at("config", "roles"), "the roles"),),
                help=choices(role, sorted(known), "the roles are"),
                fixes=guesses(span, role, known),
                role=role,
            )
