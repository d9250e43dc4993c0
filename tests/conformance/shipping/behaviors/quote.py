"""What expressions about quotes call."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.context import Context, Record


async def before_update(ctx: Context, data: Record) -> Record:
    assert ctx.before is not None
    if ctx.before["deleted_at"] is not None:
        raise AssertionError("a restore is no update")
    return data


async def before_restore(ctx: Context, record: Record) -> None:
    assert record["deleted_at"] is not None
    if record["title"] == "gone for good":
        ctx.refuse("stays deleted", status=409)
    await ctx.repositories.quote.create({"title": f"before {record['title']}"})


async def after_restore(ctx: Context, record: Record) -> None:
    assert ctx.before is not None
    deleted = ctx.before["deleted_at"] is not None
    note = f"back: {deleted} {record['deleted_at']}"
    await ctx.repositories.quote.update(record["id"], {"note": note})
    if record["title"] == "stumbles":
        ctx.refuse("not after all", status=403)


def slug(title: str) -> str:
    if title == "later":
        raise NotImplementedError
    return "-".join(title.lower().split())


def stamped(word: str, role: str | None) -> str:
    return f"{word} by {role or 'nobody'}"
