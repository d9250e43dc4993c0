"""Rounds, secrets and transcripts, over the wire."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from specora_llm import (
    Message,
    NotAccepted,
    NotInTranscript,
    Rejected,
    Shape,
    choose_model,
)
from tests.llm.providers import KEY, Fail, Say, provider_stub

QUESTION = [Message.user("How many?")]


def _number(text: str) -> int | Rejected:
    return int(text) if text.isdigit() else Rejected([f"{text!r} is no number"])


def test_complaints_go_back_to_the_model() -> None:
    with provider_stub(Say("many"), Say("12")) as stub:
        model = choose_model(stub.environ("openai"))
        answer = model.ask_for(QUESTION, _number, rounds=3)
    assert (answer.value, answer.rounds, answer.usage.requests) == (12, 2, 2)
    roles = [message["role"] for message in stub.asked[1].body["messages"]]
    assert roles == ["user", "assistant", "user"]
    assert "'many' is no number" in stub.asked[1].words


def test_rounds_are_bounded() -> None:
    with provider_stub(*[Say("many")] * 5) as stub:
        model = choose_model(stub.environ("anthropic"))
        with pytest.raises(NotAccepted) as caught:
            model.ask_for(QUESTION, _number, rounds=2)
    assert caught.value.complaints == ("'many' is no number",)
    assert len(stub.asked) == 2


SHAPE = Shape(
    "count",
    "How many there are.",
    {
        "type": "object",
        "properties": {"count": {"type": "integer"}},
        "required": ["count"],
        "additionalProperties": False,
    },
)


@pytest.mark.parametrize("provider", ["anthropic", "openai", "google", "xai"])
def test_an_object_is_asked_for_in_the_way_of_the_provider(provider: str) -> None:
    with provider_stub(Say('{"count": 3}')) as stub:
        reply = choose_model(stub.environ(provider)).ask(QUESTION, shape=SHAPE)
    assert json.loads(reply.text) == {"count": 3}
    assert '"count"' in stub.asked[0].words


SECRETS = (
    "sk-ant-api03-abcdefghijklmnop",
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_abcdefghijklmnopqrstuvwxyz0123",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "hunter2-and-more",
    "correcthorse",
    "the-value-of-a-variable",
    "admin:s3cr3t",
)

CONTRACT = f"""
config:
  key: {SECRETS[0]}
  aws: "{SECRETS[1]}"
  git: {SECRETS[2]}
  jwt: {SECRETS[3]}
  password: {SECRETS[4]}
  client_secret: '{SECRETS[5]}'
  note: {SECRETS[6]} stands here
  url: postgres://{SECRETS[7]}@db/app
fields:
  password: {{type: string}}
  token: {{type: string, references: {{entity: entity/auth/token}}}}
"""


def test_secrets_leave_as_marks_and_come_back(tmp_path: Path) -> None:
    record = tmp_path / "t.jsonl"
    with provider_stub(Fail(500, message=SECRETS[6]), Say("")) as stub:
        stub.steps[1] = Say("placeholder")
        environ = stub.environ("openai") | {"MY_TOKEN": SECRETS[6]}
        model = choose_model(environ, transcript=record)
        model.ask([Message.user(CONTRACT)])
        sent = stub.asked[1].body["messages"][0]["content"]
        assert [secret for secret in SECRETS if secret in sent] == []
        assert "password: {type: string}" in sent
        assert "entity/auth/token" in sent
        stub.steps.append(Say(sent))
        reply = model.ask([Message.user(CONTRACT)])
    assert reply.text == CONTRACT
    told = record.read_text("utf-8")
    assert [secret for secret in (*SECRETS, KEY) if secret in told] == []


def test_a_transcript_answers_again_without_anyone(tmp_path: Path) -> None:
    record = tmp_path / "t.jsonl"
    with provider_stub(Say("many"), Say("12")) as stub:
        model = choose_model(stub.environ("openai"), transcript=record)
        model.ask_for(QUESTION, _number, system="Count.")
    told: list[str] = []
    replay = choose_model({"SPECORA_AI_REPLAY": str(record)})
    answer = replay.ask_for(QUESTION, _number, system="Count.", on_text=told.append)
    assert (answer.value, answer.rounds, told) == (12, 2, ["many", "12"])
    assert replay.usage.requests == 0
    with pytest.raises(NotInTranscript, match="differ"):
        replay.ask([Message.user("Something else?")])


@pytest.mark.parametrize("content", [None, "", "not json\n", '{"version": 1}\n[]\n'])
def test_what_is_no_transcript_is_told(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "t.jsonl"
    if content is not None:
        path.write_text(content)
    with pytest.raises(NotInTranscript):
        choose_model({"SPECORA_AI_REPLAY": str(path)})


def test_a_transcript_that_broke_off_goes_on(tmp_path: Path) -> None:
    record = tmp_path / "t.jsonl"
    record.write_text('{"version": 1, "kind": "exch')
    with provider_stub(Say("12")) as stub:
        model = choose_model(stub.environ("openai"), transcript=record)
        model.ask(QUESTION)
    replay = choose_model({"SPECORA_AI_REPLAY": str(record)})
    assert replay.ask(QUESTION).text == "12"
