"""A record of what was asked and answered, a JSON object a line, that can answer again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from specora_llm.conversation import Message, Reply, Shape, Usage
from specora_llm.faults import ModelFault, NotInTranscript


@dataclass(frozen=True, slots=True)
class Request:
    """What one answer is asked for."""

    system: str
    messages: tuple[Message, ...]
    shape: Shape | None = None

    @property
    def digest(self) -> str:
        """What a replay finds the answer by: the words, and no model."""
        said = [self.system, *((m.role, m.text) for m in self.messages)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


class Transcript:
    """Appends whole lines to a file, so that an interruption loses none of the earlier ones."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def answered(self, request: Request, reply: Reply) -> None:
        """An exchange."""
        usage = asdict(reply.usage)
        usage["cost"] = None if reply.usage.cost is None else str(reply.usage.cost)
        self.note(
            "exchange",
            digest=request.digest,
            model=reply.model,
            system=request.system,
            messages=[asdict(message) for message in request.messages],
            reply=reply.text,
            usage=usage,
        )

    def failed(self, request: Request, fault: ModelFault) -> None:
        """An attempt without an answer."""
        self.note(
            "fault", digest=request.digest, fault=fault.kind, sentence=fault.sentence
        )

    def note(self, kind: str, **facts: object) -> None:
        """A line of another kind, for whoever holds the conversation."""
        line = json.dumps({"version": 1, "kind": kind, **facts}, ensure_ascii=False)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            file.seek(0, 2)
            if file.tell():
                file.seek(-1, 2)
                if file.read(1) != b"\n":
                    file.write(b"\n")
            file.write(line.encode("utf-8", "replace") + b"\n")


def lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """The whole lines of a transcript; the last may be half of one, after an interruption."""
    for text in path.read_text("utf-8", errors="replace").split("\n"):
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict) and line.get("version") == 1:
            yield line


class Replay:
    """Answers from a transcript, and never asks anyone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            every = list(lines(path))
        except OSError as problem:
            raise NotInTranscript(
                f"The transcript {path} cannot be read: {problem.strerror}."
            ) from problem
        exchanges = [line for line in every if line.get("kind") == "exchange"]
        if not exchanges:
            raise NotInTranscript(f"{path} holds no answers of a model.")
        self._answers: dict[str, list[Mapping[str, Any]]] = {}
        for line in exchanges:
            self._answers.setdefault(str(line.get("digest")), []).append(line)
        self.name = f"replay of {exchanges[0].get('model', 'a model')}"

    def send(self, request: Request, on_text: Callable[[str], None] | None) -> Reply:
        """The recorded answer; asked the same again, the next one that was recorded."""
        answers = self._answers.get(request.digest)
        if not answers:
            raise NotInTranscript(
                f"The transcript {self.path} holds no answer to this:"
                " the contracts, the instruction or the prompt differ from the recorded ones."
            )
        line = answers.pop(0) if len(answers) > 1 else answers[0]
        usage = line.get("usage", {})
        cost = usage.get("cost")
        reply = Reply(
            str(line["reply"]),
            str(line["model"]),
            Usage(
                int(usage.get("input_tokens", 0)),
                int(usage.get("output_tokens", 0)),
                0,
                None if cost is None else Decimal(cost),
            ),
        )
        if on_text:
            on_text(reply.text)
        return reply
