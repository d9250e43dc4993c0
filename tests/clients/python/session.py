"""Logging in, being renewed, logging out; keys of two fields and words that are reserved."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

from vault_client import AsyncClient, Client, Invalid, Unauthenticated

url, password = sys.argv[1:]
credentials = {"email": "keeper@example.org", "password": password}


def refused(kind, call, *arguments):
    try:
        call(*arguments)
    except kind as fault:
        return fault
    raise AssertionError(f"{kind.__name__} is not raised")


with Client(url) as client:
    refused(Unauthenticated, client.boxes.list)
    refused(Unauthenticated, client.auth.login, {**credentials, "password": "no"})
    client.auth.login(credentials)
    assert client.auth.me()["role"] == "keeper"
    before = client.auth.tokens
    client.auth.resume({**before, "access_token": "stale"})
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: client.boxes.list(), range(3)))
    assert client.auth.tokens["refresh_token"] != before["refresh_token"]

    key = ("p,b\\c/d", 7)
    body = {
        "shelf": key[0], "place": 7, "note": "x", "class": '"odd" \\ value', "limit": 3,
        "in": ["x,y"], "price": 1.5,
    }  # fmt: skip
    box = client.boxes.create(body)
    assert client.boxes.get(key) == box
    chosen = {"class": body["class"], "limit": {"gte": 3}, "in": {"contains": ["x,y"]}}
    assert client.boxes.list({"filter": chosen})["total"] == 1
    assert client.boxes.list({"filter": {"limit": 4}})["total"] == 0
    assert client.box_list.list({"filter": {"place": 7}})["total"] == 1
    assert client.boxes.update(key, {"note": "y"})["note"] == "y"
    narrow = refused(Invalid, client.boxes.update, key, {"limit": 4})
    assert narrow.errors[0]["pointer"] == "/limit"
    client.boxes.delete(key)

    fresh = client.auth.refresh()
    assert client.auth.tokens == fresh
    client.auth.logout()
    assert client.auth.tokens is None
    refused(Unauthenticated, client.boxes.list)


async def main():
    async with AsyncClient(url) as client:
        await client.auth.login(credentials)
        before = client.auth.tokens
        client.auth.resume({**before, "access_token": "stale"})
        await asyncio.gather(*(client.boxes.list() for _ in range(3)))
        assert client.auth.tokens["refresh_token"] != before["refresh_token"]
        await client.auth.logout()


asyncio.run(main())
print("done")
