"""Finding what the language reference and the pages of diagnostics say about words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import log

from factory.briefing.language import parts
from forge.diagnostics import pages

_STEP = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")
_TITLE, _KEY, _BEGUN, _TEXT = 8, 5, 3, 1
"""What a word counts in a title, as a key, as the beginning of a key, and anywhere."""
_LONGEST = 1200
"""Characters of a text that is shown whole."""
_TELLING = 0.5
"""Rarity from which a word picks the lines of a longer text."""
_REFERENCE, _PREFERRED = "reference", 2


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the reference, or the page of a diagnostic, that has the words."""

    name: str
    kind: str
    """`reference` or `diagnostic`."""
    text: str
    """The whole text, or of a long one the lines that have a word."""


@dataclass(frozen=True, slots=True)
class _Page:
    name: str
    kind: str
    text: str
    title: frozenset[str]
    keys: frozenset[str]
    words: frozenset[str]


def search(query: str) -> tuple[Found, ...]:
    """What has any word of `query`: those with rare words, and in titles, come first."""
    words = {word: _rarity(word) for word in _words(query)}
    scored = [(_score(page, words), page) for page in _pages()]
    hits = sorted(
        ((-score, page.name, page) for score, page in scored if score),
        key=lambda hit: hit[:2],
    )
    return tuple(
        Found(page.name, page.kind, _shown(page.text, words)) for _, _, page in hits
    )


def _score(page: _Page, words: Mapping[str, float]) -> float:
    score = hits = 0.0
    for word, rarity in words.items():
        weight = max(
            _TITLE * (word in page.title),
            _KEY * (word in page.keys),
            _BEGUN * any(len(word) > 3 and key.startswith(word) for key in page.keys),
            _TEXT * (word in page.words),
        )
        score += weight * rarity
        hits += rarity if weight else 0
    # The reference says what to write, a diagnostic only what not to.
    return score * hits * (_PREFERRED if page.kind == _REFERENCE else 1)


def _rarity(word: str) -> float:
    """How much a word says: nothing where every page has it."""
    pages = _pages()
    having = sum(word in page.words or word in page.title for page in pages)
    return log(len(pages) / having) if having else 1.0


def _shown(text: str, words: Iterable[str]) -> str:
    if len(text) <= _LONGEST:
        return text
    wanted = {word for word in words if _rarity(word) > _TELLING}
    lines = [line for line in text.splitlines() if wanted & set(_words(line))]
    short = "\n".join(lines) or text
    return short if len(short) <= _LONGEST else f"{short[: _LONGEST - 4]}\n..."


@cache
def _pages() -> tuple[_Page, ...]:
    return tuple(_all())


def _all() -> Iterator[_Page]:
    for part in parts():
        yield _page(part.title, _REFERENCE, part.text)
    for name in pages.names():
        yield _page(name, "diagnostic", (pages.page(name) or "").partition("\n\n")[2])


def _page(name: str, kind: str, text: str) -> _Page:
    keys = re.findall(r"^- `([^`]+)`", text, re.MULTILINE)
    return _Page(
        name,
        kind,
        text,
        frozenset(_words(name)),
        frozenset(word for key in keys for word in _words(key)),
        frozenset(_words(text)),
    )


def _words(text: str) -> list[str]:
    """The words of a text and their steps, in the singular as far as a final `s` shows it."""
    found: list[str] = []
    for word in re.findall(r"[A-Za-z0-9_]+", text):
        whole = word.lower()
        steps = (step.lower() for step in _STEP.findall(word))
        found += [_singular(whole), *map(_singular, steps)]
    return found


def _singular(word: str) -> str:
    long = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if long else word
