"""Handlers and hooks of parcels."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backend.context import Context, Record
    from backend.models import (
        CopyParcelBody,
        FailParcelAnswer,
        LoadParcelAnswer,
        LoadParcelBody,
        SwapParcelBody,
    )


async def load(ctx: Context, record: Record, body: LoadParcelBody) -> LoadParcelAnswer:
    from backend.models import LoadParcelAnswer

    if body.amount == 13:
        ctx.refuse("not thirteen", field="amount", code="unlucky", status=409)
    weight = record["weight"] + body.amount
    await ctx.repositories.parcel.update(record["id"], {"weight": weight})
    await ctx.emit("parcel.loaded", record)
    return LoadParcelAnswer(weight=weight, at=body.at, price=Decimal("1.50"))


async def heavy(ctx: Context) -> list[Record]:
    filters = {"weight[gte]": 100, "label[startswith]": "heavy"}
    records, _ = await ctx.repositories.parcel.list(filters=filters)
    return records


async def by_label(ctx: Context, label: str) -> Record:
    found, _ = await ctx.repositories.parcel.list(filters={"label": label})
    if not found:
        ctx.refuse(f"no parcel is called {label}", status=404)
    return found[0]


async def copy(ctx: Context, body: CopyParcelBody) -> Record:
    data = body.model_dump(exclude_none=True)
    first = await ctx.repositories.parcel.create(data, caller=ctx.caller)
    if first["label"] == "copy twice":
        # The label is unique: everything is undone.
        await ctx.repositories.parcel.create(data, caller=ctx.caller)
    return first


async def step(ctx: Context, record: Record, code: str, step: str) -> str:
    return f"{record['label']} at {code}: {step}"


async def forget(ctx: Context, record: Record) -> None:
    await ctx.repositories.parcel.delete(record["id"], caller=ctx.caller)


async def later(ctx: Context, record: Record) -> Record:
    raise NotImplementedError


async def swap(ctx: Context, record: Record, body: SwapParcelBody) -> Record:
    changes = body.model_dump(exclude_none=True)
    after = await ctx.repositories.parcel.update(record["id"], changes)
    assert after is not None
    return after


async def fail(ctx: Context, record: Record, how: str) -> FailParcelAnswer:
    await ctx.repositories.parcel.update(record["id"], {"note": "half done"})
    match how:
        case "raise":
            raise RuntimeError("the secret of the house")
        case "field":
            return {"n": "text"}  # type: ignore[return-value]
        case "missing":
            return {}  # type: ignore[return-value]
        case "more":
            return {"n": 1, "m": 2}  # type: ignore[return-value]
        case _:
            return None  # type: ignore[return-value]


async def before_create(ctx: Context, data: Record) -> Record:
    match data["label"]:
        case "refused":
            ctx.refuse("not this one", field="label")
        case "none":
            return None  # type: ignore[return-value]
        case "unknown":
            return {**data, "nothing": 1}
        case "wrong":
            return {**data, "speed": "sideways"}
        case "state":
            return {**data, "state": "lost"}
        case "empty":
            return {**data, "label": None}
    return {**data, "label": data["label"].strip(), "speed": data["speed"] or "slow"}


async def after_create(ctx: Context, record: Record) -> None:
    if record["depot_code"] is not None:
        depots = ctx.repositories.depot
        depot = await depots.get(record["depot_code"], caller=ctx.caller)
        assert depot is not None
        await depots.update(depot["code"], {"parcels": depot["parcels"] + 1})
    match record["label"]:
        case "overflows":
            await ctx.repositories.depot.create({"code": "far", "parcels": 2**70})
        case "takes":
            await ctx.repositories.depot.create({"code": "taken"})
            await ctx.repositories.depot.create({"code": "taken"})
    if record["label"] == "nested":
        # The hook is not entered again by what it does itself.
        await ctx.repositories.parcel.create({"label": "nested too"})


async def before_update(ctx: Context, data: Record) -> Record:
    assert ctx.before is not None
    if data.get("weight", 0) < 0:
        ctx.refuse("weighs nothing", field="weight")
    if ctx.before["label"] == "frozen" and "label" not in data:
        ctx.refuse("is frozen", status=403)
    return data


async def after_update(ctx: Context, record: Record) -> None:
    if record["note"] == "undo":
        ctx.refuse("undone")


async def before_delete(ctx: Context, record: Record) -> None:
    if record["label"] == "kept":
        ctx.refuse("is kept", status=409)


async def after_delete(ctx: Context, record: Record) -> None:
    if record["depot_code"] is not None:
        depots = ctx.repositories.depot
        depot = await depots.get(record["depot_code"], caller=ctx.caller)
        assert depot is not None
        await depots.update(depot["code"], {"parcels": depot["parcels"] - 1})


async def before_transition(ctx: Context, data: Record) -> Record:
    return {**data, "note": f"to {ctx.state}"} if ctx.state == "sent" else data


async def after_transition(ctx: Context, record: Record) -> None:
    if record["label"] == "stuck":
        ctx.refuse("does not move", code="stuck")
