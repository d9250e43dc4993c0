from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from domain import (
    BOOKING,
    FOLDER,
    PAPER,
    PIN,
    SAMPLE,
    SEAT,
    SHARE,
    TICKET,
)
from store import (
    LEAD,
    NOBODY,
    STORES,
    Store,
    customer,
    opened,
    ticket,
)

from specora_runtime.errors import (
    Invalid,
    StaleVersion,
    UniqueConflict,
    UnknownReference,
)
from specora_runtime.identity import etag, format_key, parse_key


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path, request) as found:
        yield found


VALUES: dict[str, Any] = {
    "string": "Größe 'x' \"y\" \\ %_",
    "text": "a\nb",
    "email": "A@b.example",
    "uuid": "01890000-0000-7000-8000-00000000000a",
    "integer": -(2**63),
    "small": 32767,
    "number": 1e308,
    "decimal": Decimal("12345678901234567890.125"),
    "boolean": True,
    "datetime": datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
    "date": date(1, 1, 1),
    "time": time(23, 59, 59, 5),
    "duration": "P1Y2MT5S",
    "binary": b"\x00\xff",
    "words": ["b", "a", "ä,"],
    "counts": [3, 1, 2],
    "flags": [True, False],
    "object": {"z": 1, "a": {"c": [1.5, None, True], "b": "x"}},
    "json": [1, "two", 1e16],
}


# ---- create ----


def test_create_fills_what_the_service_knows(store: Store) -> None:
    before = datetime.now(UTC)
    record = ticket(store, price="3.456", quantity=3)
    assert before <= record["created_at"] <= datetime.now(UTC)
    assert record["created_at"] == record["updated_at"]
    assert record["id"][14] == "7"
    assert record["number"] == "TKT-0001"
    assert record["state"] == "new"
    assert record["created_by"] == record["updated_by"] == "agent-1"
    assert (record["price"], record["amount"]) == (Decimal("3.46"), Decimal("10.38"))
    assert record["priority"] is None
    assert store.get(TICKET, record["id"]) == record


def test_defaults_stand_for_what_is_left_out(store: Store) -> None:
    assert ticket(store)["quantity"] == 1
    assert customer(store, "Bob")["limit"] == 5
    assert customer(store, "Eve", limit=None)["limit"] is None


def test_every_type_comes_back_as_it_went_in(store: Store) -> None:
    record = store.create(SAMPLE, key=1, **VALUES)
    assert store.get(SAMPLE, "1") == record
    assert {name: record[name] for name in VALUES} == VALUES
    assert store.create(SAMPLE, key=2)["json"] is None


def test_json_forms_are_stored_as_native_values(store: Store) -> None:
    record = store.create(
        SAMPLE,
        key=1,
        datetime="2024-01-01T01:00:00+01:00",
        decimal="1.50",
        binary="AP8=",
        date="2024-01-01",
        duration="PT90M",
    )
    assert record["datetime"] == datetime(2024, 1, 1, tzinfo=UTC)
    assert record["decimal"] == Decimal("1.5")
    assert record["binary"] == b"\x00\xff"
    assert record["duration"] == "PT1H30M"


def test_an_identity_is_counted_by_the_database(store: Store) -> None:
    store.create(SEAT, hall="a", place=1)
    first, second = (store.create(BOOKING, hall="a", place=1) for _ in range(2))
    assert second["id"] > first["id"] >= 1
    assert store.get(BOOKING, str(second["id"])) == second


@pytest.mark.parametrize(
    ("data", "field", "code"),
    [
        ({"nonsense": 1}, "nonsense", "unknown-field"),
        ({"subject": 5}, "subject", "bad-value"),
        ({"subject": None}, "subject", "required"),
        ({"quantity": 2**63}, "quantity", "bad-value"),
        ({"number": "TKT-9999"}, "number", "read-only"),
        ({"id": NOBODY}, "id", "read-only"),
        ({"state": "closed"}, "state", "read-only"),
        ({"created_at": "2024-01-01T00:00:00Z"}, "created_at", "read-only"),
    ],
)
def test_invalid_values_are_refused(
    store: Store, data: dict[str, Any], field: str, code: str
) -> None:
    whole = {"subject": "x", "customer_id": customer(store)["id"]} | data
    with pytest.raises(Invalid) as caught:
        store.create(TICKET, **whole)
    assert [(e.field, e.code) for e in caught.value.errors] == [(field, code)]


