"""What coding agents are told of a project: one marked section of `AGENTS.md` and `CLAUDE.md`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from factory.briefing import language_brief
from forge.emit import Templates
from forge.emit.literals import Code

FILES = ("AGENTS.md", "CLAUDE.md")
"""Agents read one or the other, so that both say everything."""
_BEGIN = "<!-- specora:begin "
_END = "<!-- specora:end -->"
_FIRST = f"{_BEGIN}`spc agents` rewrites this section; write above or below it -->"
_TEMPLATES = Templates("specora.scaffold")


class BrokenMarks(ValueError):
    """The marks around the section do not pair, so that nobody can say where it ends."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command line, for the table."""

    usage: Code
    help: Code
    options: Code


def manual(commands: Iterable[Command]) -> str:
    """The section: how to work, the commands, the Python interface, the language in brief."""
    plan = {"commands": tuple(commands), "reference": Code(language_brief().rstrip())}
    text = _TEMPLATES.render("manual.md.jinja", **plan)
    return f"{_FIRST}\n\n{text.strip()}\n\n{_END}\n"


def refreshed(text: str, section: str) -> str:
    """A file with the section in it anew; behind the last byte where it has none yet.

    Raises `BrokenMarks`.
    """
    starts, ends = text.count(_BEGIN), text.count(_END)
    if not starts and not ends:
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}{section}"
    start, end = text.find(_BEGIN), text.find(_END)
    if starts != 1 or ends != 1 or end < start:
        raise BrokenMarks(f"`{_BEGIN.strip()}` and `{_END}` have to stand there once")
    after = text[end + len(_END) :]
    return f"{text[:start]}{section.rstrip()}{after}"
