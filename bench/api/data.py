"""The rows of every service: 10,000 tickets of 200 customers, the same everywhere."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any
from uuid import UUID

TICKETS = 10_000
CUSTOMERS = 200

_CUSTOMERS = """
INSERT INTO customers (id, name, email, created_at)
SELECT md5('c' || i)::uuid, 'Customer ' || i, 'c' || i || '@example.com', now()
FROM generate_series(1, 200) AS i
"""
_TICKETS = """
INSERT INTO tickets
    (id, customer_id, subject, body, status, priority, created_at, updated_at)
SELECT md5('t' || i)::uuid, md5('c' || (1 + i % 200))::uuid, 'Ticket number ' || i,
    repeat('lorem ipsum ', 6) || i, (ARRAY['open', 'pending', 'closed'])[1 + i % 3],
    1 + i % 5, now() - (i || ' seconds')::interval, now()
FROM generate_series(1, 10000) AS i
"""
LOAD = (_CUSTOMERS, _TICKETS)

REFERENCE_TABLES = (
    """
    CREATE TABLE customers (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name text NOT NULL,
        email text NOT NULL UNIQUE,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    CREATE TABLE tickets (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        customer_id uuid NOT NULL REFERENCES customers (id),
        subject text NOT NULL,
        body text NOT NULL,
        status text NOT NULL DEFAULT 'open'
            CHECK (status IN ('open', 'pending', 'closed')),
        priority integer NOT NULL DEFAULT 3,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    "CREATE INDEX tickets_customer_created ON tickets (customer_id, created_at DESC)",
)
"""The table of the hand-written services, with the defaults that they leave to it."""

CLEAN = ("DELETE FROM tickets WHERE subject = 'bench'", "VACUUM ANALYZE tickets")
"""Back to the loaded rows, so that every round measures the same table."""


def identifier(text: str) -> str:
    """The UUID that PostgreSQL makes of `md5(text)`."""
    return str(UUID(md5(text.encode(), usedforsecurity=False).hexdigest()))


def write_ids(folder: Path) -> tuple[Path, Path]:
    """The ids of the tickets and of the customers, one a line."""
    paths = folder / "tickets.txt", folder / "customers.txt"
    for path, letter, count in zip(paths, "tc", (TICKETS, CUSTOMERS), strict=True):
        ids = (identifier(f"{letter}{number}") for number in range(1, count + 1))
        path.write_text("\n".join(ids) + "\n")
    return paths


def execute(url: str, statements: Sequence[str]) -> None:
    """Run statements on PostgreSQL, each by itself."""

    async def run() -> None:
        import asyncpg

        session = await asyncpg.connect(url)
        try:
            for statement in statements:
                await session.execute(statement)
        finally:
            await session.close()

    asyncio.run(run())


def load_sqlite(path: Path) -> None:
    """The same rows in a file."""
    now = datetime.now(UTC)
    customers = [
        (identifier(f"c{i}"), f"Customer {i}", f"c{i}@example.com", _text(now))
        for i in range(1, CUSTOMERS + 1)
    ]
    tickets: list[tuple[Any, ...]] = [
        (
            identifier(f"t{i}"),
            identifier(f"c{1 + i % CUSTOMERS}"),
            f"Ticket number {i}",
            "lorem ipsum " * 6 + str(i),
            ("open", "pending", "closed")[i % 3],
            1 + i % 5,
            _text(now - timedelta(seconds=i)),
            _text(now),
        )
        for i in range(1, TICKETS + 1)
    ]
    with sqlite3.connect(path) as connection:
        connection.executemany(
            "INSERT INTO customers (id, name, email, created_at) VALUES (?, ?, ?, ?)",
            customers,
        )
        connection.executemany(
            "INSERT INTO tickets (id, customer_id, subject, body, status, priority,"
            " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            tickets,
        )
    connection.close()


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
