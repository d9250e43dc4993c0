from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from domain import BOOKING, CUSTOMER, FOLDER, PAPER, SAMPLE, SEAT, TICKET
from related import READERS, catalog, logged
from store import STORES, Store, customer, opened, ticket

from specora_runtime.carried import carried_record, reader_of
from specora_runtime.entity import ANONYMOUS, Caller, Entity, Record
from specora_runtime.errors import BadQuery, RoleRequired
from specora_runtime.links import renderer
from specora_runtime.query import Query
from specora_runtime.sql_related import _decode


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened(request.param, tmp_path, request) as found:
        yield found


def shown(store: Store, entity: Entity, id: str, expand: str) -> dict[str, Any]:
    """What a read of a record answers."""
    relations = catalog(store)
    wanted = relations.parse(entity, expand)
    record = store.run(store.of(entity).get(id, expand=wanted))
    assert record is not None
    base = renderer(relations.targets[entity.name], relations.targets)
    return relations.renderer(base, wanted)(record)


def folders(store: Store) -> list[Record]:
    """A folder, one in it, and one in that."""
    found: list[Record] = []
    for name in ("top", "middle", "bottom"):
        parent = found[-1]["id"] if found else None
        found.append(store.create(FOLDER, name=name, parent_id=parent))
    return found


def test_three_levels_are_one_statement(store: Store) -> None:
    top, middle, bottom = folders(store)
    paper = store.create(PAPER, title="p", folder_id=bottom["id"])
    relations = catalog(store)
    wanted = relations.parse(PAPER, "folder.parent.parent,folder.papers")
    with logged(store) as statements:
        found = store.run(store.of(PAPER).page(Query(expand=wanted)))
        alone = store.run(store.of(PAPER).get(paper["id"], expand=wanted))
    assert len(statements) == 2
    base = renderer(relations.targets["paper"], relations.targets)
    show = relations.renderer(base, wanted)
    one, other = show(found.items[0]), show(alone or {})
    assert one == other
    assert one["folder"]["parent"]["parent"]["id"] == top["id"]
    assert one["folder"]["parent"]["id"] == middle["id"]
    assert [p["id"] for p in one["folder"]["papers"]] == [paper["id"]]


def test_secrets_stay_hidden(store: Store) -> None:
    owner = customer(store, token="hush")
    made = ticket(store, customer_id=owner["id"], secret="hush")
    up = shown(store, TICKET, made["id"], "customer.tickets_by_customer")
    assert "token" not in up["customer"]
    assert "secret" not in up["customer"]["tickets_by_customer"][0]
    assert "hush" not in str(up)


def test_what_is_deleted_is_not_shown(store: Store) -> None:
    top, middle, _ = folders(store)
    paper = store.create(PAPER, title="p", folder_id=top["id"])
    store.run(store.of(FOLDER).delete(middle["id"]))
    assert shown(store, FOLDER, top["id"], "folders")["folders"] == []
    assert shown(store, PAPER, paper["id"], "folder")["folder"]["id"] == top["id"]


def test_an_edge_that_several_share_is_no_name(store: Store) -> None:
    top, middle, _ = folders(store)
    assert shown(store, FOLDER, middle["id"], "INSIDE")["parent"]["id"] == top["id"]
    owner = customer(store)
    found = shown(store, CUSTOMER, owner["id"], "SUBMITTED_BY")
    assert found["tickets_by_customer"] == []


def test_references_of_two_fields(store: Store) -> None:
    store.create(SEAT, hall="a,b", place=1)
    made = store.create(BOOKING, hall="a,b", place=1)
    assert shown(store, BOOKING, str(made["id"]), "seat")["seat"]["hall"] == "a,b"
    found = shown(store, SEAT, "a\\,b,1", "bookings")
    assert [one["id"] for one in found["bookings"]] == [made["id"]]


def test_who_may_not_read_it_may_not_see_it(store: Store) -> None:
    relations = catalog(store)
    wanted = relations.parse(BOOKING, "seat")
    with pytest.raises(RoleRequired) as caught:
        relations.admit(wanted, ANONYMOUS)
    assert caught.value.roles == READERS
    relations.admit(wanted, Caller(role="reader"))
    with pytest.raises(RoleRequired):
        relations.admit(relations.parse(SEAT, "bookings.seat"), Caller(role="other"))


@pytest.mark.parametrize(
    ("expand", "code"),
    [
        ("fodler", "unknown-relation"),
        ("folder.", "unknown-relation"),
        ("folder_id", "unknown-relation"),
        ("folder." + ".".join(["parent"] * 4), "too-deep"),
        ("folder.folders.folders.folders", "too-deep"),
        (",".join(["folder"] * 17), "too-many-paths"),
    ],
)
def test_refusals(store: Store, expand: str, code: str) -> None:
    with pytest.raises(BadQuery) as caught:
        catalog(store).parse(PAPER, expand)
    assert (caught.value.parameter, caught.value.code) == ("expand", code)


VALUES: dict[str, list[Any]] = {
    "string": ["", "a'b\"c\\d\n\u2028\x01", "😀"],
    "text": ["\ufeff\U0010ffff"],
    "email": ["a@b"],
    "uuid": ["abcdefab-0000-7000-8000-00000000000a"],
    "integer": [2**63 - 1, -(2**63), 2**53 + 1],
    "small": [-(2**15)],
    "number": [0.1, 0.1 + 0.2, 5e-324, 1.7976931348623157e308, 3.0, 1e15, 123456789.12345678],
    "decimal": ["0.000", "123456789012345678901234567890.123", "-0.001"],
    "boolean": [True, False],
    "datetime": [
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
        "2024-02-29T12:00:00.5Z",
    ],
    "date": ["0001-01-01", "9999-12-31"],
    "time": ["00:00:00", "23:59:59.999999", "12:00:00.5"],
    "duration": ["PT0S", "P1Y2M3DT4H5M6.5S", "-P1D", "P1M-30DT0.000001S", "PT-0.5S"],
    "binary": [b"", b"\x00\xff\n"],
    "words": [["", "b"]],
    "counts": [[2**63 - 1]],
    "flags": [[True, None]],
    "object": [{}, {"b": 1, "a": {"": [1.5, 1e300]}}],
    "json": [0, "", "null", 2**70, 10**308, [None], 1e15, 0.1],
}  # fmt: skip


def test_every_value_survives_being_carried(store: Store) -> None:
    wanted = []
    for name, values in VALUES.items():
        for value in (*values, None):
            key = len(wanted)
            wanted.append(store.create(SAMPLE, **{"key": key, name: value}))
    dialect = store.database.dialect
    array = carried_record(SAMPLE, dialect, "r")
    rows = store.fetch(f'SELECT {array} AS found FROM "samples" AS r ORDER BY "key"')
    read = reader_of(SAMPLE, dialect)
    for row, record in zip(rows, wanted, strict=True):
        carried = read(_decode(row["found"]))
        assert carried == record
        assert [*map(type, carried.values())] == [*map(type, record.values())]
