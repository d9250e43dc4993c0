"""An interview: what is asked next follows from the answers so far, and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from factory.importers.naming import snake
from factory.phrases.facts import Field, Life, Thing
from factory.phrases.reading import Reading, read_phrases
from forge.diagnostics.fixes import write_texts
from forge.ir.naming import plural

VERSION = 1


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; an answer may be left empty where `needed` is false."""

    key: str
    text: str
    example: str
    needed: bool = False


@dataclass(slots=True)
class Interview:
    """The answers so far, in order. They are all of its state."""

    domain: str = ""
    things: tuple[str, ...] = ()
    """Names of what the domain holds already."""
    answers: dict[str, str] = field(default_factory=dict)

    def question(self) -> Question | None:
        """What to ask next; `None` when all is said."""
        return next((q for q in self._questions() if q.key not in self.answers), None)

    def answer(self, text: str) -> Reading | None:
        """Take the answer to the next question; `None` where it has to be asked again."""
        asked = self.question()
        assert asked is not None
        text = " ".join(text.split())
        if not text:
            if not asked.needed:
                self.answers[asked.key] = ""
                return Reading((), ())
            return None
        if asked.key == "domain":
            name = snake(text, "")
            if not name:
                return None
            self.answers[asked.key] = name
            return Reading((), ())
        said = self._said(asked.key, text)
        reading = read_phrases(said, self._known())
        if not reading.facts:
            return None
        self.answers[asked.key] = said
        return reading

    @property
    def name(self) -> str:
        """The domain's name, once it is known."""
        return self.domain or self.answers.get("domain", "")

    def description(self) -> str:
        """All that was said, as a description that can be read at once."""
        said = (text for key, text in self.answers.items() if key != "domain")
        return "\n".join(f"{text.rstrip('.;')}." for text in said if text)

    def save(self, path: Path) -> None:
        """Keep the answers, so that the interview can go on later."""
        state = {"version": VERSION, "domain": self.domain, "answers": self.answers}
        text = json.dumps(state, indent=2, ensure_ascii=False) + "\n"
        write_texts({path.as_posix(): text}, create=True)

    @classmethod
    def load(cls, path: Path, domain: str, things: Iterable[str]) -> Interview:
        """The interview that was kept, where it is about this domain; else a new one."""
        try:
            state: Any = json.loads(path.read_text("utf-8"))
            answers = dict(state["answers"])
            same = state["version"] == VERSION and state["domain"] == domain
        except (OSError, ValueError, KeyError, TypeError):
            return cls(domain, tuple(things))
        if not same or not all(isinstance(text, str) for text in answers.values()):
            return cls(domain, tuple(things))
        return cls(domain, tuple(things), answers)

    def _questions(self) -> Iterator[Question]:
        if not self.domain:
            yield Question(
                "domain", "What is the domain called?", "helpdesk", needed=True
            )
        yield Question(
            "things",
            "What things are there? A description of all of it will do.",
            "agents, customers and tickets",
            needed=not self.things,
        )
        reading = read_phrases(self.answers.get("things", ""), self.things)
        valued = {f.thing for f in reading.facts if isinstance(f, Field)}
        moved = {f.thing for f in reading.facts if isinstance(f, Life)}
        for name in self._named():
            shown = name.replace("_", " ")
            one = f"{'an' if shown[0] in 'aeiou' else 'a'} {shown}"
            if name not in valued:
                yield Question(
                    f"fields:{name}",
                    f"What does {one} have?",
                    "a name, a unique email, an optional note, status one of draft, published",
                )
            if name not in moved:
                yield Question(
                    f"life:{name}",
                    f"Which states does {one} go through?",
                    "new -> open -> closed",
                )
            yield Question(
                f"relations:{name}",
                f"What have {plural(name).replace('_', ' ')} to do with the others?",
                f"{plural(name).replace('_', ' ')} belong to customers",
            )
        yield Question("more", "Anything else?", "tickets are numbered TKT-0001")

    def _named(self) -> list[str]:
        """The things that the second answer speaks of."""
        reading = read_phrases(self.answers.get("things", ""), self.things)
        return list(
            dict.fromkeys(
                f.name for f in reading.facts if isinstance(f, Thing) and f.name
            )
        )

    def _known(self) -> tuple[str, ...]:
        return (*self.things, *self._named())

    def _said(self, key: str, text: str) -> str:
        """An answer as sentences that stand alone: the reading that leaves least open."""
        kind, _, name = key.partition(":")
        if not name:
            return text
        one = name.replace("_", " ")
        many = plural(name).replace("_", " ")
        wrapped = {
            "fields": (f"A {one} has {text}", f"{many} {text}", text),
            "life": (f"A {one} has a lifecycle: {text}", f"{many} {text}", text),
            "relations": (text, f"{many} {text}", f"{many} are {text}"),
        }[kind]
        return min(wrapped, key=lambda said: self._open(said, name))

    def _open(self, said: str, name: str) -> tuple[int, int]:
        reading = read_phrases(said, self._known(), (name,))
        own = sum(1 for fact in reading.facts if not isinstance(fact, Thing))
        return sum(len(m.text) for m in reading.missed), -min(own, 1)
