"""What is wrong with an expression, as values with a place in its text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of meaning: what it is, where it stands, what to write instead."""

    message: str
    start: int
    end: int
    help: str = ""


class ExpressionFault(Exception):
    """The text is not an expression of the language; the only exception of this package."""

    def __init__(self, message: str, start: int, end: int, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
        self.help = help


def listed(words: Iterable[str]) -> str:
    """Words for a message, in backticks."""
    return ", ".join(f"`{word}`" for word in words)


def nearest(word: str, known: Iterable[str]) -> str:
    """Help that names the nearest known word, or all of them when none is near."""
    choices = sorted(set(known))
    folded = {choice.lower(): choice for choice in choices}
    close = difflib.get_close_matches(word.lower(), folded, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{folded[close[0]]}`?"
    return f"the names are {listed(choices)}" if choices else ""
