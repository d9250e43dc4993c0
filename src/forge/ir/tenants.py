"""What tenant-scoped entities have in common."""

from __future__ import annotations

from typing import Final

TENANT_SCOPED: Final = "mixin/stdlib/tenant_scoped"
TENANT_ID: Final = "tenant_id"
"""The field that holds the tenant."""
HEADER: Final = "X-Tenant-Id"
"""Names the tenant of a request, where no contract names another header."""
MAX_LENGTH: Final = 128
"""The longest tenant that the service reads."""
