"""Numbers without gaps: counted in the transaction that uses them.

The counter's row stays locked until the commit, so a number is taken as late as possible;
a create that fails gives its number back.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from .database import Connection, Dialect
from .entity import Entity, Field, Record, Sequence, Type


async def next_number(
    connection: Connection,
    dialect: Dialect,
    entity: Entity,
    field: Field,
    at: datetime,
    record: Record,
    sequence: Sequence | None = None,
) -> str | int:
    """The next value of a sequence field of `record`, such as `TKT-000001`.

    Every tenant has numbers of its own. `sequence` is how one operation numbers; left out,
    the field's own.
    """
    sequence = sequence or field.sequence or Sequence()
    prefix, suffix = _dated(sequence.prefix, at), _dated(sequence.suffix, at)
    owner = f"{entity.table}.{field.stored_as}"
    if entity.tenant:
        # Escaped, so that no name of a tenant reads as part of another counter's.
        owner += f"@{quote(str(record[entity.tenant]), safe='')}"
    counter = f"{owner}:{prefix}:{suffix}"
    row = await connection.fetch_one(
        "INSERT INTO specora_sequences AS counter (name, value)"
        f" VALUES ({dialect.placeholder(1)}, 1)"
        " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1"
        " RETURNING value",
        counter,
    )
    assert row is not None  # an upsert answers its row
    if field.type is Type.INTEGER:
        return int(row["value"])
    return f"{prefix}{row['value']:0{sequence.width}d}{suffix}"


def _dated(text: str, at: datetime) -> str:
    return (
        text.replace("{year}", f"{at.year:04}")
        .replace("{month}", f"{at.month:02}")
        .replace("{day}", f"{at.day:02}")
    )
