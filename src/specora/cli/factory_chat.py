"""`spc factory chat`"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

import click

from factory.authoring.conversation import Conversation, Turn
from factory.proposals import Proposal
from specora.cli import consent, output
from specora.cli.domains import domain_name, domains_of
from specora.cli.factory_refine import refuse, usage_json
from specora.cli.models import chosen
from specora_llm import Model, ModelFault, Transcript

FOLDER = Path(".forge/chat")

_HELP = """\
Ask about the domain, or say what shall change or be added: the change is shown, and written when
you agree. /quit ends; the next session goes on from here."""


@click.command("chat")
@click.option(
    "--domain",
    "-d",
    callback=lambda _context, _parameter, value: value and domain_name(value),
    help="Name of the domain; may be left out where there is one.",
)
@click.option("--restart", is_flag=True, help="Begin anew instead of going on.")
@consent.yes_option
@output.json_lines_option
def command(domain: str | None, restart: bool, yes: bool, as_json: bool) -> int:
    """Talk with a language model about a domain, and change it as you agree.

    Reads a line at a time, from a terminal or a pipe. What was said is kept below `.forge/chat`,
    and the next session goes on there.
    """
    folder = _folder(domain)
    transcript = Transcript(FOLDER / f"{folder.name}.jsonl")
    try:
        model = chosen(transcript.path)
    except ModelFault as fault:
        refuse(fault, as_json)
        return output.ERRORS
    talk = Conversation(model, folder.name, folder, transcript)
    chat = _Chat(talk, model, yes=yes, as_json=as_json)
    if restart:
        talk.begin()
    elif transcript.path.exists():
        chat.resume()
    return chat.run()


def _folder(domain: str | None) -> Path:
    if domain is not None:
        return Path("domains") / domain
    found = [folder for folder in domains_of(None) if folder.parent.name == "domains"]
    if len(found) != 1:
        names = ", ".join(folder.name for folder in found) or "none here"
        raise click.UsageError(f"name the domain with -d: {names}")
    return found[0]


class _Chat:
    """The loop of a session: lines in, answers and changes out."""

    def __init__(
        self, talk: Conversation, model: Model, *, yes: bool, as_json: bool
    ) -> None:
        self._talk = talk
        self._model = model
        self._yes = yes
        self._tell = output.Teller(as_json)
        self._as_json = as_json
        self._is_live = sys.stdin.isatty() and sys.stdout.isatty() and not as_json
        self._failed = False
        if self._is_live:
            import readline  # noqa: F401  (lines can be edited)
        elif isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")

    def resume(self) -> None:
        """Say where the last session ended, and ask again what it left open."""
        pending = self._talk.resume()
        if self._talk.length:
            count = output.counted(self._talk.length // 2, "answer")
            output.note(f"Going on with {self._talk.domain} after {count}.")
        if pending is not None and pending.proposal is not None:
            output.note("The last change is not decided about:")
            self._settle(pending.proposal)

    def run(self) -> int:
        """Until the input ends."""
        if self._is_live:
            output.note(f"{self._model.name}. {_HELP}")
        for line in self._lines():
            if line in ("/quit", "/exit"):
                break
            if line.startswith("/"):
                output.note(_HELP)
            elif line:
                self._answer(line)
        return output.ERRORS if self._failed else output.OK

    def _answer(self, line: str) -> None:
        live = _Prose() if self._is_live else None
        try:
            turn = self._talk.say(line, live)
        except ModelFault as fault:
            self._failed = True
            self._refused(fault)
            return
        if live:
            live.end()
        self._told(turn, quiet=live is not None)
        if turn.proposal is not None:
            self._settle(turn.proposal)

    def _refused(self, fault: ModelFault) -> None:
        if self._as_json:
            self._tell("fault", "", fault=fault.kind, error=fault.sentence)
        else:
            refuse(fault, as_json=False)

    def _told(self, turn: Turn, *, quiet: bool) -> None:
        usage = usage_json(turn.usage)
        if (turn.prose and not quiet) or self._as_json:
            text = output.printable(turn.prose)
            self._tell("answer", text, prose=turn.prose, usage=usage)
        if not self._as_json:
            output.note(f"({turn.usage})")

    def _settle(self, proposal: Proposal) -> None:
        """Show a change, ask, and write it where that is wanted."""
        if self._as_json:
            self._tell("proposal", "", **proposal.to_json())
        else:
            consent.show(proposal)
        agreed = self._yes or self._agreed()
        if agreed is None:
            return
        applied = agreed and consent.apply(proposal)
        self._talk.decide(applied)
        files = list(proposal.fixes) if applied else []
        text = "\n".join(f"wrote {name}" for name in files) or "Nothing is written."
        self._tell("applied" if applied else "declined", text, files=files)

    def _agreed(self) -> bool | None:
        """The person's word; None where the input ends instead, so that it is asked again."""
        if not self._as_json:
            output.note("Apply? [y/N]")
        line = next(self._lines(), None)
        return None if line is None else line.lower() in ("y", "yes")

    def _lines(self) -> Iterator[str]:
        while True:
            try:
                line = input("> ") if self._is_live else sys.stdin.readline()
            except EOFError:
                return
            if not line and not self._is_live:
                return
            yield line.strip()


class _Prose:
    """Shows an answer while it comes, without the contracts in it: those are shown as a diff."""

    def __init__(self) -> None:
        self._rest = ""
        self._is_fenced = False

    def __call__(self, text: str) -> None:
        *done, self._rest = (self._rest + text).split("\n")
        for line in done:
            self._line(line)

    def end(self) -> None:
        """The last line, which nothing ended."""
        if self._rest:
            self._line(self._rest)
        self._rest = ""

    def _line(self, line: str) -> None:
        if re.match(r"\s*(?:```|~~~)", line):
            self._is_fenced = not self._is_fenced
        elif not self._is_fenced:
            output.say(output.printable(line))
