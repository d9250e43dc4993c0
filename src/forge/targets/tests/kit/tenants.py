"""The tenants that the tests act for."""

from __future__ import annotations

from uuid import UUID, uuid4

from .declarations import Resource

_TENANT, _OTHER = uuid4(), uuid4()
"""New in every run, so that a service which was there before holds none of their records."""


def header_of(resource: Resource, *, other: bool = False) -> dict[str, str]:
    """The header that names the tenant of the tests, or another one."""
    tenant = _OTHER if other else _TENANT
    integer = resource.field(resource.tenant).type == "integer"
    return {resource.tenant_header: _number(tenant) if integer else str(tenant)}


def _number(tenant: UUID) -> str:
    return str(tenant.int % 2**31)


def absent(resource: Resource) -> dict[str, str]:
    """The header of a request that names no tenant."""
    return {resource.tenant_header: ""}
