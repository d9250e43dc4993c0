"""The first users of an empty database."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ..database import Connection, Database, retrying
from ..entity import Entity
from ..errors import Invalid, UniqueConflict, UnknownReference
from ..settings import SettingsError
from .config import BootstrapUser
from .passwords import HashedPassword, check_password, hash_password
from .users import UserStore

_LOCK: Final = 0x5EC0_A074
"""Key of the PostgreSQL lock under which one instance creates the users."""

_log = logging.getLogger(__name__)


async def bootstrap(
    users: UserStore,
    database: Database,
    entries: Sequence[BootstrapUser],
    environ: Mapping[str, str],
    *,
    production: bool,
) -> None:
    """Create the contract's users where no user is stored.

    Without a password in the environment, development gets a random one, written to the
    log once. Raises `SettingsError` in production, which must not log passwords.
    """
    wanted = [entry for entry in entries if _complete(entry, users)]
    if not wanted or not await users.empty():
        return
    missing = {e.password_env for e in wanted if not environ.get(e.password_env)}
    if missing and production:
        raise SettingsError(
            tuple(
                f"{name} must hold the password of the first users: none is stored"
                for name in sorted(missing)
            )
        )
    first = [await _first(entry, environ) for entry in wanted]

    async def create(connection: Connection) -> list[_First]:
        # Two instances that start together must not both find the table empty.
        if database.dialect.name == "postgresql":
            await connection.fetch(f"SELECT pg_advisory_xact_lock({_LOCK})")
        if not await users.empty():
            return []
        return [one for one in first if await _created(users, one)]

    for one in await retrying(database, create):
        _announce(one, users)


@dataclass(frozen=True, slots=True)
class _First:
    """A user to create, and the password where it is a random one."""

    entry: BootstrapUser
    hashed: HashedPassword
    random: str


async def _first(entry: BootstrapUser, environ: Mapping[str, str]) -> _First:
    given = environ.get(entry.password_env, "")
    random = "" if given else secrets.token_urlsafe(15)
    try:
        password = check_password(given or random, entry.password_env)
    except Invalid as fault:
        detail = fault.errors[0].detail
        raise SettingsError((f"{entry.password_env} {detail}",)) from None
    return _First(entry, await hash_password(password), random)


async def _created(users: UserStore, one: _First) -> bool:
    try:
        await users.create(one.entry.values, one.hashed)
    except (Invalid, UniqueConflict, UnknownReference) as fault:
        name = one.entry.values.get(users.fields.identity)
        _log.warning("bootstrap user %s is not created: %s", name, fault)
        return False
    return True


def _announce(one: _First, users: UserStore) -> None:
    name, variable = one.entry.values.get(users.fields.identity), one.entry.password_env
    if one.random:
        _log.warning(
            "created user %s with the password %s (shown once; set %s to choose it)",
            name,
            one.random,
            variable,
        )
    else:
        _log.info("created user %s with the password in %s", name, variable)


def _complete(entry: BootstrapUser, users: UserStore) -> bool:
    entity = users.entity
    missing = missing_fields(entry.values, entity, users.fields.password)
    if missing:
        _log.warning(
            "bootstrap user %s is skipped: `%s` requires %s, which the contract leaves out",
            entry.values.get(users.fields.identity),
            entity.name,
            ", ".join(f"`{name}`" for name in missing),
        )
    return not missing


def missing_fields(
    values: Mapping[str, Any], entity: Entity, password_field: str
) -> list[str]:
    """The fields that a record of `entity` needs and `values` does not have."""
    state = entity.workflow.field if entity.workflow else ""
    return [
        field.name
        for field in entity.fields
        if field.required
        and field.computed is None
        and field.default is None
        and field.name not in (password_field, state)
        and values.get(field.name) is None
    ]
