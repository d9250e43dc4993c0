"""Random bodies and query strings: no example yields a 5xx, and all adapters agree."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance.apps import Served
from tests.conformance.raw import Heard
from tests.conformance.sessions import Masks
from tests.conformance.test_hostile import EXAMPLES, JSON, Attacker

EXAMPLES_OF_EACH = 300
SETTINGS = settings(
    max_examples=EXAMPLES_OF_EACH,
    deadline=None,
    database=None,
    derandomize="SPECORA_SOAK" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

TEXTS = st.text(st.characters(), max_size=20) | st.sampled_from(
    [
        "",
        "2024-02-29",
        "2024-02-29T00:00:00Z",
        "12:00",
        "P1D",
        "1.5",
        "AA==",
        "a@b",
        "TSK-000001",
    ]
)
NUMBERS = st.integers() | st.integers(-(2**70), 2**70) | st.floats()
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)
OPERATORS = ("", "[eq]", "[ne]", "[in]", "[nin]", "[gt]", "[lte]", "[null]", "[contains]",
             "[startswith]", "[endswith]", "[between]", "[zzz]")  # fmt: skip


@pytest.fixture(scope="module")
def army(own_trio: tuple[Served, ...]) -> Iterator[tuple[Attacker, ...]]:
    """A client for each adapter."""
    found = tuple(Attacker(served) for served in own_trio)
    for attacker in found:
        attacker.post("/accounts", {"code": "hostile", "name": "x"})
        attacker.post("/slots", {"shelf": "hostile", "place": 1})
    yield found
    for attacker in found:
        attacker.wire.close()


def fields_of(attacker: Attacker, collection: str) -> tuple[str, ...]:
    """The fields that a create of the collection takes."""
    names = {
        name
        for path, _, found in attacker.fields
        if path == collection
        for name in found
    }
    return tuple(sorted(names))


def agree(army: tuple[Attacker, ...], answers: list[Heard]) -> None:
    """Fail where an adapter fails, or answers with another status than the others."""
    for attacker, heard in zip(army, answers, strict=True):
        attacker.judge("random", "", heard)
    assert len({heard.status for heard in answers}) == 1, answers


@SETTINGS
@given(data=st.data())
def test_random_bodies(army: tuple[Attacker, ...], data: st.DataObject) -> None:
    collection = data.draw(st.sampled_from(sorted(EXAMPLES)))
    names = st.sampled_from(fields_of(army[0], collection)) | TEXTS
    changes = data.draw(st.dictionaries(names, VALUES, max_size=5))
    method = data.draw(st.sampled_from(("POST", "POST", "PATCH")))
    whole = data.draw(st.booleans() | st.just(True))
    answers = []
    for attacker in army:
        path = collection if method == "POST" else attacker.record(collection)
        body: Any = {
            **(attacker.example(collection) if method == "POST" else {}),
            **changes,
        }
        raw = json.dumps(body if whole else list(body.values())).encode()
        answers.append(attacker.wire.request(method, path.encode(), [JSON], raw))
    agree(army, answers)
    if answers[0].status < 300:
        assert len({kept(*pair) for pair in zip(army, answers, strict=True)}) == 1, (
            answers
        )


def kept(attacker: Attacker, heard: Heard) -> str:
    """What a write answers, masked. A read answers the same, in the same version."""
    record = json.loads(heard.body)
    read = attacker.wire.request("GET", record["_links"]["self"].encode())
    assert (json.loads(read.body), read.etag) == (record, heard.etag), (
        attacker.served.adapter
    )
    return json.dumps(Masks().value(record), sort_keys=True)


@SETTINGS
@given(data=st.data())
def test_random_queries(army: tuple[Attacker, ...], data: st.DataObject) -> None:
    collection = data.draw(st.sampled_from(sorted(EXAMPLES)))
    fields = st.sampled_from(fields_of(army[0], collection))
    filters = st.builds(str.__add__, fields, st.sampled_from(OPERATORS))
    names = (
        filters
        | st.sampled_from(("limit", "offset", "sort", "cursor"))
        | st.text(max_size=5)
    )
    texts = (
        TEXTS
        | NUMBERS.map(str)
        | fields
        | st.sampled_from(("true", "a,b", "1,2", "-id"))
    )
    pairs = data.draw(st.lists(st.tuples(names, texts), max_size=4))
    query = urlencode([(encoded(name), encoded(text)) for name, text in pairs])
    target = f"{collection}?{query}".encode()
    agree(army, [attacker.wire.request("GET", target) for attacker in army])


@SETTINGS
@given(path=st.text(max_size=30), raw=st.binary(max_size=30))
def test_random_paths(army: tuple[Attacker, ...], path: str, raw: bytes) -> None:
    target = b"/tasks/" + quote(encoded(path), safe="").encode()
    agree(army, [attacker.wire.request("GET", target) for attacker in army])
    body = [(attacker.record("/tasks") + "/state").encode() for attacker in army]
    agree(
        army,
        [
            a.wire.request("PUT", p, [JSON], raw)
            for a, p in zip(army, body, strict=True)
        ],
    )


def encoded(text: str) -> bytes:
    """`text` in UTF-8; a lone surrogate in the bytes that stand for it."""
    return text.encode("utf-8", "surrogatepass")
