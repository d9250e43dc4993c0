"""Give the records of tenant-scoped entities the field that holds their tenant."""

from __future__ import annotations

from dataclasses import replace

from forge.ir.application import Application
from forge.ir.entities import Constraints, Entity, Field, Fields
from forge.ir.tenants import HEADER, MAX_LENGTH, TENANT_ID
from forge.ir.types import FieldType, InfraCategory


def scope_tenants(app: Application) -> Application:
    """Name the field and the header, and keep clients from setting the field."""
    if not any(entity.tenant_scoped for entity in app.entities):
        return app
    header = _header(app)
    return replace(app, entities=tuple(_scope(e, header) for e in app.entities))


def _header(app: Application) -> str:
    tenancy = app.infra_of(InfraCategory.TENANCY)
    return str((tenancy.config if tenancy else {}).get("header") or HEADER)


def _scope(entity: Entity, header: str) -> Entity:
    if not entity.tenant_scoped:
        return entity
    declared = entity.field(TENANT_ID)
    tenant = declared or Field(
        name=TENANT_ID,
        type=FieldType.STRING,
        column=TENANT_ID,
        description="The tenant that the record belongs to",
        origin=entity.origin,
    )
    tenant = replace(
        tenant,
        required=True,
        immutable=True,
        managed=True,
        default=None,
        constraints=_bounded(tenant),
    )
    if declared:
        fields = Fields(tenant if f.name == TENANT_ID else f for f in entity.fields)
    else:
        fields = Fields((*entity.fields, tenant))
    return replace(entity, fields=fields, tenant=TENANT_ID, tenant_header=header)


def _bounded(field: Field) -> Constraints:
    """The constraints of the field; a text fits into a header."""
    if field.type is not FieldType.STRING:
        return field.constraints
    most = min(field.constraints.max_length or MAX_LENGTH, MAX_LENGTH)
    return replace(field.constraints, max_length=most)
