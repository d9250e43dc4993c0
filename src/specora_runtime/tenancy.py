"""Whose records a request is about: the header that names a tenant."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from starlette.requests import Request

from .entity import Caller, Entity
from .errors import TenantRequired
from .security import EVERYONE, Authenticator
from .visibility import tenant_value

MAX_LENGTH: Final = 128
_NAME: Final = re.compile(rf"[!-~]{{1,{MAX_LENGTH}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenancy:
    """How the requests to a service name their tenant."""

    header: str

    def tenant_of(self, request: Request) -> str | None:
        """The one tenant that a request names, if it names one."""
        named = request.headers.getlist(self.header)
        # Of two headers, a proxy may have checked the other one.
        if len(named) != 1 or _NAME.fullmatch(named[0]) is None:
            return None
        return named[0]

    def demand(self, entity: Entity, caller: Caller) -> None:
        """Raise `TenantRequired` where a record is written for nobody."""
        if entity.tenant and tenant_value(entity, caller.tenant) is None:
            raise TenantRequired(self.header)

    def authenticator(self, auth: Authenticator | None) -> Authenticator:
        """`auth`, whose callers act for the tenant that their request names."""

        async def authenticate(request: Request) -> Caller:
            caller = EVERYONE if auth is None else await auth(request)
            return replace(caller, tenant=self.tenant_of(request))

        return authenticate
