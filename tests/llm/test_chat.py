"""`spc factory chat` over a pipe: questions, changes, new contracts, consent, and going on."""

from __future__ import annotations

import json
import os
import pty
import re
import select
from collections.abc import Mapping
from pathlib import Path

import pytest

from factory.authoring.conversation import Conversation
from specora_llm import Model, NotAccepted, Transcript, choose_model
from tests.cli.spc import BIN, Done, environment
from tests.llm.command import CUSTOMER, TICKET, desk, factory
from tests.llm.providers import KEY, Fail, Say, provider_stub

NEW = CUSTOMER.replace("customer", "agent")
CHANGED = TICKET.replace("enum: [low, high]", "enum: [low, high, urgent]")
RECORD = Path(".forge/chat/desk.jsonl")


def chat(
    folder: Path, env: Mapping[str, str], *said: str, options: tuple[str, ...] = ()
) -> Done:
    lines = "".join(f"{line}\n" for line in said)
    return factory("chat", *options, cwd=folder, env=env, said=lines)


def test_a_session_asks_changes_and_adds_and_the_next_goes_on(tmp_path: Path) -> None:
    path = desk(tmp_path)
    steps = (
        Say("Two kinds of records."),
        Say(f"Here is an agent.\n```yaml\n{NEW}```"),
        Say(f"```yaml\n{CHANGED}```\n"),
    )
    with provider_stub(*steps) as stub:
        env = stub.environ("openai")
        said = (
            "What is there?",
            "Add agents",
            "y",
            "Add urgent",
            "no",
            "/quit",
            "never read",
        )
        done = chat(tmp_path, env, *said)
        assert (done.code, len(stub.asked)) == (0, 3)
        assert done.out.splitlines()[0] == "Two kinds of records."
        agent = tmp_path / "domains/desk/entities/agent.contract.yaml"
        assert agent.read_text("utf-8") == NEW
        assert (tmp_path / path).read_text("utf-8") == TICKET
        second, third = (asked.words for asked in stub.asked[1:])
        assert "Two kinds of records." in second
        assert "The change was applied." in third
        assert KEY not in done.out + done.err + (tmp_path / RECORD).read_text("utf-8")
        stub.steps.append(Say("Urgent was declined."))
        _, conversation = talk(tmp_path, env)
        assert conversation.resume() is None
        assert conversation.length == 6
        conversation.say("And urgent?")
    assert "The change was declined." in stub.asked[3].words
    assert "Here is an agent." in stub.asked[3].words


def talk(folder: Path, environ: Mapping[str, str]) -> tuple[Model, Conversation]:
    transcript = Transcript(folder / RECORD)
    model = choose_model(environ, transcript=transcript.path)
    return model, Conversation(model, "desk", folder / "domains/desk", transcript)


def test_what_was_broken_off_before_consent_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / desk(tmp_path)
    with provider_stub(Say(CHANGED)) as stub:
        _, conversation = talk(tmp_path, stub.environ("openai"))
        assert conversation.say("Add urgent").proposal is not None
    with (tmp_path / RECORD).open("a") as record:
        record.write('{"version": 1, "kind": "decis')
    env = {"OPENAI_API_KEY": KEY}
    done = chat(tmp_path, env)
    assert "not decided about" in done.err
    assert path.read_text("utf-8") == TICKET
    done = chat(tmp_path, env, "y")
    assert path.read_text("utf-8") == CHANGED
    assert done.out.splitlines()[-1].startswith("wrote ")
    assert "Going on with desk after 1 answer." in done.err
    assert "Going on" not in chat(tmp_path, env, options=("--restart",)).err


def test_json_lines_for_programs(tmp_path: Path) -> None:
    desk(tmp_path)
    with provider_stub(Fail(401), Say(f"Done.\n```yaml\n{NEW}```")) as stub:
        options = ("--json", "--yes", "-d", "desk")
        done = chat(
            tmp_path, stub.environ("openai"), "Hello", "Add agents", options=options
        )
    assert (done.code, done.err) == (1, "")
    told = [json.loads(line) for line in done.out.splitlines()]
    assert [line["event"] for line in told] == [
        "fault",
        "answer",
        "proposal",
        "applied",
    ]
    assert told[0]["fault"] == "unauthorized"
    assert told[2]["files"][0]["new"] is True
    assert told[3]["files"] == ["domains/desk/entities/agent.contract.yaml"]


