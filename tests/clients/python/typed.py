"""What users write. An ignore that is of no use is an error of `mypy --strict`."""

from uuid import UUID

from helpdesk_client import AsyncClient, Client, nulls_last
from helpdesk_client.types import Ticket, TicketCreate

client = Client("http://x", token=lambda: None)
body: TicketCreate = {"subject": "It burns", "customer_id": UUID(int=1)}
ticket: Ticket = client.tickets.create(body, idempotency_key="mine")
for one in client.tickets.list.all({"filter": {"priority": {"in_": ["high"]}}}):
    print(one["subject"].upper(), one["_links"]["self"])
etag: str | None = client.tickets.get.answer(ticket["id"]).etag
client.tickets.list(
    {"sort": ["-state", nulls_last("closed_at")], "expand": ["customer"]}
)
client.tickets.list(
    {"or_": {"any": {"state": "new"}}, "inside": {"environment.os": "x"}}
)
client.tickets.bulk({"operations": [{"op": "create", "body": body}], "atomic": False})
if customer := client.tickets.get("1", {"expand": ["customer"]}).get("customer"):
    print(customer["name"].upper())
nothing: None = client.tickets.delete.answer(ticket["id"]).data
unshown: None = client.tickets.update.minimal("1", {"priority": "low"}).data
around = client.tickets.graph("1", {"edges": ["SUBMITTED_BY"], "depth": 2})
print(around["nodes"][0]["record"], around["edges"][0]["from"], around["truncated"])

client.tickets.graph("1", {"directoin": "both"})  # type: ignore[arg-type]
client.tickets.create({"subject": "It burns"})  # type: ignore[typeddict-item]
client.tickets.update("1", {"channel": "web"})  # type: ignore[typeddict-unknown-key]
client.tickets.list({"sort": "environment"})  # type: ignore[arg-type]
client.tickets.list({"filter": {"nmae": "x"}})  # type: ignore[arg-type]
client.tickets.transition("1", {"state": "gone"})  # type: ignore[typeddict-item]
client.tickets.get("1", {"fields": ["nmae"]})  # type: ignore[arg-type]
client.tickets.bulk({"operations": [{"op": "drop"}]})  # type: ignore[list-item]
client.tickets.get("1", if_mtach="x")  # type: ignore[call-arg]


async def main() -> Ticket:
    async with AsyncClient("http://x") as own:
        page = await own.tickets.list({"limit": 5})
        async for one in own.tickets.list.all():
            print(one["state"])
        return page["items"][0]
