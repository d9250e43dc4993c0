"""What the contracts of tickets leave to code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.context import Context
    from backend.models import EscalateTicketBody
    from backend.runtime.entity import Record

PRIORITIES = ("low", "medium", "high", "critical")


async def escalate(ctx: Context, record: Record, body: EscalateTicketBody) -> Record:
    """Raise the priority by some steps: `POST /tickets/{id}/escalate`."""
    place = PRIORITIES.index(record["priority"]) + body.steps
    if place >= len(PRIORITIES):
        ctx.refuse("nothing comes after `critical`", field="steps", status=409)
    after = await ctx.repositories.ticket.update(
        record["id"], {"priority": PRIORITIES[place]}, caller=ctx.caller
    )
    assert after is not None  # the record is locked
    await ctx.emit("ticket.escalated", after)
    return after
