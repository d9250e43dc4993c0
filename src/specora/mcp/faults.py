"""What is wrong with a call: the answer to it, never an error of the protocol."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from forge.diagnostics import nearest

Answer = dict[str, Any]
"""What a tool answers, as JSON."""


class Refused(Exception):
    """A call that cannot be carried out, with the answer that says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


def fault(name: str, message: str, *, argument: str = "", help: str = "") -> Refused:
    """A refusal about an argument of the call, in the form of diagnostics."""
    return refusal([_fault(name, message, argument, help)])


def refusal(faults: list[dict[str, Any]]) -> Refused:
    """A refusal for several reasons at once."""
    return Refused(
        {
            "version": 1,
            "summary": {"errors": len(faults), "warnings": 0},
            "diagnostics": faults,
        }
    )


def unknown(what: str, name: str, names: Iterable[str], argument: str) -> Refused:
    """A refusal of a name that there is not, with the nearest one that there is."""
    legal = sorted(names)
    guess = nearest(name, legal)
    advice = f"did you mean `{guess}`?" if guess else listed(legal)
    return fault(
        f"mcp/unknown-{what}",
        f"there is no {what} `{shortened(name)}`",
        argument=argument,
        help=advice,
    )


def listed(names: list[str]) -> str:
    """Some of many names, for a help text."""
    shown = ", ".join(f"`{name}`" for name in names[:20])
    return f"there is {shown}{' ...' if len(names) > 20 else ''}" if names else ""


def shortened(text: str) -> str:
    """A text of the caller's inside a message: one line, bounded."""
    plain = "".join(c if c.isprintable() else "?" for c in text[:81])
    return plain if len(plain) <= 80 else f"{plain[:77]}..."


def argument_fault(pointer: str, message: str) -> dict[str, Any]:
    """One fault of the arguments, where the JSON pointer points."""
    return _fault("mcp/bad-argument", message, pointer, "")


def _fault(name: str, message: str, argument: str, help: str) -> dict[str, Any]:
    return {
        "name": name,
        "severity": "error",
        "message": message,
        "argument": argument,
        "help": help,
    }
