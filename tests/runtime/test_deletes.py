from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from domain import (
    BOOKING,
    CUSTOMER,
    FOLDER,
    PAPER,
    PIN,
    SEAT,
    SHARE,
    TICKET,
)
from store import (
    STORES,
    Store,
    customer,
    opened,
    ticket,
)

from specora_runtime.entity import Record
from specora_runtime.errors import (
    InUse,
    UnknownReference,
)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path, request) as found:
        yield found


def test_delete(store: Store) -> None:
    record = ticket(store)
    assert store.run(store.of(TICKET).delete(record["id"])) is True
    assert store.run(store.of(TICKET).delete(record["id"])) is False
    assert store.get(TICKET, record["id"]) is None


@pytest.mark.parametrize("if_match", [None, "*"])
def test_a_record_in_use_stays(store: Store, if_match: str | None) -> None:
    owner = customer(store)
    for _ in range(2):
        ticket(store, customer_id=owner["id"])
    with pytest.raises(InUse) as caught:
        store.run(store.of(CUSTOMER).delete(owner["id"], if_match=if_match))
    assert (caught.value.entity, caught.value.count) == ("ticket", 2)
    assert store.get(CUSTOMER, owner["id"]) == owner


def test_constraints_null_what_refers(store: Store) -> None:
    owner, backup = customer(store), customer(store, "Bob")
    record = ticket(store, customer_id=owner["id"], backup_id=backup["id"])
    assert store.run(store.of(CUSTOMER).delete(backup["id"]))
    stored = store.get(TICKET, record["id"])
    assert stored is not None
    assert stored["backup_id"] is None


def test_changing_a_key_in_use_is_refused(store: Store) -> None:
    store.create(SEAT, hall="a", place=1)
    store.create(BOOKING, hall="a", place=1)
    with pytest.raises(InUse) as caught:
        store.run(store.of(SEAT).update("a,1", {"place": 2}))
    assert caught.value.entity == "booking"


def folders(store: Store) -> list[Record]:
    """A chain of three folders."""
    chain = [store.create(FOLDER, name="0")]
    for name in "12":
        chain.append(store.create(FOLDER, name=name, parent_id=chain[-1]["id"]))
    return chain


def test_a_soft_delete_hides(store: Store) -> None:
    top, *_ = folders(store)
    repository = store.of(FOLDER)
    assert store.run(repository.delete(top["id"])) is True
    assert store.run(repository.delete(top["id"])) is False
    assert store.get(FOLDER, top["id"]) is None
    assert store.run(repository.update(top["id"], {"name": "x"})) is None
    assert store.run(repository.list()) == ([], 0)
    rows = store.fetch('SELECT "deleted_at" AS at FROM "folders"')
    assert len(rows) == 3
    assert len({row["at"] for row in rows}) == 1
    assert None not in {row["at"] for row in rows}


def test_a_soft_delete_takes_and_lets_go(store: Store) -> None:
    top, middle, bottom = folders(store)
    paper = store.create(PAPER, title="x", folder_id=bottom["id"])
    pin = store.create(PIN, folder_id=middle["id"])
    assert store.run(store.of(FOLDER).delete(middle["id"]))
    assert store.get(FOLDER, top["id"]) == top
    assert store.get(FOLDER, bottom["id"]) is None
    assert store.get(PAPER, paper["id"]) is None
    assert store.get(PIN, pin["id"]) == pin | {"folder_id": None}


def test_a_soft_delete_is_refused_while_in_use(store: Store) -> None:
    top, _, bottom = folders(store)
    store.create(SHARE, folder_id=bottom["id"])
    with pytest.raises(InUse) as caught:
        store.run(store.of(FOLDER).delete(top["id"]))
    assert (caught.value.entity, caught.value.count) == ("share", 1)
    assert store.run(store.of(FOLDER).list())[1] == 3


def test_a_cascade_stops_at_what_the_database_refuses(store: Store) -> None:
    top, _, bottom = folders(store)
    paper = store.create(PAPER, title="x", folder_id=bottom["id"])
    store.create(PIN, paper_id=paper["id"])
    with pytest.raises(InUse) as caught:
        store.run(store.of(FOLDER).delete(top["id"]))
    assert (caught.value.entity, caught.value.count) == ("pin", 1)
    assert store.run(store.of(FOLDER).list())[1] == 3
    assert store.get(PAPER, paper["id"]) == paper


def test_a_circle_is_deleted_once(store: Store) -> None:
    top, _, bottom = folders(store)
    store.run(store.of(FOLDER).update(top["id"], {"parent_id": bottom["id"]}))
    assert store.run(store.of(FOLDER).delete(top["id"])) is True
    assert store.run(store.of(FOLDER).list()) == ([], 0)


def test_a_target_that_goes_and_a_reference_that_comes(store: Store) -> None:
    for _ in range(10):
        folder = store.create(FOLDER, name="x")
        deleted, created = store.gather(
            [
                store.of(FOLDER).delete(folder["id"]),
                store.of(SHARE).create({"folder_id": folder["id"]}),
            ]
        )
        assert isinstance(deleted, InUse) or isinstance(created, UnknownReference)
