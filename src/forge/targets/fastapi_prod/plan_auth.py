"""`auth/`: who may use the service, as an infra contract declares it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forge.emit import Code
from forge.emit.literals import name, py
from forge.ir.application import Application, Infra
from forge.ir.entities import Entity
from forge.ir.origin import Origin
from forge.ir.types import InfraCategory
from forge.targets.fastapi_prod.plan_names import EntityNames
from forge.targets.fastapi_prod.printing import Import, Imports, call, member

RUNTIME = "backend.runtime.auth"
BASE = "backend.repositories.base"
PASSWORD_FIELD = "password_hash"

_FIELDS = {
    "identity": ("identity_field", "email"),
    "password": ("password_field", PASSWORD_FIELD),
    "role": ("role_field", "role"),
    "active": ("active_field", ""),
}
"""Member of `UserFields` -> key of the contract, and what it is by default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthPlan:
    """The package `auth`."""

    fqn: str
    origins: tuple[Origin, ...]
    imports: tuple[Import, ...]
    config: tuple[Code, ...]
    """Arguments of `AuthConfig`."""
    users: Code | None
    """The function that gives the user entity's repository, if there is one."""


def plan_auth(ir: Application, names: Mapping[str, EntityNames]) -> AuthPlan | None:
    """The package, where the contracts ask for authentication."""
    infra = ir.infra_of(InfraCategory.AUTH)
    if infra is None:
        return None
    imports = Imports()
    entity = user_entity(ir)
    imports.use("backend.config", "SETTINGS")
    imports.use(BASE, "database")
    for runtime in ("Auth", "AuthConfig", "JWTProvider"):
        imports.use(RUNTIME, runtime)
    config = _config(ir, infra, entity, imports)
    users = None
    if entity is not None:
        users = name(imports.use(BASE, names[entity.fqn].accessor))
    return AuthPlan(
        fqn=infra.fqn,
        origins=(infra.origin, *([entity.origin] if entity else ())),
        imports=imports.of("backend.config", BASE, RUNTIME),
        config=config,
        users=users,
    )


def user_entity(ir: Application) -> Entity | None:
    """The entity whose records are the users, if the contracts name one."""
    infra = ir.infra_of(InfraCategory.AUTH)
    if infra is None:
        return None
    return ir.entity(str(infra.config.get("user_entity") or ""))


def password_field(ir: Application) -> str | None:
    """The field of the user entity that holds passwords, if there is such an entity."""
    infra = ir.infra_of(InfraCategory.AUTH)
    return None if infra is None or user_entity(ir) is None else _password_field(infra)


def _config(
    ir: Application, infra: Infra, entity: Entity | None, imports: Imports
) -> tuple[Code, ...]:
    roles = tuple(str(role) for role in infra.config.get("roles") or ())
    arguments = [Code(f"domain={py(ir.domain)}"), Code(f"roles={py(roles)}")]
    if infra.config.get("provider") == "external":
        imports.use(RUNTIME, "Provider")
        arguments.append(Code(f"provider={member('Provider', 'EXTERNAL')}"))
    fields = _user_fields(infra) if entity is not None else None
    if fields is not None:
        imports.use(RUNTIME, "UserFields")
        arguments.append(Code(f"fields={fields}"))
    users = _bootstrap(infra)
    if users:
        imports.use(RUNTIME, "BootstrapUser")
        arguments.append(Code(f"bootstrap=({''.join(f'{user}, ' for user in users)})"))
    return tuple(arguments)


def _user_fields(infra: Infra) -> Code | None:
    """What differs from the usual names."""
    chosen = {
        member: py(str(infra.config[key]))
        for member, (key, usual) in _FIELDS.items()
        if infra.config.get(key) not in (None, usual)
    }
    return call("UserFields", **chosen) if chosen else None


def _bootstrap(infra: Infra) -> tuple[Code, ...]:
    users = infra.bootstrap.get("users") or ()
    secret = ("password", "password_env", _password_field(infra))
    return tuple(
        call(
            "BootstrapUser",
            values=py({key: user[key] for key in user if key not in secret}),
            password_env=py(str(user["password_env"]))
            if "password_env" in user
            else None,
        )
        for user in _mappings(users)
    )


def _password_field(infra: Infra) -> str:
    return str(infra.config.get("password_field") or PASSWORD_FIELD)


def _mappings(values: Sequence[Any]) -> list[Mapping[str, Any]]:
    return [value for value in values if isinstance(value, Mapping)]
