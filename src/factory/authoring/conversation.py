"""A conversation about a domain that can be broken off anywhere and goes on from its transcript."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from factory.authoring import prompts
from factory.authoring.answers import contracts_in, prose_in
from factory.authoring.refinement import ROUNDS, moved_secrets
from factory.proposals import Proposal, propose
from forge.parser.loader import load_file, load_texts, read_texts
from forge.source import SourceFile
from specora_llm import MARK, Message, Model, Rejected, Transcript, Usage
from specora_llm.secrets import Veil
from specora_llm.transcript import lines

_REMEMBERED = 40
"""Messages that a model is told of what went before."""
_DECIDED = {
    True: "(The change was applied.)\n",
    False: "(The change was declined.)\n",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """An answer: prose, a change that is yet to be agreed to, or both."""

    prose: str
    proposal: Proposal | None
    usage: Usage


class Conversation:
    """What was said about one domain. Everything is in the transcript before it is told."""

    def __init__(
        self, model: Model, domain: str, folder: Path, transcript: Transcript
    ) -> None:
        self.domain = domain
        self.folder = folder
        self._model = model
        self._transcript = transcript
        self._history: list[Message] = []
        self._decided = ""
        self._open: str | None = None

    @property
    def length(self) -> int:
        """How many messages went before."""
        return len(self._history)

    def begin(self) -> None:
        """Forget what went before."""
        self._transcript.note("begin", domain=self.domain)
        self._history, self._decided, self._open = [], "", None

    def resume(self) -> Turn | None:
        """Go on where the transcript ends; a change that nobody decided about is told again."""
        said = ""
        veil = self._veiled()
        for line in lines(self._transcript.path):
            match line.get("kind"):
                case "begin":
                    self._history, self._decided, self._open = [], "", None
                case "said":
                    said = str(line.get("text", ""))
                case "answered":
                    self._remember(said, veil.lift(str(line.get("text", ""))))
                case "decision":
                    self._settle(bool(line.get("applied")))
        if self._open is None:
            return None
        turn = self._read(self._open)
        return None if isinstance(turn, Rejected) else turn

    def say(self, text: str, on_text: Callable[[str], None] | None = None) -> Turn:
        """What the model answers. Raises `ModelFault`; nothing is written."""
        texts = self._texts()
        contracts = load_texts(texts.items(), root=self.folder)
        covered = self._model.veil([text]).cover(text)
        self._transcript.note("said", text=re.sub(rf"{MARK}\d+", "[redacted]", covered))
        recent = "\n".join(message.text for message in self._history[-6:])
        told = prompts.domain_texts(contracts, texts, f"{recent}\n{text}")
        answer = self._model.ask_for(
            [*self._history, Message.user(f"{told}\n\n{self._decided}{text}")],
            self._read,
            system=prompts.chatting(self.domain),
            rounds=ROUNDS,
            on_text=on_text,
        )
        covered = self._veiled().cover(answer.reply.text)
        self._transcript.note(
            "answered", text=self._model.veil([covered]).cover(covered)
        )
        self._remember(text, answer.reply.text)
        turn = answer.value
        return Turn(turn.prose, turn.proposal, answer.usage)

    def decide(self, applied: bool) -> None:
        """What the person decided about the last change."""
        self._transcript.note("decision", applied=applied)
        self._settle(applied)

    def _remember(self, said: str, answered: str) -> None:
        self._history += [
            Message.user(self._decided + said),
            Message.assistant(answered),
        ]
        del self._history[:-_REMEMBERED]
        self._decided = ""
        self._open = answered if contracts_in(answered) else None

    def _settle(self, applied: bool) -> None:
        self._decided = _DECIDED[applied]
        self._open = None

    def _texts(self) -> Mapping[str, str]:
        return read_texts(self.folder) if self.folder.is_dir() else {}

    def _veiled(self) -> Veil:
        return self._model.veil(self._texts().values())

    def _read(self, answer: str) -> Turn | Rejected:
        wanted = contracts_in(answer)
        if not wanted:
            return Turn(prose_in(answer), None, Usage())
        for number, text in enumerate(wanted, 1):
            loaded = load_file(SourceFile(f"<contract {number}>", text))
            if loaded.contract is None:
                return Rejected(prompts.complaints(loaded.diagnostics))
            if loaded.contract.domain != self.domain:
                fqn = loaded.contract.fqn
                return Rejected([f"`{fqn}` is not of the domain `{self.domain}`"])
        before = "\n".join(self._texts().values())
        proposal = propose(self.folder, wanted)
        after = {**self._texts(), **proposal.after}
        blocking = (*proposal.unread, *proposal.blocking)
        complaints = prompts.complaints(blocking) + moved_secrets(
            self._model, before, "\n".join(after.values())
        )
        if complaints:
            return Rejected(complaints)
        found = proposal if proposal.fixes else None
        return Turn(prose_in(answer), found, Usage())
