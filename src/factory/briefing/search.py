"""Finding what the language reference and the pages of diagnostics say about words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from factory.briefing.language import parts
from forge.diagnostics import pages

_WORD = re.compile(r"[a-z0-9]+")
_TITLE, _KEY, _BEGUN, _TEXT = 8, 5, 3, 1
"""What a word counts in a title, as a key, as the beginning of a key, and anywhere."""
_LONGEST = 1200
"""Characters of a text that is shown whole."""


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
    """What has any word of `query`: those with the most of them, and in titles, come first."""
    words = tuple(dict.fromkeys(_words(query)))
    scored = [(_score(page, words), page) for page in _pages()]
    hits = sorted(
        ((-score, page.name, page) for score, page in scored if score),
        key=lambda hit: hit[:2],
    )
    return tuple(
        Found(page.name, page.kind, _shown(page.text, words)) for _, _, page in hits
    )


def _score(page: _Page, words: tuple[str, ...]) -> int:
    score = hits = 0
    for word in words:
        weight = max(
            _TITLE * (word in page.title),
            _KEY * (word in page.keys),
            _BEGUN * any(len(word) > 3 and key.startswith(word) for key in page.keys),
            _TEXT * (word in page.words),
        )
        score += weight
        hits += weight > 0
    return score * hits


def _shown(text: str, words: tuple[str, ...]) -> str:
    if len(text) <= _LONGEST:
        return text
    lines = [line for line in text.splitlines() if set(words) & set(_words(line))]
    short = "\n".join(lines) or text
    return short if len(short) <= _LONGEST else f"{short[: _LONGEST - 4]}\n..."


@cache
def _pages() -> tuple[_Page, ...]:
    return tuple(_all())


def _all() -> Iterator[_Page]:
    for part in parts():
        yield _page(part.title, "reference", part.text)
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
    """The words of a text, in the singular as far as a final `s` shows it, and their parts."""
    found: list[str] = []
    for word in re.findall(r"[A-Za-z0-9_]+", text):
        whole = word.lower()
        found += [_singular(whole), *map(_singular, _WORD.findall(whole))]
    return found


def _singular(word: str) -> str:
    long = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if long else word
