"""English text as clauses of tokens, each of which knows where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<both><-+>|↔|⇄)
  | (?P<arrow>-+>|=+>|→|⇒|➔|➜|⟶|»|>)
  | (?P<quoted>"[^"\n]{1,80}"|“[^”\n]{1,80}”|`[^`\n]{1,80}`)
  | (?P<number>-?\d+(?:[.,]\d+)*(?![\w]))
  | (?P<word>[^\W_]+(?:[_'’/-][^\W_]+)*(?:_+[^\W_]+)*|\*)
  | (?P<mark>[.,;:!?()\[\]{}|/&+=%@#$€£-]|[^\w\s])
    """,
    re.VERBOSE,
)
_BULLET = re.compile(r"[ \t]*(?:[-*•‣–]|\d{1,2}[.)])[ \t]+")
_HANGING = frozenset(",:->→=>&(")
_OPEN_WORDS = frozenset(
    {"and", "or", "with", "of", "to", "by", "a", "an", "the", "has", "have", "from", "then"}
)  # fmt: skip
_ABOUT = frozenset(
    {
        "relations",
        "relationships",
        "rules",
        "workflows",
        "lifecycles",
        "requirements",
        "overview",
    }
)
_HEADINGS = _ABOUT | {"entities", "things", "models", "resources", "notes", "details"}
_ABBREVIATIONS = frozenset({"e.g", "i.e", "etc", "vs", "approx", "no", "max", "min"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number, an arrow or a mark."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The text to compare by: lower case, without quotes."""
        bare = self.text.strip('"“”`') if self.kind == "quoted" else self.text
        return bare.lower().replace("’", "'")


Tokens = tuple[Token, ...]


def clauses(text: str) -> list[Tokens]:
    """The clauses of a text: what stands between full stops, semicolons and lines of a list.

    A heading that ends in a colon takes the lines of the list below it.
    """
    found: list[Tokens] = []
    listing = False
    for start, end, bullet in _lines(text):
        tokens = tuple(_tokens(text, start, end))
        for number, part in enumerate(_split(tokens)):
            joins = bullet and number == 0 and bool(found)
            if joins and (listing or _opens(found[-1])):
                found[-1] = (*found[-1], _comma(part[0]), *part)
                listing = True
            else:
                found.append(part)
                listing = False
    kept = (_trimmed(_headless(part)) for part in found if not _is_heading(part))
    return [part for part in kept if part]


def _opens(tokens: Tokens) -> bool:
    """Whether a line takes the list below it."""
    return tokens[-1].text == ":" and not _is_heading(tokens)


def _headless(tokens: Tokens) -> Tokens:
    """Without a heading that says nothing: `Relations: books have authors`."""
    if len(tokens) > 2 and tokens[1].text == ":" and tokens[0].word in _ABOUT:
        return tokens[2:]
    return tokens


def _is_heading(tokens: Tokens) -> bool:
    """Whether a line names what stands below it, and says nothing itself."""
    return tokens[-1].text == ":" and len(tokens) < 5 and tokens[-2:-1] != () and (
        tokens[-2].word in _HEADINGS
    )  # fmt: skip


def _lines(text: str) -> Iterator[tuple[int, int, bool]]:
    """Stretches of text that go on over line ends, and whether a bullet begins them."""
    start, bullet = 0, False
    at = 0
    for line in text.splitlines(keepends=True):
        found = _BULLET.match(line)
        begins = found is not None or not line.strip()
        if not begins and at > start:
            begins = line.lstrip()[:1].isupper() and not _hangs(text[start:at])
        if begins and at >= start:
            if text[start:at].strip():
                yield start, at, bullet
            start = at + (found.end() if found else 0)
            bullet = found is not None
        at += len(line)
    if text[start:at].strip():
        yield start, at, bullet


def _hangs(text: str) -> bool:
    text = text.rstrip()
    last = text.rpartition(" ")[2].lower()
    return text[-1:] in _HANGING or last in _OPEN_WORDS


def _tokens(text: str, start: int, end: int) -> Iterator[Token]:
    for found in _TOKEN.finditer(text, start, end):
        yield Token(str(found.lastgroup), found[0], found.start(), found.end())


def _split(tokens: Tokens) -> Iterator[Tokens]:
    part: list[Token] = []
    depth = 0
    for number, token in enumerate(tokens):
        if token.text in "([{":
            depth += 1
        elif token.text in ")]}":
            depth = max(0, depth - 1)
        if token.text in ".!?;" and (depth == 0 or token.text == "."):
            if token.text == "." and _is_inside(tokens, number):
                continue
            if part:
                yield tuple(part)
            part, depth = [], 0
        else:
            part.append(token)
    if part:
        yield tuple(part)


def _is_inside(tokens: Tokens, number: int) -> bool:
    """Whether a full stop belongs to an abbreviation or a name."""
    before = tokens[number - 1] if number else None
    after = tokens[number + 1] if number + 1 < len(tokens) else None
    if before is None or after is None:
        return False
    if after.start == tokens[number].end:
        return True
    return before.word in _ABBREVIATIONS and after.text[:1].islower()


def _comma(before: Token) -> Token:
    return Token("mark", ",", before.start, before.start)


def _trimmed(tokens: Tokens) -> Tokens:
    """Without marks at either end."""
    kept = list(tokens)
    while kept and kept[0].text in ",:-*)":
        del kept[0]
    while kept and kept[-1].text in ",:-&(":
        del kept[-1]
    return tuple(kept)
