"""A small service over the runtime, written as generated code is, for the HTTP tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, FastAPI, HTTPException

from specora_runtime.app import create_app
from specora_runtime.entity import (
    Caller,
    Computed,
    Entity,
    Field,
    ForeignKey,
    Guard,
    Record,
    Sequence,
    Type,
    Unique,
    Workflow,
)
from specora_runtime.operations import (
    Collection,
    Create,
    Delete,
    List,
    Read,
    Replace,
    Rule,
    Transition,
    Update,
)
from specora_runtime.repository import SqlRepository
from specora_runtime.settings import Settings
from specora_runtime.sqlite import MemoryDatabase
from specora_runtime.types import (
    UNSET,
    Body,
    Bounds,
    DecimalText,
    Email,
    Int32,
    Length,
    Precision,
    Text,
    Uuid,
)

ID: Final = Field(
    name="id", type=Type.UUID, required=True, immutable=True, computed=Computed.UUID
)
CREATED_AT: Final = Field(
    name="created_at",
    type=Type.DATETIME,
    required=True,
    immutable=True,
    computed=Computed.NOW,
)

CUSTOMER: Final = Entity(
    name="customer",
    table="customers",
    path="/customers",
    fields=(
        ID,
        Field(name="name", type=Type.STRING, required=True),
        Field(name="email", type=Type.EMAIL, required=True),
        Field(name="token", type=Type.STRING, sensitive=True),
        CREATED_AT,
    ),
    unique=(Unique(fields=("email",), constraint="customers_email_key"),),
)

TICKET: Final = Entity(
    name="ticket",
    table="tickets",
    path="/tickets",
    fields=(
        ID,
        Field(name="subject", type=Type.STRING, required=True),
        Field(name="priority", type=Type.STRING, required=True, default="low"),
        Field(name="customer_id", type=Type.UUID, required=True),
        Field(name="resolution", type=Type.TEXT),
        Field(name="price", type=Type.DECIMAL, scale=8),
        Field(name="weight", type=Type.INTEGER),
        Field(name="state", type=Type.STRING, required=True, default="new"),
        Field(
            name="number",
            type=Type.STRING,
            required=True,
            immutable=True,
            computed=Computed.SEQUENCE,
            sequence=Sequence(prefix="TKT-"),
        ),
        CREATED_AT,
    ),
    foreign_keys=(
        ForeignKey(
            fields=("customer_id",),
            target="customer",
            link="customer",
            constraint="tickets_customer_id_fkey",
        ),
    ),
    unique=(Unique(fields=("number",), constraint="tickets_number_key"),),
    workflow=Workflow(
        field="state",
        initial="new",
        transitions={
            "new": ("assigned", "closed"),
            "assigned": ("resolved", "closed"),
            "resolved": (),
            "closed": (),
        },
        guards={
            ("assigned", "resolved"): Guard(
                require_fields=("resolution",), roles=("agent",)
            )
        },
    ),
)

SEAT: Final = Entity(
    name="seat",
    table="seats",
    path="/seats",
    key=("hall", "place"),
    fields=(
        Field(name="hall", type=Type.STRING, required=True),
        Field(name="place", type=Type.INTEGER, required=True),
        Field(name="note", type=Type.STRING),
    ),
)

ENTITIES: Final = (CUSTOMER, TICKET, SEAT)

SCHEMA: Final = """\
CREATE TABLE IF NOT EXISTS "customers" (
    "id" TEXT PRIMARY KEY,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "token" TEXT,
    "created_at" TEXT NOT NULL,
    CONSTRAINT "customers_email_key" UNIQUE ("email")
);

CREATE TABLE IF NOT EXISTS "tickets" (
    "id" TEXT PRIMARY KEY,
    "subject" TEXT NOT NULL,
    "priority" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "resolution" TEXT,
    "price" TEXT,
    "weight" INTEGER,
    "state" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "created_at" TEXT NOT NULL,
    CONSTRAINT "tickets_number_key" UNIQUE ("number"),
    CONSTRAINT "tickets_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES {customers}
);

