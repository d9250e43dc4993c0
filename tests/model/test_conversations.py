"""Random conversations: every answer, and all that is stored, is what the model says.

A divergence that is found goes to `regressions/`, as it was shrunk, and is played first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from forge.ir.compiler import Compiler
from tests.conformance.apps import DOMAIN
from tests.model.conversations import conversations
from tests.model.domains import Author, write
from tests.model.playing import TALLY, Step
from tests.model.stages import Stage, staged

pytestmark = pytest.mark.postgres

HERE = Path(__file__).parent
SOAK = "SPECORA_SOAK" in os.environ
CONVERSATIONS = 8000 if SOAK else 140
"""With the conformance domain."""
OF_TENANTS = 1000 if SOAK else 30
"""With the domain whose records belong to tenants."""
DOMAINS = tuple(range(1, 41 if SOAK else 4))
"""Seeds of random domains."""
OF_EACH = 50 if SOAK else 20
"""Conversations with each random domain."""

IR = Compiler(contract_root=DOMAIN).compile()
TENANTS = DOMAIN.parent / "tenants"


def many(count: int) -> Callable[[Any], Any]:
    """Settings for so many conversations."""
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=not SOAK,
        # The stage shrinks what fails, which takes seconds.
        phases=(Phase.generate,),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(autouse=True)
def told(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Report how many conversations a test held, and of how many requests."""
    conversations_, requests = TALLY.conversations, TALLY.requests
    yield
    held = TALLY.conversations - conversations_
    sent = TALLY.requests - requests
    record_property("conversations", held)
    record_property("requests", sent)


@pytest.fixture(scope="module")
def stage(
    postgres_server_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """The conformance domain."""
    state = tmp_path_factory.mktemp("model")
    with staged(DOMAIN, state, postgres_server_url) as found:
        yield found


def regressions() -> list[Any]:
    """Every divergence that was ever found."""
    found = [
        (path.stem, json.loads(path.read_text("utf-8")))
        for path in sorted((HERE / "regressions").glob("*.json"))
    ]
    return [pytest.param(kept, id=name) for name, kept in found]


@pytest.mark.parametrize("kept", regressions())
def test_what_diverged_once(
    stage: Stage,
    kept: dict[str, Any],
    postgres_server_url: str,
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        if kept["domain"] != "conformance":
            folder = write(kept["contracts"], tmp_path / "domain")
            stage = stack.enter_context(
                staged(folder, tmp_path / "state", postgres_server_url)
            )
        stage.hold(kept["steps"])


def test_more_than_is_shown_beside_a_record(stage: Stage) -> None:
    shelf, place = {"shelf": "a b,ä/&", "place": 1}, {"shelf": "a b,ä/&", "place": 2}
    spare = {"spare_shelf": place["shelf"], "spare_place": 2}
    booking = {**shelf, **spare, "day": "2024-02-29"}
    task = {"title": "t", "account_code": "it's & so"}
    asked = [
        ("accounts", "tasks"),
        ("accounts", "tasks.account.tasks,tasks.parent"),
        ("tasks", "account.tasks,BILLED_TO"),
        ("slots", "bookings_by_slot,bookings_by_spare_shelf_spare_place"),
        ("bookings", "slot.bookings_by_slot.slot"),
    ]
    stage.hold(
        [
            _create("accounts", {"code": task["account_code"], "name": "n"}),
            _create("slots", shelf),
            _create("slots", place),
            *[_create_many(*one) for one in (("tasks", task), ("bookings", booking))],
            *[
                {"route": route, "method": "GET", "query": [["expand", expand]]}
                for route, expand in asked
            ],
        ]
    )


def test_a_search_ranks_by_the_first_field_that_holds_a_word(stage: Stage) -> None:
    texts = ("okapi", "OKAPI zebra", "plain", "Zebra, okapi!", "ökapi Ωmega")
    samples = [
        {"label": label, "notes": notes, "mail": mail}
        for label, notes, mail in zip(
            texts,
            ("plain", "x", "Okapi-zebra", "z", "ωMEGA"),
            ("a@b.example", "okapi@b.example", "zebra@b.example", "b@b.example", None),
            strict=True,
        )
    ]
    list_ = {"route": "samples", "method": "GET"}
    asked: list[Step] = []
    for words in ("okapi", "zebra okapi", "B okapi", "ΩMEGA", "plain", "zeb", "b"):
        page = [["q", words], ["limit", 2]]
        cursor = {"$": ["cursor", "samples", -1]}
        asked += [
            {**list_, "query": [["q", words]]},
            {**list_, "query": [["q", words], ["sort", "-label"]]},
            {**list_, "query": page},
            # The cursor of this page, or the one of another search.
            {**list_, "query": [*page, ["cursor", cursor]]},
        ]
    stage.hold([*(_create("samples", one) for one in samples), *asked])


def _create(route: str, body: Any) -> Step:
    return {"route": route, "method": "POST", "body": body}


def _create_many(route: str, body: Any) -> Step:
    operations = [{"op": "create", "body": body}] * 101
    return _create(route, {"operations": operations}) | {"tail": "bulk"}


@many(CONVERSATIONS)
@given(steps=conversations(IR))
def test_conversations(stage: Stage, steps: list[Step]) -> None:
    stage.hold(steps)


def test_conversations_of_tenants(postgres_server_url: str, tmp_path: Path) -> None:
    with staged(TENANTS, tmp_path / "state", postgres_server_url) as found:

        @many(OF_TENANTS)
        @given(steps=conversations(found.ir))
        def hold(steps: list[Step]) -> None:
            found.hold(steps)

        hold()


@pytest.mark.parametrize("seed", DOMAINS)
def test_conversations_with_a_random_domain(
    seed: int, postgres_server_url: str, tmp_path: Path
) -> None:
    folder = write(Author(seed).write(), tmp_path / "domain")
    with staged(folder, tmp_path / "state", postgres_server_url) as found:

        @many(OF_EACH)
        @given(steps=conversations(found.ir))
        def hold(steps: list[Step]) -> None:
            found.hold(steps)

        hold()
