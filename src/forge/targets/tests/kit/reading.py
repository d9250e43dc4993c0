"""A read answers the record as it was stored, under one address."""

from __future__ import annotations

from uuid import uuid4

import pytest

from . import expect
from .collecting import Suite, needs, when
from .declarations import Resource
from .desk import Desk, key_of

MALFORMED_KEYS = (
    "no-such-key",
    "%00",
    "..%2f..",
    "1e400",
    "%F0%9F%98%80",
    "'",
    "a,b,c",
)


def unknown_key(resource: Resource) -> str:
    """A key of the right form that no record has."""
    pieces = []
    for name in resource.key:
        match resource.field(name).type:
            case "uuid":
                pieces.append(str(uuid4()))
            case "integer":
                pieces.append(str(2**15 - 2))
            case _:
                pieces.append(f"none-{uuid4().hex}")
    return ",".join(pieces)


class Reading(Suite):
    """`GET` of one record."""

    @needs("create", "read")
    def test_read_answers_what_was_created(self, desk: Desk) -> None:
        _, created = desk.created(self.resource, optional=True)
        answer = desk.get(self.resource, key_of(self.resource, created.json()))
        assert expect.content(answer, 200) == created.json()
        assert answer.headers["etag"] == created.headers["etag"]

    @needs("read")
    def test_unknown_key_is_not_found(self, desk: Desk) -> None:
        expect.problem(desk.get(self.resource, unknown_key(self.resource)), 404)

    @needs("read")
    @pytest.mark.parametrize("key", MALFORMED_KEYS)
    def test_malformed_key_is_not_found(self, desk: Desk, key: str) -> None:
        expect.problem(desk.get(self.resource, key), 404)

    @needs("create", "read")
    def test_known_version_is_not_sent_again(self, desk: Desk) -> None:
        _, created = desk.created(self.resource)
        key, tag = key_of(self.resource, created.json()), created.headers["etag"]
        for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
            answer = desk.get(self.resource, key, headers={"if-none-match": known})
            expect.status(answer, 304)
            assert not answer.content
            assert answer.headers["etag"] == tag
        answer = desk.get(self.resource, key, headers={"if-none-match": '"other"'})
        expect.content(answer, 200)

    @needs("create", "read")
    def test_head_is_a_read_without_a_body(self, desk: Desk) -> None:
        _, created = desk.created(self.resource)
        key = key_of(self.resource, created.json())
        answer = desk.request(self.resource, "read", "HEAD", f"/{key}")
        expect.status(answer, 200)
        assert not answer.content
        assert answer.headers["etag"] == created.headers["etag"]
        gone = desk.request(
            self.resource, "read", "HEAD", f"/{unknown_key(self.resource)}"
        )
        expect.status(gone, 404)
        assert not gone.content

    @needs("create", "read")
    def test_fields_choose_what_is_read(self, desk: Desk) -> None:
        record = desk.create(self.resource, optional=True)
        key = key_of(self.resource, record)
        for field in self.resource.visible[:5]:
            answer = desk.get(self.resource, key, params={"fields": field.name})
            names = {"_links", field.name, *self.resource.key} & set(record)
            assert expect.content(answer, 200) == {n: record[n] for n in names}

    @needs("create", "read")
    def test_read_refuses_unknown_parameters(self, desk: Desk) -> None:
        key = key_of(self.resource, desk.create(self.resource))
        answer = desk.get(self.resource, key, params={"no_such": "1"})
        expect.problem(answer, 400, parameter="no_such")

    @needs("create")
    def test_links_lead_to_self_and_collection(self, desk: Desk) -> None:
        record = desk.create(self.resource)
        links = record["_links"]
        key = key_of(self.resource, record)
        assert links["self"] == f"{self.resource.path}/{key}"
        assert links["collection"] == self.resource.path

    @needs("create")
    @when(lambda resource: any(r.link for r in resource.references))
    def test_links_lead_to_references(self, desk: Desk) -> None:
        record = desk.create(self.resource, optional=True)
        bare = desk.create(self.resource)
        for reference in self.resource.references:
            if not reference.link:
                continue
            if record[reference.field] is not None and len(reference.fields) == 1:
                link = record["_links"].get(reference.link)
                assert str(link).endswith(f"/{record[reference.field]}"), record
            if bare[reference.field] is None:
                assert reference.link not in bare["_links"], bare
