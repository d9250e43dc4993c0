"""Tenants, soft deletion and demanded versions, broken."""

from mutation import mutation

APART = (
    mutation(
        "the rows of all tenants are reached",
        "rooms::Separating",
        (
            "visibility.py",
            "    if entity.tenant and not sight.every_tenant:\n",
            "    if False:\n",
        ),
        (
            "visibility.py",
            "    if not entity.tenant or sight.every_tenant:\n",
            "    if True:\n",
        ),
    ),
    mutation(
        "writes need no tenant",
        "rooms::Separating",
        (
            "tenancy.py",
            "if entity.tenant and tenant_value(entity, caller.tenant) is None:",
            "if False:",
        ),
    ),
    mutation(
        "a request names its tenant for nothing",
        "rooms::Separating",
        (
            "tenancy.py",
            "return replace(caller, tenant=self.tenant_of(request))",
            'return replace(caller, tenant="everybody")',
        ),
    ),
    mutation(
        "numbers are shared by the tenants",
        "rooms::Separating",
        ("sequences.py", "    if entity.tenant:\n", "    if False:\n"),
    ),
    mutation(
        "references lead to other tenants",
        "guests::Separating",
        (
            "references.py",
            "bool(target.soft_delete or target.tenant)",
            "False",
        ),
    ),
    mutation(
        "a living record is restored",
        "rooms::Restoring",
        (
            "changes.py",
            "buried = sight_of(self._caller, Deleted.ONLY)",
            "buried = sight_of(self._caller, Deleted.INCLUDE)",
        ),
    ),
    mutation(
        "a restored record stays deleted",
        "rooms::Restoring",
        (
            "changes.py",
            "after = before | {self._entity.soft_delete: None}",
            "after = dict(before)",
        ),
    ),
    mutation(
        "living and deleted records are confused",
        "rooms::Restoring",
        (
            "visibility.py",
            '"IS NULL" if sight.deleted is Deleted.EXCLUDE',
            '"IS NULL" if sight.deleted is Deleted.ONLY',
        ),
    ),
    mutation(
        "deleted records are left out of those with them",
        "rooms::Restoring",
        (
            "visibility.py",
            "sight.deleted is not Deleted.INCLUDE",
            "sight.deleted is not None",
        ),
    ),
    mutation(
        "deleted records are shown to everybody",
        "rooms::Deleting",
        (
            "visibility.py",
            "    if entity.soft_delete and sight.deleted is not Deleted.INCLUDE:\n",
            "    if False:\n",
        ),
    ),
    mutation(
        "no version is demanded",
        "guests::Updating",
        (
            "endpoints.py",
            "if if_match is None and self.collection.if_match_required:",
            "if False:",
        ),
    ),
)
