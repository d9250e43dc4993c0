"""Steps from lowered contracts to the final IR. Each takes an application and returns a new one."""

from __future__ import annotations

from collections.abc import Callable

from forge.ir.application import Application
from forge.ir.passes.add_number_fields import add_number_fields
from forge.ir.passes.bind_behaviors import bind_behaviors
from forge.ir.passes.bind_workflows import bind_workflows
from forge.ir.passes.choose_keys import choose_keys
from forge.ir.passes.complete_routes import complete_routes
from forge.ir.passes.expand_mixins import expand_mixins
from forge.ir.passes.mark_soft_deletion import mark_soft_deletion
from forge.ir.passes.protect_passwords import protect_passwords
from forge.ir.passes.resolve_references import resolve_references
from forge.ir.passes.scope_tenants import scope_tenants

Pass = Callable[[Application], Application]

PASSES: tuple[Pass, ...] = (
    expand_mixins,
    mark_soft_deletion,
    scope_tenants,
    bind_workflows,
    add_number_fields,
    choose_keys,
    protect_passwords,
    resolve_references,
    complete_routes,
    bind_behaviors,
)
"""In the order in which they run: each relies on those before it."""
