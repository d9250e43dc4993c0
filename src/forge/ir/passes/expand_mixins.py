"""Take over the fields of mixins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, TypeVar

from forge.ir.application import Application, Mixin
from forge.ir.entities import Entity, Field, Fields
from forge.ir.tenants import TENANT_SCOPED


def expand_mixins(app: Application) -> Application:
    """Give every entity the fields of its mixins, and of the mixins that these require.

    A field that the entity declares itself wins; two mixins with one field name are a
    fault that a rule reports, and the first of them stands.
    """
    mixins = {m.fqn: m for m in (*app.library, *app.mixins) if isinstance(m, Mixin)}
    return replace(app, entities=tuple(_expand(e, mixins) for e in app.entities))


class Requiring(Protocol):
    """A mixin, as far as it says which others it needs."""

    @property
    def requires(self) -> tuple[str, ...]: ...


Mixed = TypeVar("Mixed", bound=Requiring)


def applied_mixins(
    names: tuple[str, ...], mixins: Mapping[str, Mixed]
) -> tuple[Mixed, ...]:
    """The mixins that `names` stand for, required ones first, each once."""
    found: dict[str, Mixed] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        mixin = mixins.get(name)
        if mixin is None or name in found or name in path:
            return
        for required in mixin.requires:
            visit(required, (*path, name))
        found[name] = mixin

    for name in names:
        visit(name, ())
    return tuple(found.values())


def _expand(entity: Entity, mixins: dict[str, Mixin]) -> Entity:
    if not entity.mixins:
        return entity
    applied = applied_mixins(entity.mixins, mixins)
    fields: dict[str, Field] = {}
    keys: dict[str, Field] = {}
    for mixin in applied:
        for field in mixin.fields:
            place = keys if field.name == "id" else fields
            place.setdefault(field.name, field)
    own = {f.name: f for f in entity.fields}
    leading = [f for f in keys.values() if f.name not in own]
    trailing = [f for f in fields.values() if f.name not in own]
    names = tuple(m.fqn for m in applied)
    missing = tuple(name for name in entity.mixins if name not in mixins)
    return replace(
        entity,
        fields=Fields((*leading, *entity.fields, *trailing)),
        mixins=names + missing,
        tenant_scoped=entity.tenant_scoped or TENANT_SCOPED in names,
    )