def test_a_check_of_the_database_names_its_field(store: Store) -> None:
    with pytest.raises(Invalid) as caught:
        customer(store, "nobody")
    assert [(e.field, e.code) for e in caught.value.errors] == [("name", "check")]


def test_a_value_outside_of_its_column_is_invalid(store: Store) -> None:
    if store.database.dialect.name == "sqlite":
        pytest.skip("SQLite has one size of integers")
    with pytest.raises(Invalid):
        store.create(SAMPLE, key=1, small=40_000)


# ---- unique and references ----


def test_a_repeated_value_is_a_conflict(store: Store) -> None:
    customer(store, email="a@b.c")
    with pytest.raises(UniqueConflict) as caught:
        customer(store, "Bob", email="a@b.c")
    assert caught.value.fields == ("email",)
    with pytest.raises(UniqueConflict) as caught:
        customer(store)
    assert caught.value.fields == ("name", "limit")


def test_a_repeated_key_is_a_conflict(store: Store) -> None:
    store.create(SEAT, hall="a", place=1)
    with pytest.raises(UniqueConflict) as caught:
        store.create(SEAT, hall="a", place=1)
    assert caught.value.fields == ("hall", "place")


@pytest.mark.parametrize("field", ["customer_id", "backup_id"])
def test_a_reference_to_nothing_names_its_field(store: Store, field: str) -> None:
    good = customer(store)["id"]
    data = {"subject": "x", "customer_id": good, "backup_id": good, field: NOBODY}
    with pytest.raises(UnknownReference) as caught:
        store.create(TICKET, **data)
    assert (caught.value.field, caught.value.target) == (field, "customer")
    record = ticket(store, customer_id=good)
    with pytest.raises(UnknownReference) as caught:
        store.run(store.of(TICKET).update(record["id"], {field: NOBODY}))
    assert caught.value.field == field


def test_a_reference_of_several_fields(store: Store) -> None:
    store.create(SEAT, hall="a", place=1)
    with pytest.raises(UnknownReference) as caught:
        store.create(BOOKING, hall="a", place=2)
    assert caught.value.field == "hall"


def test_a_softly_deleted_target_is_unknown(store: Store) -> None:
    gone, kept = (store.create(FOLDER, name=name) for name in "ab")
    paper = store.create(PAPER, title="x", folder_id=kept["id"])
    assert store.run(store.of(FOLDER).delete(gone["id"]))
    for entity, data in ((PAPER, {"title": "y"}), (SHARE, {}), (PIN, {})):
        with pytest.raises(UnknownReference) as caught:
            store.create(entity, folder_id=gone["id"], **data)
        assert caught.value.field == "folder_id"
    with pytest.raises(UnknownReference):
        store.run(store.of(PAPER).update(paper["id"], {"folder_id": gone["id"]}))


# ---- keys ----


def test_a_key_that_cannot_be_read_is_no_record(store: Store) -> None:
    tickets, seats = store.of(TICKET), store.of(SEAT)
    for id in ("", "x", "1", NOBODY + "x", "\x00", "\ud800", "a,b"):
        assert store.run(tickets.get(id)) is None
        assert store.run(tickets.update(id, {"subject": "x"})) is None
        assert store.run(tickets.transition(id, "closed")) is None
        assert store.run(tickets.delete(id)) is False
    for id in ("", "a", "a,", "a,x", "a,1,2"):
        assert store.run(seats.get(id)) is None


def test_a_key_of_several_fields(store: Store) -> None:
    seat = store.create(SEAT, hall="a,\\b", place=7)
    id = format_key(SEAT, seat)
    assert parse_key(SEAT, id) == ("a,\\b", 7)
    assert store.get(SEAT, id) == seat
    changed = store.run(store.of(SEAT).update(id, {"taken": True}))
    assert changed == seat | {"taken": True}
    assert store.run(store.of(SEAT).delete(id)) is True
    assert store.get(SEAT, id) is None


# ---- update ----


