"""Any text comes to a valid proposal or to nothing: no traceback, no long wait, no inventions."""

from __future__ import annotations

import os
import random
import re
import time
import unicodedata
from pathlib import Path

import pytest

from factory.phrases.describing import describe
from factory.phrases.grammar import FORMS

COUNT = 2_000 if os.environ.get("SPECORA_SOAK") else 36
SECONDS = 5.0
EXAMPLES = [example for form in FORMS for example in form.examples]
WORDS = sorted({word for example in EXAMPLES for word in example.split()})
ODD = [
    "->", "→", "-", "--", "(", ")", "((", "]", "{", ":", "::", ";", ",", ",,", ".", "...", "\n",
    "\n\n", "\n- ", "* ", "1.", "\t", "\x00", "\u202e", "\ufeff", "名前", "é", "Ünïts", "💥", "'",
    '"', "“", "`", "class", "select", "order", "id", "created_at", "number", "state", "type",
    "None", "true", "null", "__init__", "a" * 80, "x" * 3000, "9" * 50, "-1", "3.5", "1,000",
    "TKT-0001", "and", "or", "of", "the", "{{7*7}}", "'; DROP TABLE x; --", "${HOME}", "<script>",
    "%s", "&", "*x", "!!python/object", "no", "yes", "one of", "between", "default", "required",
    "many", "has", "have", "is", "go",
]  # fmt: skip
MADE_OF = {"record", "link", "n", "person", "child"}


@pytest.mark.parametrize("part", range(6))
def test_any_description(part: int, tmp_path: Path) -> None:
    chance = random.Random(part)
    for number in range(COUNT // 6):
        text = described(chance)
        start = time.monotonic()
        found = describe(text, tmp_path / "shop", "shop")
        taken = time.monotonic() - start
        assert taken < SECONDS, (taken, text)
        assert not found.proposal.blocking, (number, text, found.proposal.blocking)
        found.to_json()
        said = plain(text)
        for entity in found.proposal.analysis.application.entities:
            made = [p for p in entity.name.split("_") if p not in MADE_OF]
            assert all(p.isdigit() or stem(p) in said for p in made), (
                entity.name,
                text,
            )


def plain(text: str) -> str:
    """The letters of a text."""
    return (
        unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    )


def stem(word: str) -> str:
    """What a word has in common with its plural."""
    return word[: max(1, len(word) - 2)]


def described(chance: random.Random) -> str:
    """Examples cut and mixed, with things between that nobody writes."""
    kind = chance.random()
    if kind < 0.3:
        parts = chance.choices(EXAMPLES, k=chance.randint(1, 5))
        return chance.choice([" ", ". ", "\n", "; ", ", ", " and "]).join(parts)
    if kind < 0.6:
        parts = chance.choices(WORDS, k=chance.randint(1, 40))
        return " ".join(parts)
    if kind < 0.8:
        text = list(". ".join(chance.choices(EXAMPLES, k=3)))
        for _ in range(chance.randint(1, 12)):
            text[chance.randrange(len(text))] = chance.choice(ODD)
        return "".join(text)
    return " ".join(chance.choices([*WORDS, *ODD, *ODD], k=chance.randint(1, 60)))


@pytest.mark.parametrize(
    "text",
    [
        "and " * 5_000,
        "a, " * 5_000,
        "(" * 3_000,
        "a -> " * 3_000,
        "a or " * 3_000 + "-> b",
        "tickets go " + "x -> " * 2_000,
        "a thing has " + "a name and " * 3_000,
        "customers submit tickets and " * 500,
        "which " * 2_000,
        "a b " * 10_000,
        "_" * 20_000,
        "a_" * 10_000,
        "x" * 100_000,
    ],
    ids=lambda text: re.sub(r"\W+", " ", text[:20]),
)
def test_long_texts_end(text: str, tmp_path: Path) -> None:
    start = time.monotonic()
    describe(text, tmp_path / "shop", "shop")
    assert time.monotonic() - start < SECONDS
