from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.context import Context, Record


async def refund(ctx: Context, record: Record) -> None:
    """Called by a side effect: what it writes belongs to the transition."""
    if record["label"] == "uninsured":
        ctx.refuse("nothing pays for this", status=409)
    note = f"refunded from {ctx.before['state'] if ctx.before else '?'}"
    parcels = ctx.repositories.parcel
    await parcels.update(record["id"], {"note": note}, caller=ctx.caller)
