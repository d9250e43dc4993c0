"""`spc factory new` with a model: checked, never over what exists, off where not wanted."""

from __future__ import annotations

import json
from pathlib import Path

from tests.llm.command import CUSTOMER, TICKET, desk, factory
from tests.llm.providers import Fail, Say, provider_stub

BARE = "\n".join(line.split("#")[0].rstrip() for line in TICKET.splitlines()).lstrip()
LESS = BARE.replace(
    "    subject: {type: string, required: true}\n", "    due: {type: date}\n"
)
NOTE = CUSTOMER.replace("name: customer", "name: note").replace("name: {", "body: {")
ASKED = (
    "new",
    "-d",
    "desk",
    "--describe",
    "Notes with a body. Tickets have a due date.",
)


def fenced(*contracts: str) -> str:
    return "I did.\n" + "".join(f"```yaml\n{text}\n```\n" for text in contracts)


def test_what_exists_keeps_every_word(tmp_path: Path) -> None:
    path = desk(tmp_path)
    wrong = NOTE.replace("domain: desk", "domain: other")
    broken = NOTE.replace("type: string", "type: strnig")
    steps = (Say(fenced(wrong)), Say(fenced(broken)), Say(fenced(LESS, NOTE)))
    with provider_stub(*steps) as stub:
        done = factory(*ASKED, "--yes", cwd=tmp_path, env=stub.environ("openai"))
    assert (done.code, len(stub.asked)) == (0, 3), done.err
    assert "`desk`" in stub.asked[1].words
    assert "entity/unknown-field-type" in stub.asked[2].words
    after = (tmp_path / path).read_text("utf-8")
    kept = iter(after.splitlines())
    assert all(line in kept for line in TICKET.splitlines())
    assert "due: {type: date}" in after
    note = tmp_path / "domains/desk/entities/note.contract.yaml"
    assert note.read_text("utf-8").strip() == NOTE.strip()


def test_a_model_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = desk(tmp_path)
    with provider_stub(Fail(401)) as stub:
        done = factory(*ASKED, "--yes", cwd=tmp_path, env=stub.environ("openai"))
    assert done.code == 1
    assert "--no-model" in done.err
    assert (tmp_path / path).read_text("utf-8") == TICKET


def test_no_model_asks_none(tmp_path: Path) -> None:
    desk(tmp_path)
    with provider_stub(Say("x")) as stub:
        env = stub.environ("openai")
        done = factory(*ASKED, "--no-model", "--json", "--yes", cwd=tmp_path, env=env)
    assert (done.code, stub.asked) == (0, [])
    assert json.loads(done.out)["applied"]


def test_a_model_that_nobody_offers_is_told(tmp_path: Path) -> None:
    done = factory(*ASKED, cwd=tmp_path, env={"SPECORA_AI_MODEL": "gpt-4o"})
    assert done.code == 1
    assert "OPENAI_API_KEY" in done.err
