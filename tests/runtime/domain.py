"""A small domain that uses every behaviour of a repository."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from domain_schema import POSTGRES_SCHEMA, SQLITE_SCHEMA

from specora_runtime.entity import (
    Caller,
    Computed,
    EmitEvent,
    Entity,
    Field,
    ForeignKey,
    Guard,
    OnDelete,
    Record,
    Sequence,
    SetField,
    Type,
    Unique,
    Workflow,
)

__all__ = [
    "BOOKING",
    "CUSTOMER",
    "ENTITIES",
    "FOLDER",
    "PAPER",
    "PIN",
    "POSTGRES_SCHEMA",
    "SAMPLE",
    "SEAT",
    "SHARE",
    "SQLITE_SCHEMA",
    "TICKET",
]

ID: Final = Field(
    name="id", type=Type.UUID, required=True, immutable=True, computed=Computed.UUID
)


def line_total(record: Record, caller: Caller) -> Decimal:
    return Decimal(record["quantity"]) * record["price"]


def resolver(record: Record, caller: Caller) -> str:
    return f"{caller.id} -> {record['state']}"


def is_urgent(record: Record, caller: Caller) -> bool | None:
    return None if record["priority"] is None else record["priority"] == "high"


CUSTOMER: Final = Entity(
    name="customer",
    table="customers",
    path="/customers",
    fields=(
        ID,
        Field(name="name", type=Type.STRING, required=True, column="full_name"),
        Field(name="email", type=Type.EMAIL),
        Field(name="token", type=Type.STRING, sensitive=True),
        Field(name="limit", type=Type.INTEGER, default=5),
    ),
    unique=(
        Unique(fields=("email",), constraint="customers_email_key"),
        Unique(fields=("name", "limit"), constraint="customers_name_limit_key"),
    ),
)

TICKET_LIFECYCLE: Final = Workflow(
    field="state",
    initial="new",
    transitions={
        "new": ("assigned", "closed"),
        "assigned": ("resolved", "new"),
        "resolved": ("closed",),
        "closed": (),
    },
    guards={
        ("assigned", "resolved"): Guard(
            require_fields=("resolution",),
            condition=is_urgent,
            condition_text='priority == "high"',
        ),
        ("resolved", "closed"): Guard(roles=("lead", "admin")),
    },
    effects={
        ("new", "assigned"): (EmitEvent(name="ticket.assigned"),),
        ("assigned", "resolved"): (
            SetField(field="resolved_at", value="now"),
            SetField(field="resolved_by", function=resolver),
            EmitEvent(name="ticket.resolved"),
            EmitEvent(name="ticket.done"),
        ),
        ("assigned", "new"): (SetField(field="priority", value="low"),),
    },
)

TICKET: Final = Entity(
    name="ticket",
    table="tickets",
    path="/tickets",
    fields=(
        ID,
        Field(
            name="number",
            type=Type.STRING,
            required=True,
            immutable=True,
            computed=Computed.SEQUENCE,
            sequence=Sequence(prefix="TKT-", width=4),
        ),
        Field(name="subject", type=Type.STRING, required=True),
        Field(name="customer_id", type=Type.UUID, required=True),
        Field(name="backup_id", type=Type.UUID),
        Field(
            name="state",
            type=Type.STRING,
            required=True,
            default="new",
            values=("new", "assigned", "resolved", "closed"),
        ),
        Field(name="priority", type=Type.STRING, values=("low", "high")),
        Field(name="resolution", type=Type.TEXT),
        Field(name="resolved_by", type=Type.STRING),
        Field(name="resolved_at", type=Type.DATETIME),
        Field(name="quantity", type=Type.INTEGER, required=True, default=1),
        Field(name="price", type=Type.DECIMAL, required=True, default="2.50", scale=2),
        Field(
            name="amount",
            type=Type.DECIMAL,
            required=True,
            computed=Computed.EXPRESSION,
            expression=line_total,
            scale=2,
        ),
        Field(name="secret", type=Type.STRING, sensitive=True),
        Field(
            name="created_by",
            type=Type.STRING,
            immutable=True,
            computed=Computed.CURRENT_USER,
        ),
        Field(name="updated_by", type=Type.STRING, computed=Computed.CURRENT_USER),
        Field(
            name="created_at",
            type=Type.DATETIME,
            required=True,
            immutable=True,
            computed=Computed.NOW,
        ),
        Field(
            name="updated_at",
            type=Type.DATETIME,
            required=True,
            computed=Computed.NOW_ON_UPDATE,
        ),
    ),
    foreign_keys=(
        ForeignKey(
            fields=("customer_id",),
            target="customer",
            constraint="tickets_customer_id_fkey",
            link="customer",
            inverse="tickets_by_customer",
            edge="SUBMITTED_BY",
        ),
        ForeignKey(
            fields=("backup_id",),
            target="customer",
            on_delete=OnDelete.SET_NULL,
            constraint="tickets_backup_id_fkey",
            link="backup",
            inverse="tickets_by_backup",
            edge="COVERS",
            reversed=True,
        ),
    ),
    unique=(Unique(fields=("number",), constraint="tickets_number_key"),),
    workflow=TICKET_LIFECYCLE,
)

FOLDER: Final = Entity(
    name="folder",
    table="folders",
    path="/folders",
    soft_delete="deleted_at",
    fields=(
        ID,
        Field(name="name", type=Type.STRING, required=True),
        Field(name="parent_id", type=Type.UUID),
        Field(name="deleted_at", type=Type.DATETIME),
    ),
    foreign_keys=(
        ForeignKey(
            fields=("parent_id",),
            target="folder",
            on_delete=OnDelete.CASCADE,
            constraint="folders_parent_id_fkey",
            link="parent",
            inverse="folders",
            edge="INSIDE",
        ),
    ),
)

PAPER: Final = Entity(
    name="paper",
    table="papers",
    path="/papers",
    fields=(
        ID,
        Field(name="title", type=Type.STRING, required=True),
        Field(name="folder_id", type=Type.UUID, required=True),
    ),
    foreign_keys=(
        ForeignKey(
            fields=("folder_id",),
            target="folder",
            on_delete=OnDelete.CASCADE,
            constraint="papers_folder_id_fkey",
            link="folder",
            inverse="papers",
            edge="INSIDE",
        ),
    ),
)

PIN: Final = Entity(
    name="pin",
    table="pins",
    path="/pins",
    fields=(
        ID,
        Field(name="folder_id", type=Type.UUID),
        Field(name="paper_id", type=Type.UUID),
    ),
    foreign_keys=(
        ForeignKey(
            fields=("folder_id",),
            target="folder",
            on_delete=OnDelete.SET_NULL,
            constraint="pins_folder_id_fkey",
        ),
        ForeignKey(
            fields=("paper_id",),
            target="paper",
            on_delete=OnDelete.RESTRICT,
            constraint="pins_paper_id_fkey",
        ),
    ),
)

SHARE: Final = Entity(
    name="share",
    table="shares",
    path="/shares",
    fields=(ID, Field(name="folder_id", type=Type.UUID, required=True)),
    foreign_keys=(
        ForeignKey(
            fields=("folder_id",), target="folder", constraint="shares_folder_id_fkey"
        ),
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
        Field(name="taken", type=Type.BOOLEAN, required=True, default=False),
    ),
)

BOOKING: Final = Entity(
    name="booking",
    table="bookings",
    path="/bookings",
    fields=(
        Field(
            name="id",
            type=Type.INTEGER,
            required=True,
            immutable=True,
            computed=Computed.IDENTITY,
        ),
        Field(name="hall", type=Type.STRING, required=True),
        Field(name="place", type=Type.INTEGER, required=True),
    ),
    foreign_keys=(
        ForeignKey(
            fields=("hall", "place"),
            target="seat",
            target_fields=("hall", "place"),
            constraint="bookings_seat_fkey",
            link="seat",
            inverse="bookings",
            edge="OF_SEAT",
        ),
    ),
)

SAMPLE: Final = Entity(
    name="sample",
    table="samples",
    path="/samples",
    key=("key",),
    fields=(
        Field(name="key", type=Type.INTEGER, required=True),
        Field(name="string", type=Type.STRING),
        Field(name="text", type=Type.TEXT),
        Field(name="email", type=Type.EMAIL),
        Field(name="uuid", type=Type.UUID),
        Field(name="integer", type=Type.INTEGER),
        Field(name="small", type=Type.INTEGER),
        Field(name="number", type=Type.NUMBER),
        Field(name="decimal", type=Type.DECIMAL, scale=3),
        Field(name="boolean", type=Type.BOOLEAN),
        Field(name="datetime", type=Type.DATETIME),
        Field(name="date", type=Type.DATE),
        Field(name="time", type=Type.TIME),
        Field(name="duration", type=Type.DURATION),
        Field(name="binary", type=Type.BINARY),
        Field(name="words", type=Type.ARRAY, items=Type.STRING),
        Field(name="counts", type=Type.ARRAY, items=Type.INTEGER),
        Field(name="flags", type=Type.ARRAY, items=Type.BOOLEAN),
        Field(name="object", type=Type.OBJECT),
        Field(name="json", type=Type.JSON),
    ),
)

ENTITIES: Final = (
    CUSTOMER,
    TICKET,
    FOLDER,
    PAPER,
    PIN,
    SHARE,
    SEAT,
    BOOKING,
    SAMPLE,
)
