from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.context import Context, Record


async def before_update(ctx: Context, data: Record) -> Record:
    if data.get("parcels", 0) < 0:
        ctx.refuse("no depot holds less than nothing", field="parcels")
    return data
