"""Records of tenants, as code that calls repositories meets them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

import pytest

from specora_runtime.effects import Extra
from specora_runtime.entity import ANONYMOUS, Caller, EmitEvent, Entity, Field, Type
from specora_runtime.errors import Invalid, TenantRequired
from specora_runtime.events import Event, subscribe
from specora_runtime.outbox import redeliver
from specora_runtime.repository import SqlRepository
from specora_runtime.sqlite import MemoryDatabase

T = TypeVar("T")

PLAN: Final = Entity(
    name="plan",
    table="plans",
    key=("tenant_id", "code"),
    tenant="tenant_id",
    fields=(
        Field(name="code", type=Type.STRING, required=True),
        Field(name="tenant_id", type=Type.INTEGER, required=True, sensitive=True),
    ),
)
SCHEMA: Final = """CREATE TABLE IF NOT EXISTS "plans" (
    "code" TEXT NOT NULL,
    "tenant_id" INTEGER NOT NULL,
    CONSTRAINT "plans_pkey" PRIMARY KEY ("tenant_id", "code")
) STRICT;
"""
SEVEN: Final = Caller(tenant="7")


def run(folder: Path, work: Callable[[SqlRepository], Awaitable[T]]) -> T:
    """`work` on an empty table."""
    schema = folder / "schema.sql"
    schema.write_text(SCHEMA, "utf-8")

    class Plans(SqlRepository):
        entity = PLAN
        database = MemoryDatabase((PLAN,), schema)

    async def main() -> T:
        try:
            return await work(Plans())
        finally:
            await Plans.database.close()

    return asyncio.run(main())


def test_a_record_is_written_for_somebody(tmp_path: Path) -> None:
    async def work(plans: SqlRepository) -> None:
        for caller in (ANONYMOUS, Caller(tenant="seven"), Caller(every_tenant=True)):
            with pytest.raises(TenantRequired):
                await plans.create({"code": "x"}, caller=caller)
        with pytest.raises(Invalid):
            await plans.create({"code": "x", "tenant_id": 8}, caller=SEVEN)
        assert (await plans.create({"code": "x"}, caller=SEVEN))["tenant_id"] == 7

    run(tmp_path, work)


def test_the_service_itself_may_see_all_tenants(tmp_path: Path) -> None:
    async def work(plans: SqlRepository) -> None:
        for tenant in ("7", "8"):
            await plans.create({"code": "x"}, caller=Caller(tenant=tenant))
        seen = [
            (await plans.list(caller=caller))[1]
            for caller in (ANONYMOUS, SEVEN, Caller(every_tenant=True))
        ]
        assert seen == [0, 1, 2]
        assert await plans.get("8,x", caller=SEVEN) is None
        assert not await plans.delete("8,x", caller=SEVEN)
        assert await plans.delete("7,x", caller=SEVEN)

    run(tmp_path, work)


def test_events_carry_the_tenant(tmp_path: Path) -> None:
    heard: list[Event] = []

    async def fail_once(event: Event) -> None:
        heard.append(event)
        if len(heard) == 1:
            raise RuntimeError(event.name)

    async def work(plans: SqlRepository) -> None:
        told = Extra(effects=(EmitEvent(name="plan.made"),))
        await plans.create({"code": "x"}, caller=SEVEN, extra=told)
        await redeliver(plans.database)

    end = subscribe("plan.made", fail_once)
    try:
        run(tmp_path, work)
    finally:
        end()
    assert [event.tenant for event in heard] == [7, 7]
    assert heard[0].payload == {"code": "x", "tenant_id": 7}
