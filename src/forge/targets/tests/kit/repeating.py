"""A create that is sent again with its key takes effect once."""

from __future__ import annotations

import pytest

from . import expect
from .collecting import Suite, needs
from .desk import Desk, key_of
from .values import token


class Repeating(Suite):
    """`POST` to the collection with `Idempotency-Key` and `Prefer`."""

    @needs("create")
    def test_create_with_a_known_key_is_answered_again(self, desk: Desk) -> None:
        body, key = desk.body(self.resource), {"idempotency-key": token()}
        first = desk.post(self.resource, body, headers=key)
        if first.status_code == 409:
            pytest.skip("another record has the same values")
        again = desk.request(self.resource, "create", "POST", body=body, headers=key)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        assert again.headers.get("idempotent-replayed") == "true", expect.told(again)
        for name in ("location", "etag"):
            assert again.headers.get(name) == first.headers.get(name), name
        other = {**body, "no_such_field": 1}
        refused = desk.request(self.resource, "create", "POST", body=other, headers=key)
        expect.problem(refused, 422, parameter="Idempotency-Key")

    @needs("create")
    def test_refusal_leaves_the_key(self, desk: Desk) -> None:
        key = {"idempotency-key": token()}
        for body in ({"no_such_field": 1}, {"no_such_member": 1}):
            answer = desk.post(self.resource, body, headers=key)
            (name,) = body
            expect.problem(answer, 422, pointer=expect.escaped(name))

    @needs("create", "read")
    def test_create_may_leave_the_record_out(self, desk: Desk) -> None:
        headers = {"prefer": "return=minimal"}
        answer = desk.request(
            self.resource,
            "create",
            "POST",
            body=desk.body(self.resource),
            headers=headers,
        )
        if answer.status_code == 409:
            pytest.skip("another record has the same values")
        assert answer.status_code in (201, 204), expect.told(answer)
        assert not answer.content, expect.told(answer)
        key = answer.headers["location"].rpartition("/")[2]
        shown = desk.get(self.resource, key)
        record = expect.content(shown, 200)
        assert shown.headers["etag"] == answer.headers["etag"]
        assert key_of(self.resource, record) == key
        if self.resource.delete is not None:
            desk.delete(self.resource, key)