@pytest.mark.parametrize(
    "answer",
    [
        NEW.replace("domain: desk", "domain: elsewhere"),
        NEW.replace("type: string", "type: strnig"),
        NEW.replace("name: agent", "name: ../../agent"),
    ],
)
def test_what_does_not_hold_goes_back(tmp_path: Path, answer: str) -> None:
    desk(tmp_path)
    with provider_stub(*[Say(answer)] * 4) as stub:
        _, conversation = talk(tmp_path, stub.environ("openai"))
        with pytest.raises(NotAccepted):
            conversation.say("Add agents")
    assert len(stub.asked) == 4
    assert not (tmp_path / "domains/desk/entities/agent.contract.yaml").exists()


def test_secrets_are_neither_sent_nor_kept(tmp_path: Path) -> None:
    path = tmp_path / desk(tmp_path)
    secret, told = "sk-live-4711-secret", "ghp_abcdefghijklmnopqrstuv"
    path.write_text(TICKET + f"    pin: {{type: string, default: {secret}}}\n", "utf-8")
    answer = CHANGED + "    pin: {type: string, default: REDACTED-SECRET-2}\n"
    with provider_stub(Say(answer)) as stub:
        environ = stub.environ("openai")
        _, conversation = talk(tmp_path, environ)
        sent = f"Add urgent; my token: {told}"
        stub.steps[0] = Say(answer.replace("-2", "-1"))
        turn = conversation.say(sent)
        assert turn.proposal is not None
        assert secret in next(iter(turn.proposal.after.values()))
        kept = (tmp_path / RECORD).read_text("utf-8")
        for text in (stub.asked[0].words, kept):
            assert secret not in text
            assert told not in text
        _, resumed = talk(tmp_path, environ)
        pending = resumed.resume()
    assert pending is not None
    assert pending.proposal is not None
    assert pending.proposal.after == turn.proposal.after


def test_at_a_terminal_prose_comes_as_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / desk(tmp_path)
    answer = f"It is\x1b[2J added.\n```yaml\n{CHANGED}```\n"
    with provider_stub(Say(answer)) as stub:
        _, conversation = talk(tmp_path, stub.environ("openai"))
        conversation.say("Add urgent")
    record = tmp_path / "record.jsonl"
    (tmp_path / RECORD).rename(record)
    out = typed(
        tmp_path, {"SPECORA_AI_REPLAY": str(record)}, "Add urgent", "y", "/quit"
    )
    assert path.read_text("utf-8") == CHANGED
    assert "It is\ufffd[2J added." in out
    assert "kind: Entity" not in out
    assert "+      enum: [low, high, urgent]" in re.sub(r"\x1b\[[0-9;]*m", "", out)


def typed(folder: Path, env: Mapping[str, str], *said: str) -> str:
    """What a terminal shows where each line is typed at a prompt."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execve(BIN / "spc", ["spc", "factory", "chat"], environment(env))
    out = b""
    left = list(said)
    while select.select([terminal], [], [], 60)[0]:
        try:
            out += os.read(terminal, 65536)
        except OSError:
            break
        if left and out.endswith(b"> "):
            os.write(terminal, left.pop(0).encode() + b"\n")
            out += b"\n"
    assert os.waitpid(pid, 0)[1] == 0
    os.close(terminal)
    return out.decode("utf-8")


def test_which_domain_has_to_be_clear(tmp_path: Path) -> None:
    env = {"OPENAI_API_KEY": KEY}
    assert chat(tmp_path, env).code == 2
    assert chat(tmp_path, env, options=("-d", "../up")).code == 2
    done = chat(tmp_path, {}, options=("-d", "desk"))
    assert done.code == 1
    assert "ANTHROPIC_API_KEY" in done.err
