"""`spc factory add` starts a contract of each kind, and says why it does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factory.phrases.describing import present
from factory.proposals import propose
from factory.starters import Given, start
from factory.starters.fields import Misspelt, given_field
from forge.contracts.envelope import Kind
from forge.contracts.vocabulary import InfraCategory
from tests.cli.spc import spc

TICKET = """\
apiVersion: specora.dev/v1
kind: Entity
metadata: {name: ticket, domain: desk}
spec:
  fields:
    # what people see
    title: {type: string, required: true}
    secret: {type: string, sensitive: true}
  mixins: [mixin/stdlib/identifiable]
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "domains" / "desk" / "entities" / "ticket.contract.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(TICKET, "utf-8")
    return tmp_path


def started(given: Given, desk: Path) -> dict[str, str]:
    """The texts that a starter comes to; nothing is wrong with the domain that has them."""
    there = present(desk / "domains" / "desk")
    found = start(given, there)
    assert not found.faults
    proposal = propose(there.folder, found.contracts)
    assert not proposal.blocking
    folder = there.folder.as_posix()
    return {n.removeprefix(f"{folder}/"): t for n, t in proposal.after.items()}


GIVEN = [
    Given(Kind.ENTITY, "desk", "team"),
    Given(
        Kind.ENTITY,
        "desk",
        "team",
        states="new -> gone",
        fields=("size:integer!", "kind:a|b"),
    ),
    Given(
        Kind.ENTITY, "desk", "note", "a title, an optional body and belongs to a ticket"
    ),
    Given(Kind.ENTITY, "desk", "note", "What people write on the wall"),
    Given(
        Kind.ENTITY, "desk", "note", fields=("ticket:ticket!", "due", "parent_id:note")
    ),
    Given(Kind.WORKFLOW, "desk", "life"),
    Given(
        Kind.WORKFLOW,
        "desk",
        "life",
        entity="ticket",
        states="new → open → (shut or gone)",
    ),
    Given(Kind.ROUTE, "desk", "tickets"),
    Given(Kind.ROUTE, "desk", "cases", entity="entity/desk/ticket"),
    Given(Kind.PAGE, "desk", "tickets"),
    Given(Kind.AGENT, "desk", "triage", entity="ticket", trigger="ticket.opened"),
    Given(Kind.AGENT, "desk", "triage", entity="ticket", fields=("title",)),
    Given(Kind.MIXIN, "desk", "noted"),
    Given(Kind.MIXIN, "desk", "noted", fields=("seen_at:datetime",)),
    *(Given(Kind.INFRA, "desk", c.value) for c in InfraCategory),
    Given(Kind.INFRA, "desk", "login", category="auth"),
]


@pytest.mark.parametrize("given", GIVEN, ids=lambda g: f"{g.kind.lower_name}-{g.name}")
def test_what_is_started_compiles(given: Given, desk: Path) -> None:
    texts = started(given, desk)
    assert any(f"name: {given.name}" in text for text in texts.values())


def test_facts_that_are_given_stand_in_it(desk: Path) -> None:
    given = Given(
        Kind.ENTITY,
        "desk",
        "team",
        states="new -> gone",
        fields=("size:integer!", "on:ticket"),
    )
    texts = started(given, desk)
    entity = texts["entities/team.contract.yaml"]
    assert "size: {type: integer, required: true}" in entity
    assert "entity: entity/desk/ticket" in entity
    assert "state_machine: workflow/desk/team_lifecycle" in entity
    assert "new: [gone]" in texts["workflows/team_lifecycle.contract.yaml"]


def test_a_workflow_for_an_entity_leaves_the_rest_of_it(desk: Path) -> None:
    texts = started(Given(Kind.WORKFLOW, "desk", "life", entity="ticket"), desk)
    changed = texts["entities/ticket.contract.yaml"]
    kept = iter(changed.splitlines())
    assert all(line in kept for line in TICKET.splitlines())
    assert "state_machine: workflow/desk/life" in changed


def test_sensitive_fields_stand_on_no_page(desk: Path) -> None:
    texts = started(Given(Kind.PAGE, "desk", "tickets"), desk)
    assert "secret" not in texts["pages/tickets.contract.yaml"]


@pytest.mark.parametrize("text", ["", ":", "x:strin", "!", "名:string"])
def test_fields_that_cannot_be_read(text: str) -> None:
    with pytest.raises(Misspelt, match=r"field|type"):
        given_field(text, "desk", ("ticket",))


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("entity", "-n", "ticket"), "contract/duplicate-fqn"),
        (
            ("route", "-n", "x", "--entity", "tickt"),
            "did you mean `entity/desk/ticket`?",
        ),
        (
            ("page", "-n", "x", "--entity", "tickt"),
            "did you mean `entity/desk/ticket`?",
        ),
        (("workflow", "-n", "x", "--entity", "tickt"), "did you mean `ticket`?"),
        (("entity", "-n", "x", "--field", "a:strin"), "did you mean `string`?"),
        (("entity", "-n", "x", "--states", "one"), "`one` is no row of states"),
    ],
)
def test_refusals(args: tuple[str, ...], told: str, desk: Path) -> None:
    done = spc("factory", "add", *args, "-d", "desk", "--yes", cwd=desk)
    assert done.code == 1, done.out
    assert told in " ".join((done.out + done.err).split())
    assert len(list((desk / "domains").rglob("*.yaml"))) == 1


def test_json_and_consent(desk: Path) -> None:
    args = ("factory", "add", "route", "-d", "desk", "-n", "tickets")
    told = json.loads(spc(*args, "--json", "--dry-run", cwd=desk).out)
    assert [f["path"] for f in told["files"]] == [
        "domains/desk/routes/tickets.contract.yaml"
    ]
    assert not told["applied"]
    assert spc(*args, cwd=desk).code == 1
    assert spc(*args, "--yes", cwd=desk).code == 0
    assert spc("forge", "validate", "domains/desk", cwd=desk).code == 0
