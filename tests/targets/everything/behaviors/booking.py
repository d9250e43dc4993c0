"""What the contracts of bookings leave to code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.context import Context
    from backend.runtime.entity import Record


async def before_create(ctx: Context, data: Record) -> Record:
    """Store what was sent."""
    return data


def is_nobody(guest: str) -> bool:
    """Whether a name says that there is no guest."""
    return not guest.strip()
