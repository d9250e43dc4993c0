"""`q`: which records a search finds, and in which order."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from forge.ir.entities import Entity
from tests.model.answers import Fault, Row

MOST_WORDS, LONGEST = 16, 255
LAST_PLACE = 3
"""The place that all further fields share."""


def words(text: str) -> list[str]:
    """Runs of letters, marks, digits and private characters, folded, each once."""
    spaced = "".join(_folded(one) if _of_word(one) else " " for one in text)
    return list(dict.fromkeys(word[:LONGEST] for word in spaced.split(" ") if word))


def _of_word(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] in "LMN" or kind == "Co"


def _folded(character: str) -> str:
    """One character for one: `ß` and `İ` have no such form, and stay."""
    forms = (character.casefold(), character.lower())
    return next((form for form in forms if len(form) == 1), character)


@dataclass(frozen=True, slots=True)
class Search:
    """Words that all have to occur in the searched fields of a record."""

    entity: Entity
    words: list[str]

    def finds(self, row: Row) -> bool:
        """Whether every word occurs."""
        return all(self._places(row))

    def rank(self, row: Row) -> int:
        """The first place of each word, summed."""
        return sum(min(places[0], LAST_PLACE) for places in self._places(row))

    def _places(self, row: Row) -> list[list[int]]:
        held = [words(row[name] or "") for name in self.entity.search]
        return [
            [place for place, found in enumerate(held) if word in found]
            for word in self.words
        ]


def read_search(entity: Entity, text: str) -> Search:
    """What `q` looks for. Raises `Fault`."""
    found = words(text)
    if not found or "\x00" in text:
        raise Fault("q", "bad-value")
    if len(found) > MOST_WORDS:
        raise Fault("q", "too-many-words")
    return Search(entity, found)
