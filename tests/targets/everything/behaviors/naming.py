"""Names for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.context import Context
    from backend.runtime.entity import Record


def labelled(name: str, place: str | None, most: int = 80) -> str:
    """A name with its place, cut where it is long."""
    return f"{name} ({place})"[:most]


async def tell(ctx: Context, record: Record) -> None:
    """Called by nothing."""
