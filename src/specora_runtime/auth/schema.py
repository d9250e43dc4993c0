"""The tables that authentication keeps for itself."""

from __future__ import annotations

from typing import Final

from ..database import Connection, Database, retrying
from ..entity import Computed, Entity, Field, Type, Unique

REFRESH_TOKENS: Final = "auth_refresh_tokens"
USERS: Final = "auth_users"

AUTH_USER: Final = Entity(
    name="auth_user",
    table=USERS,
    fields=(
        Field(
            name="id",
            type=Type.UUID,
            required=True,
            immutable=True,
            computed=Computed.UUID,
        ),
        Field(name="email", type=Type.EMAIL, required=True),
        Field(name="password_hash", type=Type.STRING, required=True, sensitive=True),
        Field(name="role", type=Type.STRING, required=True),
        Field(name="active", type=Type.BOOLEAN, required=True, default=True),
        Field(
            name="created_at",
            type=Type.DATETIME,
            required=True,
            immutable=True,
            computed=Computed.NOW,
        ),
    ),
    unique=(Unique(fields=("email",), constraint="auth_users_email_key"),),
)
"""The users of a domain whose contract names no entity for them."""

_LOCK: Final = 0x5EC0_A073
"""Key of the PostgreSQL lock under which one instance creates the tables."""

_COLUMNS: Final = {
    REFRESH_TOKENS: (
        "id {key} PRIMARY KEY, family {key}, user_id {text}, stamp {text}, "
        "expires_at {integer} NOT NULL, used_at {integer}"
    ),
    USERS: (
        "id {uuid} PRIMARY KEY, email {key} CONSTRAINT auth_users_email_key UNIQUE, "
        "password_hash {text}, role {text}, active {boolean}, created_at {datetime}"
    ),
}
"""Times of tokens are seconds of the epoch, which every dialect compares alike."""

_TYPES: Final = {
    "sqlite": {
        **dict.fromkeys(("key", "text", "uuid", "datetime"), "TEXT NOT NULL"),
        "boolean": "INTEGER NOT NULL",
        "integer": "INTEGER",
    },
    "postgresql": {
        "key": 'text COLLATE "C" NOT NULL',
        "text": "text NOT NULL",
        "uuid": "uuid NOT NULL",
        "datetime": "timestamptz NOT NULL",
        "boolean": "boolean NOT NULL",
        "integer": "bigint",
    },
}

_INDEXES: Final = tuple(
    f"CREATE INDEX IF NOT EXISTS {REFRESH_TOKENS}_{column} ON {REFRESH_TOKENS} ({column})"
    for column in ("family", "expires_at")
)


class Tables:
    """The tables in one database, created when they are first needed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._created = False

    async def database(self) -> Database:
        """The database, which has the tables."""
        if not self._created:
            await retrying(self._database, self._create)
            self._created = True
        return self._database

    def forget(self) -> None:
        """Look again on the next use: the database was closed."""
        self._created = False

    async def _create(self, connection: Connection) -> None:
        dialect = self._database.dialect.name
        # PostgreSQL lets two instances at once fail over one CREATE IF NOT EXISTS.
        if dialect == "postgresql":
            await connection.fetch(f"SELECT pg_advisory_xact_lock({_LOCK})")
        for table, columns in _COLUMNS.items():
            text = columns.format_map(_TYPES[dialect])
            await connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({text})")
        for statement in _INDEXES:
            await connection.execute(statement)
