"""The same client with calls that are awaited."""

import asyncio
import sys

import httpx
from helpdesk_client import AsyncClient, NotAnswered, NotFound


async def token():
    return "of-the-day"


async def refused(kind, call):
    try:
        await call
    except kind as fault:
        return fault
    raise AssertionError(f"{kind.__name__} is not raised")


async def main():
    async with httpx.AsyncClient() as http:
        client = AsyncClient(sys.argv[1], token=token, http_client=http)
        made = await client.agents.create(
            {"name": "A", "email": "a@await.example", "department": "billing"}
        )
        await client.agents.create(
            {"name": "B", "email": "b@await.example", "department": "billing"}
        )
        assert await client.agents.get(made["id"]) == made
        asked = {"filter": {"email": {"endswith": "@await.example"}}, "limit": 1}
        names = [
            a["name"] async for a in client.agents.list.all({**asked, "sort": "name"})
        ]
        assert names == ["A", "B"]
        await client.agents.delete(made["id"])
        await refused(NotFound, client.agents.get(made["id"]))
        await client.close()
        assert not http.is_closed
    async with AsyncClient("http://127.0.0.1:9", retries=1) as lost:
        fault = await refused(NotAnswered, lost.service.live())
        assert isinstance(fault.__cause__, httpx.ConnectError)


asyncio.run(main())
print("done")
