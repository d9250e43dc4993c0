"""One record from its creation to its end, and lists, with calls that block."""

import sys
from uuid import UUID

from helpdesk_client import (
    BadRequest,
    Client,
    Conflict,
    Invalid,
    NotFound,
    NotModified,
    StaleVersion,
    nulls_last,
)


def refused(kind, call, *arguments, **options):
    try:
        call(*arguments, **options)
    except kind as fault:
        return fault
    raise AssertionError(f"{kind.__name__} is not raised")


with Client(sys.argv[1] + "/") as client:
    assert client.service.health() == {"status": "ok", "domain": "helpdesk"}
    customer = client.customers.create({"name": "Py", "email": "py@example.org"})
    made = client.tickets.create.answer(
        {"subject": "It burns", "customer_id": UUID(customer["id"])}
    )
    assert made.status == 201
    assert made.etag
    key = made.data["id"]
    read = client.tickets.get.answer(UUID(key))
    assert read.data == made.data
    refused(NotModified, client.tickets.get, key, if_none_match=read.etag)
    beside = client.tickets.get(key, {"fields": ["subject"], "expand": ["customer"]})
    assert sorted(beside) == ["_links", "customer", "id", "subject"]
    assert beside["customer"]["name"] == "Py"
    around = client.tickets.graph(key, {"edges": ["SUBMITTED_BY"]})
    assert around["edges"][0]["from"] == key
    changed = client.tickets.update(key, {"priority": "high"}, if_match=made.etag)
    unshown = client.tickets.update.minimal(key, {"priority": "low"})
    assert (unshown.status, unshown.data) == (204, None)
    assert unshown.headers["Preference-Applied"] == "return=minimal"
    assert unshown.etag == client.tickets.get.answer(key).etag
    changed = client.tickets.update(key, {"priority": "high"})
    assert changed["priority"] == "high"
    stale = refused(
        StaleVersion,
        client.tickets.update,
        key,
        {"priority": "low"},
        if_match=made.etag,
    )
    assert (stale.status, stale.code) == (412, "stale-version")
    illegal = refused(BadRequest, client.tickets.transition, key, {"state": "resolved"})
    assert illegal.allowed_states == ["assigned", "closed"]
    assert client.tickets.transition(key, {"state": "assigned"})["state"] == "assigned"
    invalid = refused(Invalid, client.customers.create, {"name": "", "email": "x"})
    assert {e["pointer"] for e in invalid.errors} == {"/name", "/email"}
    used = refused(Conflict, client.customers.delete, customer["id"])
    assert used.problem["entity"] == "ticket"
    assert client.tickets.delete(key) is None
    refused(NotFound, client.tickets.get, key)

    company = "Py & Co, \\ Söhne"
    for name in "abcde":
        client.customers.create(
            {"name": name, "email": f"{name}@py.example", "company": company}
        )
    page = client.customers.list(
        {
            "filter": {"company": company, "phone": {"null": True}},
            "sort": "-name",
            "limit": 2,
        }
    )
    assert [c["name"] for c in page["items"]] == ["e", "d"]
    assert page["total"] == 5
    chosen = {"company": {"in_": [company, "x"]}, "name": {"between": ("b", "d")}}
    assert client.customers.list({"filter": chosen})["total"] == 3
    asked = {
        "filter": {"company": company},
        "sort": ["plan", "-name"],
        "limit": 2,
        "offset": 1,
    }
    assert [c["name"] for c in client.customers.list.all(asked)] == ["d", "c", "b", "a"]
    assert [len(p["items"]) for p in client.customers.list.pages(asked)] == [2, 2]
    unknown = refused(BadRequest, client.customers.list, {"filter": {"nmae": "x"}})
    assert "name" in unknown.errors[0]["detail"]
    refused(ValueError, client.customers.list, {"filter": {"plan": {"in_": []}}})
    refused(ValueError, client.customers.get, "..")
    refused(ValueError, client.customers.get, "")
    refused(NotFound, client.customers.get, "a/b?c")
    results = client.customers.bulk(
        {
            "operations": [
                {"op": "create", "body": {"name": "Bulk", "email": "bulk@py.example"}},
                {"op": "update", "id": customer["id"], "body": {"company": "C"}},
            ]
        }
    )["results"]
    assert [one["status"] for one in results] == [201, 200]
    unwanted = results[0]["body"]["id"]
    client.customers.delete(unwanted)
    (gone,) = client.customers.list({"deleted": "only"})["items"]
    assert gone["id"] == unwanted
    assert client.customers.restore(unwanted)["name"] == "Bulk"
    whole = {"name": "Eve", "email": "eve@py.example"}
    assert client.customers.replace(customer["id"], whole)["company"] is None

    either = {"some": {"name": "a", "email": "c@py.example"}}
    chosen = {"company": company, "name": {"ne": "c"}}
    found = client.customers.list({"filter": chosen, "or_": either, "count": "none"})
    assert [c["name"] for c in found["items"]] == ["a"]
    assert "total" not in found
    asked = {"filter": {"company": company}, "sort": [nulls_last("-phone"), "name"]}
    (first, *_) = client.customers.list({**asked, "fields": ["name"]})["items"]
    assert (first["name"], sorted(first)) == ("a", ["_links", "id", "name"])
    inside = {"environment.os": {"in_": ["linux"]}}
    assert client.tickets.list({"inside": inside})["total"] == 0
print("done")
