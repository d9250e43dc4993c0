"""Roles, rules, fills and declared filters, broken: parts that only the domain `rare` has."""

from mutation import mutation
from mutations_of_relations import BESIDE_DELETED

RARE = (
    *BESIDE_DELETED,
    mutation(
        "roles are not enforced",
        "people::Access",
        ("security.py", "if not caller.has_one_of(roles):", "if False:"),
    ),
    mutation(
        "nobody needs a token",
        "people::Access",
        ("auth/authenticator.py", "if not self.enabled:", "if True:"),
    ),
    mutation(
        "the roles of a step are not enforced",
        "passports::Transitions",
        ("transitions.py", "if not caller.has_one_of(guard.roles):", "if False:"),
    ),
    mutation(
        "the steps of a variant do not hold",
        "passports::Transitions",
        ("entity.py", "        if self.variant_field:\n", "        if False:\n"),
    ),
    mutation(
        "rules are not checked",
        "boxes::Refusing",
        ("writing.py", "if not rule.function(record, caller)", "if False"),
    ),
    mutation(
        "what an endpoint fills stays empty",
        "boxes::Creating",
        (
            "changes.py",
            "await self._apply(connection, record, self._extra.fills)",
            "pass",
        ),
    ),
    mutation(
        "a list is filtered by fields that the contract leaves out",
        "boxes::Filtering",
        (
            "filters.py",
            "open_to_filters = filterable is None or",
            "open_to_filters = True or",
        ),
    ),
    mutation(
        "a unique secret is not unique",
        "people::Refusing",
        (
            "database/schema.sqlite.sql",
            'CREATE UNIQUE INDEX IF NOT EXISTS "people_secret_key"',
            'CREATE INDEX IF NOT EXISTS "people_secret_key"',
        ),
    ),
)
