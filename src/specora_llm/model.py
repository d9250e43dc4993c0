"""A model that can be asked: retries, redaction, transcript, and rounds until an answer holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from specora_llm.choosing import Choice, choose
from specora_llm.conversation import (
    Answer,
    Message,
    Rejected,
    Reply,
    Shape,
    Usage,
    encodable,
)
from specora_llm.faults import ModelFault, NotAccepted, TimedOut
from specora_llm.limits import Limits, limits_of
from specora_llm.secrets import Secrets, Veil
from specora_llm.transcript import Replay, Request, Transcript

T = TypeVar("T")
OnText = Callable[[str], None]

REPLAY = "SPECORA_AI_REPLAY"
RECORD = "SPECORA_AI_TRANSCRIPT"

_TIMEOUTS = 1


class Source(Protocol):
    """Where answers come from: a provider, or a transcript."""

    name: str

    def send(self, request: Request, on_text: OnText | None) -> Reply:
        """One attempt; a `ModelFault` where it brings no answer."""


class Model:
    """One model behind one interface, whoever provides it; not for use in a running event loop."""

    def __init__(
        self,
        source: Source,
        *,
        limits: Limits | None = None,
        secrets: Secrets | None = None,
        transcript: Transcript | None = None,
    ) -> None:
        self._source = source
        self._limits = limits or Limits()
        self._secrets = secrets or Secrets({})
        self.transcript = transcript
        self.usage = Usage()
        """What everything took that this model was asked."""

    @property
    def name(self) -> str:
        """Provider and model, for people."""
        return self._source.name

    def veil(self, texts: Iterable[str]) -> Veil:
        """What no model gets to see of `texts`, and what it sees instead."""
        return self._secrets.veil(texts)

    def ask(
        self,
        messages: Sequence[Message],
        *,
        system: str = "",
        shape: Shape | None = None,
        on_text: OnText | None = None,
    ) -> Reply:
        """A whole answer. `on_text` gets it piece by piece, after a retry from its start again."""
        said = [replace(message, text=encodable(message.text)) for message in messages]
        veil = self._secrets.veil([system, *(message.text for message in said)])
        request = Request(
            veil.cover(system),
            tuple(replace(message, text=veil.cover(message.text)) for message in said),
            shape,
        )
        reply = self._send(request, on_text)
        self.usage += reply.usage
        if self.transcript:
            covered = self._secrets.redact(reply.text)
            self.transcript.answered(request, replace(reply, text=covered))
        return replace(reply, text=veil.lift(encodable(reply.text)))

    def ask_for(
        self,
        messages: Sequence[Message],
        read: Callable[[str], T | Rejected],
        *,
        system: str = "",
        shape: Shape | None = None,
        rounds: int = 3,
        on_text: OnText | None = None,
    ) -> Answer[T]:
        """The first answer that `read` takes, of at most `rounds`.

        What `read` complains about is told to the model. `NotAccepted` after the last round.
        """
        said = list(messages)
        usage = Usage()
        complaints: Sequence[str] = ()
        last = ""
        for number in range(1, rounds + 1):
            reply = self.ask(said, system=system, shape=shape, on_text=on_text)
            usage += reply.usage
            value = read(reply.text)
            if not isinstance(value, Rejected):
                return Answer(value, reply, usage, number)
            complaints, last = value.complaints, reply.text
            said += [Message.assistant(reply.text), Message.user(_again(complaints))]
        raise NotAccepted(
            f"{self.name} gave no answer that holds in {rounds} rounds.",
            complaints,
            last,
        )

    def _send(self, request: Request, on_text: OnText | None) -> Reply:
        timeouts = 0
        for attempt in range(1, self._limits.retries + 2):
            try:
                reply = self._source.send(request, on_text)
            except ModelFault as fault:
                self._told(request, fault)
                timeouts += isinstance(fault, TimedOut)
                wait = self._limits.wait(attempt, fault.retry_after)
                last = attempt > self._limits.retries or timeouts > _TIMEOUTS
                if not fault.retried or last or wait is None:
                    raise
                time.sleep(wait)
            else:
                usage = replace(reply.usage, requests=reply.usage.requests * attempt)
                return replace(reply, usage=usage)
        raise AssertionError("a last attempt answers or raises")

    def _told(self, request: Request, fault: ModelFault) -> None:
        fault.sentence = self._secrets.redact(fault.sentence)
        fault.args = (fault.sentence,)
        if self.transcript:
            self.transcript.failed(request, fault)


def _again(complaints: Sequence[str]) -> str:
    told = "\n".join(f"- {complaint}" for complaint in complaints)
    return (
        "That answer was checked and is not accepted:\n"
        f"{told}\n"
        "Answer again, whole, in the same form, with all of this corrected."
    )


def choose_model(
    environ: Mapping[str, str], *, transcript: Path | None = None
) -> Model:
    """The model of the environment, or of the transcript that it names to replay.

    `NoModel` where it names none. Nothing is imported or reached before the first question.
    """
    record = environ.get(RECORD, "").strip()
    path = transcript or (Path(record) if record else None)
    replay = environ.get(REPLAY, "").strip()
    limits = limits_of(environ)
    source: Source = (
        Replay(Path(replay)) if replay else _Provided(choose(environ), limits)
    )
    return Model(
        source,
        limits=limits,
        secrets=Secrets(environ),
        transcript=Transcript(path) if path else None,
    )


class _Provided:
    """A provider whose client is imported with the first question, because that takes seconds."""

    def __init__(self, choice: Choice, limits: Limits) -> None:
        self.name = str(choice)
        self._choice = choice
        self._limits = limits
        self._source: Source | None = None

    def send(self, request: Request, on_text: OnText | None) -> Reply:
        if self._source is None:
            from specora_llm.providers import connect

            self._source = connect(self._choice, self._limits)
        return self._source.send(request, on_text)