CREATE TABLE IF NOT EXISTS "seats" (
    "hall" TEXT NOT NULL,
    "place" INTEGER NOT NULL,
    "note" TEXT,
    CONSTRAINT "seats_pkey" PRIMARY KEY ("hall", "place")
);
""".replace("{customers}", '"customers" ("id") ON DELETE RESTRICT')

Priority = Literal["high", "low"]


class CustomerCreate(Body):
    name: Annotated[Text, Length(min=1, max=200)]
    email: Email
    token: Text | None = None


class CustomerUpdate(Body):
    name: Annotated[Text, Length(min=1, max=200)] = UNSET
    email: Email = UNSET


class TicketCreate(Body):
    subject: Annotated[Text, Length(max=300)]
    priority: Priority = UNSET
    customer_id: Uuid
    resolution: Text | None = None
    price: Annotated[DecimalText, Precision(precision=20, scale=8)] | None = None
    weight: Annotated[Int32, Bounds(ge=0)] | None = None


class TicketUpdate(Body):
    subject: Annotated[Text, Length(max=300)] = UNSET
    priority: Priority = UNSET
    resolution: Text | None = UNSET
    price: Annotated[DecimalText, Precision(precision=20, scale=8)] | None = UNSET
    weight: Annotated[Int32, Bounds(ge=0)] | None = UNSET


class SeatCreate(Body):
    hall: Annotated[Text, Length(min=1)]
    place: Int32
    note: Text | None = None


class SeatUpdate(Body):
    note: Text | None = UNSET


def not_too_heavy(record: Record, caller: Caller) -> bool:
    return record["priority"] != "low" or (record["weight"] or 0) < 1000


RULES: Final = (
    Rule(not_too_heavy, "a ticket of low priority weighs less than 1000", "weight"),
)


def collections(database: MemoryDatabase) -> tuple[Collection, ...]:
    def repository(kind: Entity) -> Callable[[], SqlRepository]:
        name = f"{kind.name.title()}Repository"
        made = type(name, (SqlRepository,), {"entity": kind, "database": database})
        return lambda: made()

    return (
        Collection(
            "/customers",
            entity=CUSTOMER,
            repository=repository(CUSTOMER),
            operations=(
                List("list_customers"),
                Create("create_customer", body=CustomerCreate),
                Read("get_customer"),
                Update("update_customer", body=CustomerUpdate),
                Delete("delete_customer", roles=("admin",)),
            ),
        ),
        Collection(
            "/tickets",
            entity=TICKET,
            repository=repository(TICKET),
            operations=(
                List("list_tickets"),
                Create("create_ticket", body=TicketCreate, validation=RULES),
                Read("get_ticket"),
                Update("update_ticket", body=TicketUpdate, validation=RULES),
                Delete("delete_ticket"),
                Transition("transition_ticket", roles=("agent", "admin")),
            ),
        ),
        Collection(
            "/seats",
            entity=SEAT,
            repository=repository(SEAT),
            operations=(
                Create("create_seat", body=SeatCreate),
                Read("get_seat"),
                Replace("replace_seat", body=SeatUpdate),
            ),
        ),
    )


def custom_router() -> APIRouter:
    router = APIRouter()

    @router.get("/tickets/urgent")
    async def urgent(limit: int = 1) -> dict[str, int]:
        return {"limit": limit}

    @router.post("/echo")
    async def echo(body: SeatCreate) -> dict[str, str]:
        return {"hall": body.hall}

    @router.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a secret of the inside")

    @router.get("/teapot")
    async def teapot() -> None:
        raise HTTPException(418, "short and stout")

    @router.get("/busy")
    async def busy() -> None:
        raise HTTPException(429, "slow down", headers={"retry-after": "7"})

    return router


def build(folder: Path, **changes: Any) -> FastAPI:
    """A fresh service; `changes` go to `Settings`, `auth` to `create_app`."""
    (folder / "schema.sqlite.sql").write_text(SCHEMA)
    (folder / "openapi.json").write_text('{"openapi": "3.1.0"}')
    store = changes.pop("database", MemoryDatabase)
    database = store(ENTITIES, folder / "schema.sqlite.sql")
    auth = changes.pop("auth", None)
    return create_app(
        title="desk <&> friends",
        domain="desk",
        settings=Settings(domain="desk", database_backend="memory", **changes),
        database=database,
        collections=collections(database),
        openapi=folder / "openapi.json",
        auth=auth,
        routers=(custom_router(),),
    )
