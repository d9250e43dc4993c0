"""Every provider passes the same table, over HTTP, whole and streamed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from specora_llm import (
    BrokenAnswer,
    Declined,
    EmptyAnswer,
    Message,
    Model,
    ModelFault,
    RateLimited,
    RequestRefused,
    TimedOut,
    Unauthorized,
    Unavailable,
    Unreachable,
    choose_model,
)
from specora_llm import Overlong as TooLong
from tests.llm.providers import (
    EVERY,
    KEY,
    Body,
    Cut,
    Empty,
    Fail,
    Garbage,
    Half,
    Hang,
    Overlong,
    Refuse,
    Say,
    Step,
    provider_stub,
)

ANSWER = "Grüße aus dem Vertrag: äöü ✓"
QUESTION = [Message.user("What holds?")]

Ask = Callable[[Model], str]


def _whole(model: Model) -> str:
    return model.ask(QUESTION, system="Be brief.").text


def _streamed(model: Model) -> str:
    told: list[str] = []
    text = model.ask(QUESTION, system="Be brief.", on_text=told.append).text
    assert "".join(told).endswith(text)
    return text


WIRES = ("anthropic", "openai", "google")
"""One provider of each format. The others share theirs with OpenAI, whose streams they are."""

BOTH = [(name, ask) for name in EVERY for ask in (_whole, _streamed)]
FAULTS = [(name, _whole) for name in EVERY] + [(name, _streamed) for name in WIRES]


def _id(value: object) -> str:
    return getattr(value, "__name__", str(value))


@pytest.mark.parametrize(("provider", "ask"), BOTH, ids=_id)
def test_answers(provider: str, ask: Ask, tmp_path: Path) -> None:
    with provider_stub(Say(ANSWER)) as stub:
        model = choose_model(stub.environ(provider), transcript=tmp_path / "t.jsonl")
        assert ask(model) == ANSWER
    (asked,) = stub.asked
    assert "Be brief." in asked.words
    assert "What holds?" in asked.words
    assert KEY not in asked.words
    assert KEY not in (tmp_path / "t.jsonl").read_text("utf-8")
    assert model.usage.output_tokens == 30
    assert model.usage.requests == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fail(429),
        Fail(500),
        Fail(529),
        Cut(),
        Half(),
        Half(cut=False),
        Garbage(),
        Empty(),
    ],
    ids=str,
)
@pytest.mark.parametrize(("provider", "ask"), FAULTS, ids=_id)
def test_a_fault_that_may_pass_is_asked_again(
    provider: str, ask: Ask, fault: Step
) -> None:
    with provider_stub(fault, Say(ANSWER)) as stub:
        model = choose_model(stub.environ(provider))
        assert ask(model) == ANSWER
    assert len(stub.asked) == 2
    assert model.usage.requests == 2


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fail(429), RateLimited),
        (Fail(500), Unavailable),
        (Cut(), Unreachable),
        (Half(), (BrokenAnswer, Unreachable)),
        (Half(cut=False), BrokenAnswer),
        (Garbage(), BrokenAnswer),
        (Empty(), EmptyAnswer),
    ],
    ids=str,
)
@pytest.mark.parametrize("provider", WIRES)
def test_as_often_as_was_asked_for(
    provider: str, fault: Step, told: type[ModelFault]
) -> None:
    with provider_stub(*[fault] * 9) as stub:
        environ = stub.environ(provider) | {"SPECORA_AI_RETRIES": "2"}
        with pytest.raises(told):
            _whole(choose_model(environ))
    assert len(stub.asked) == 3


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fail(401), Unauthorized),
        (Fail(403), Unauthorized),
        (Fail(400), RequestRefused),
        (Fail(404), RequestRefused),
        (Refuse(), Declined),
        (Overlong(), TooLong),
    ],
    ids=str,
)
@pytest.mark.parametrize(("provider", "ask"), FAULTS, ids=_id)
def test_a_fault_that_stays_is_told_at_once(
    provider: str, ask: Ask, fault: Step, told: type[ModelFault]
) -> None:
    with provider_stub(fault) as stub, pytest.raises(told) as caught:
        ask(choose_model(stub.environ(provider)))
    assert len(stub.asked) == 1
    assert KEY not in str(caught.value)
    assert str(caught.value).endswith((".", "…", ").", "stub"))


TOLD = {"role": "assistant", "content": ANSWER}
CALL = {"type": "function", "function": {"name": "f", "arguments": '{"contract": 1}'}}
CALLING = {"role": "assistant", "content": None, "tool_calls": [{"id": "c", **CALL}]}
USED = {
    "type": "tool_use",
    "id": "t",
    "name": "f",
    "input": {"contract": 1},
}


@pytest.mark.parametrize(
    ("provider", "body", "answer"),
    [
        ("ollama", {"choices": [{"message": TOLD}]}, ANSWER),
        ("lmstudio", {"choices": [{"message": CALLING}]}, '{"contract":1}'),
        (
            "anthropic",
            {"content": [USED], "role": "assistant", "usage": {}},
            '{"contract":1}',
        ),
    ],
)
def test_answers_that_leave_out_or_call_are_read(
    provider: str, body: object, answer: str
) -> None:
    with provider_stub(Body(body)) as stub:
        environ = stub.environ(provider) | {"SPECORA_AI_RETRIES": "0"}
        assert _whole(choose_model(environ)) == answer


@pytest.mark.parametrize("provider", EVERY)
@pytest.mark.parametrize("body", [None, [], {}, "text", {"choices": []}], ids=str)
def test_other_json_is_a_broken_answer(provider: str, body: object) -> None:
    with provider_stub(Body(body)) as stub, pytest.raises((BrokenAnswer, EmptyAnswer)):
        _whole(choose_model(stub.environ(provider) | {"SPECORA_AI_RETRIES": "0"}))


@pytest.mark.parametrize("provider", WIRES)
def test_waits_as_long_as_the_provider_says(provider: str) -> None:
    with provider_stub(Fail(429, (("Retry-After", "1"),)), Say(ANSWER)) as stub:
        began = time.monotonic()
        assert _whole(choose_model(stub.environ(provider))) == ANSWER
    assert 1.0 <= time.monotonic() - began < 8.0
    assert len(stub.asked) == 2


@pytest.mark.parametrize("provider", WIRES)
def test_waits_for_nobody_who_says_an_hour(provider: str) -> None:
    with (
        provider_stub(Fail(429, (("Retry-After", "3600"),))) as stub,
        pytest.raises(RateLimited),
    ):
        _whole(choose_model(stub.environ(provider)))
    assert len(stub.asked) == 1


@pytest.mark.parametrize(("provider", "ask"), FAULTS, ids=_id)
def test_a_silent_provider_is_asked_twice(provider: str, ask: Ask) -> None:
    with provider_stub(*[Hang()] * 5) as stub, pytest.raises(TimedOut):
        ask(choose_model(stub.environ(provider) | {"SPECORA_AI_TIMEOUT": "0.3"}))
    assert len(stub.asked) == 2


@pytest.mark.parametrize("provider", EVERY)
def test_keys_in_errors_of_providers_are_redacted(provider: str) -> None:
    with (
        provider_stub(Fail(400, message=f"bad key {KEY}")) as stub,
        pytest.raises(RequestRefused) as caught,
    ):
        _whole(choose_model(stub.environ(provider) | {"X_API_KEY": KEY}))
    assert KEY not in str(caught.value)
    assert "[redacted]" in str(caught.value)
