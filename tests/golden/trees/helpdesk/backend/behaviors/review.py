"""What the contracts of reviews leave to code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.context import Context
    from backend.runtime.entity import Record

POOR = 2


async def after_create(ctx: Context, record: Record) -> None:
    """Tell whoever listens that somebody is not content."""
    if record["rating"] <= POOR:
        await ctx.emit("review.poor", record)
