"""The field that holds passwords is never shown, and takes what a password may be."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from forge.ir.application import Application
from forge.ir.entities import Constraints, Entity, Field, Fields
from forge.ir.types import InfraCategory

DEFAULT_FIELD: Final = "password_hash"
MIN_LENGTH: Final = 8
MAX_LENGTH: Final = 1024
"""The service refuses what lies outside, whatever the contract says."""

_SHORTEST_HASH: Final = 95
"""Characters of an argon2id hash. It is stored under the same bounds as the password."""


def protect_passwords(app: Application) -> Application:
    """Mark the password field of the user entity as sensitive, and bound its length."""
    auth = app.infra_of(InfraCategory.AUTH)
    if auth is None:
        return app
    users = auth.config.get("user_entity")
    name = auth.config.get("password_field") or DEFAULT_FIELD
    return replace(
        app,
        entities=tuple(
            _protect(entity, str(name)) if entity.fqn == users else entity
            for entity in app.entities
        ),
    )


def _protect(entity: Entity, name: str) -> Entity:
    return replace(
        entity,
        fields=Fields(
            _password(field) if field.name == name else field for field in entity.fields
        ),
    )


def _password(field: Field) -> Field:
    least = field.constraints.min_length or 0
    return replace(
        field,
        sensitive=True,
        constraints=Constraints(
            min_length=min(max(least, MIN_LENGTH), _SHORTEST_HASH),
            max_length=MAX_LENGTH,
        ),
    )