def test_update_recomputes(store: Store) -> None:
    record = ticket(store)
    changed = store.run(
        store.of(TICKET).update(record["id"], {"quantity": 4}, caller=LEAD)
    )
    assert changed is not None
    assert (changed["quantity"], changed["amount"]) == (4, Decimal("10.00"))
    assert changed["updated_at"] > record["updated_at"]
    assert changed["created_at"] == record["created_at"]
    assert (changed["created_by"], changed["updated_by"]) == ("agent-1", "lead-1")
    assert store.get(TICKET, record["id"]) == changed


def test_update_without_a_change_answers_the_record(store: Store) -> None:
    record = ticket(store)
    for data in ({}, {"subject": record["subject"]}, {"number": record["number"]}):
        assert store.run(store.of(TICKET).update(record["id"], data)) == record


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"number": "TKT-9"}, "read-only"),
        ({"state": "assigned"}, "read-only"),
        ({"amount": "1"}, "read-only"),
        ({"nonsense": 1}, "unknown-field"),
        ({"subject": None}, "required"),
    ],
)
def test_update_refuses(store: Store, data: dict[str, Any], code: str) -> None:
    record = ticket(store)
    with pytest.raises(Invalid) as caught:
        store.run(store.of(TICKET).update(record["id"], data))
    assert [e.code for e in caught.value.errors] == [code]
    assert store.get(TICKET, record["id"]) == record


def test_update_of_nothing(store: Store) -> None:
    assert store.run(store.of(TICKET).update(NOBODY, {"subject": "x"})) is None


def test_json_that_differs_only_in_type_is_a_change(store: Store) -> None:
    store.create(SAMPLE, key=1, json={"a": 1})
    changed = store.run(store.of(SAMPLE).update("1", {"json": {"a": True}}))
    assert changed is not None
    assert changed["json"] == {"a": True}
    assert isinstance(changed["json"]["a"], bool)


def test_a_key_may_change(store: Store) -> None:
    store.create(SEAT, hall="a", place=1)
    moved = store.run(store.of(SEAT).update("a,1", {"place": 2}))
    assert moved is not None
    assert store.get(SEAT, "a,1") is None
    assert store.get(SEAT, "a,2") == moved


def test_concurrent_updates_lose_nothing(store: Store) -> None:
    store.create(SAMPLE, key=1)
    samples = store.of(SAMPLE)
    names = ["string", "text", "email", "integer", "number", "boolean"]
    given = {name: VALUES[name] for name in names}
    outcomes = store.gather(
        [samples.update("1", {name: value}) for name, value in given.items()]
    )
    assert not [one for one in outcomes if isinstance(one, BaseException)]
    stored = store.get(SAMPLE, "1")
    assert stored is not None
    assert {name: stored[name] for name in names} == given


# ---- versions ----


def test_if_match(store: Store) -> None:
    record = ticket(store)
    tickets, tag = store.of(TICKET), etag(record, TICKET)
    for good in ("*", tag, f'"x", {tag}'):
        assert store.run(tickets.update(record["id"], {}, if_match=good)) == record
    for stale in ('"x"', f"W/{tag}", "", tag.strip('"')):
        with pytest.raises(StaleVersion):
            store.run(tickets.update(record["id"], {"subject": "y"}, if_match=stale))
        with pytest.raises(StaleVersion):
            store.run(tickets.transition(record["id"], "closed", if_match=stale))
        with pytest.raises(StaleVersion):
            store.run(tickets.delete(record["id"], if_match=stale))
    changed = store.run(tickets.update(record["id"], {"subject": "y"}, if_match=tag))
    assert changed is not None
    assert etag(changed, TICKET) != tag
    assert store.run(tickets.delete(record["id"], if_match=etag(changed, TICKET)))


def test_one_of_two_conditional_updates_wins(store: Store) -> None:
    record = ticket(store)
    tag = etag(record, TICKET)
    outcomes = store.gather(
        [
            store.of(TICKET).update(record["id"], {"subject": name}, if_match=tag)
            for name in "abcd"
        ]
    )
    stale = [one for one in outcomes if isinstance(one, StaleVersion)]
    assert len(stale) == 3


def test_etags_are_the_same_on_every_store(store: Store) -> None:
    stored = store.create(SAMPLE, key=1, **VALUES)
    assert etag(stored, SAMPLE) == '"c03faa74b2bdccef2d45a183"'
    again = store.get(SAMPLE, "1")
    assert again is not None
    assert etag(again, SAMPLE) == etag(stored, SAMPLE)
