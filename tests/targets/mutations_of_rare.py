"""Roles, rules, fills and declared filters, broken: parts that only the domain `rare` has."""

from mutation import MODELS, SCHEMA, mutation
from mutations_of_relations import BESIDE_DELETED
from mutations_of_searching import SEARCHES

RARE = (
    *BESIDE_DELETED,
    *SEARCHES,
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
    mutation(
        "a body may set the tenant",
        "memos::Refusing",
        (
            MODELS,
            "    detail: JsonObject | None = None\n\n\nclass MemoUpdate",
            "    detail: JsonObject | None = None\n"
            "    tenant_id: Text | None = None\n\n\nclass MemoUpdate",
        ),
        (
            "writes.py",
            "given, own = record[name], fill(caller, at)",
            "given, own = record[name], record[name] or fill(caller, at)",
        ),
    ),
    mutation(
        "a change moves a record to another tenant",
        "memos::Refusing",
        (
            MODELS,
            "    detail: JsonObject | None = UNSET\n",
            "    detail: JsonObject | None = UNSET\n"
            "    tenant_id: Text | None = UNSET\n",
        ),
        ("writes.py", "            name in reserved\n", "            False\n"),
        ("writes.py", "            or entity.by_name[name].immutable\n", ""),
    ),
    mutation(
        "a value that one tenant has is taken for all",
        "memos::Separating",
        (SCHEMA, 'UNIQUE ("tenant_id", "title")', 'UNIQUE ("title")'),
    ),
    mutation(
        "a change need not name its version",
        "memos::Updating",
        (
            "endpoints.py",
            "if if_match is None and self.collection.if_match_required:",
            "if False:",
        ),
    ),
    mutation(
        "deleted records are shown to who may not delete",
        "people::Restoring",
        (
            "buried.py",
            "if wanted is not Deleted.EXCLUDE and not caller.has_one_of(deletes.roles):",
            "if False:",
        ),
    ),
    mutation(
        "a bulk does what the roles of its operations forbid",
        "people::Bulk",
        ("bulk.py", "if not self.caller.has_one_of(operation.roles):", "if False:"),
    ),
)
