"""Full-text search finds the same records in the same order on every adapter."""

from __future__ import annotations

import random
from itertools import pairwise
from urllib.parse import quote

from specora_runtime.words import folds, split_words
from tests.conformance.sessions import Session, on_every_adapter

PIECES = [
    "Hello", "HELLO", "hello", "world", "Größe", "GRÖSSE", "größe", "straße", "STRASSE",
    "İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "été", "e\u0301te\u0301", "ÉTÉ", "ΣΊΣΥΦΟΣ",
    "σίσυφος", "Привет", "ПРИВЕТ", "a@b.example", "a", "b", "example", "https://x.example/y?z=1",
    "x", "y", "1e5", "-12.5", "12", "5", "v1.2", "snake_case", "snake", "case", "well-known",
    "known", "don't", "don’t", "t", "\u2014", "“quoted”", "quoted", "日本語", "日本",
    "한국어", "😀", "ok😀ok", "x²", "ⅷ", "Ⅷ", "'", '"', "\\", "&", "|", "!", ":", "*", "AND", "OR",
    "NOT", "NEAR", "w0", "notes", "K", "\u212a", "ſ", "s", "\u00a0", "\u0301", "हिन्दी", "हिन्",
    "A" * 260, "a" * 255, "a" * 255 + "b",
]  # fmt: skip
"""What parsers, locales and query languages take for something else than words."""


def _texts(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    letters = list(folds())
    found = []
    for _ in range(count):
        pieces = chance.choices(PIECES, k=chance.randint(0, 5))
        if chance.random() < 0.3:
            pieces.append("".join(map(chr, chance.choices(letters, k=3))))
        found.append(chance.choice((" ", " ", ", ", "/", "\n")).join(pieces))
    return found


def _rank(words: tuple[str, ...], fields: list[str]) -> int | None:
    """The rank by the words of the manual; `None` where a word does not occur."""
    held = [set(split_words(field)) for field in fields]
    places = [[n for n, has in enumerate(held) if word in has] for word in words]
    return sum(min(place[0], 3) for place in places) if all(places) else None


@on_every_adapter
def test_search_is_what_the_manual_says(app: Session) -> None:
    records = []
    mails = ["a@b.example", "Hello.World@x.example", "t@known.example", None]
    for number, text in enumerate(_texts(90, 1)):
        mail, label = mails[number % 4], f"found {PIECES[number % 12]}"
        data = {"notes": text, "mail": mail, "label": label}
        records.append(app.made("/samples", **data))
    for query in [*PIECES, *_texts(60, 2)]:
        words = split_words(query)
        path = f"/samples?label[startswith]=found&limit=1000&q={quote(query)}"
        if not words or len(words) > 16:
            assert app.get(path).status == 400, query
            continue
        ranked = []
        for record in records:
            fields = [record["notes"], record["mail"] or "", record["label"]]
            rank = _rank(words, fields)
            if rank is not None:
                ranked.append((rank, record["id"]))
        found = [item["id"] for item in app.items(path)]
        assert found == [id for _, id in sorted(ranked)], query


@on_every_adapter
def test_words_follow_every_change(app: Session) -> None:
    def found(word: str) -> int:
        total: int = app.get(f"/samples?label=changing&q={word}").body["total"]
        return total

    made = app.made("/samples", label="changing", notes="zebra crossing")
    place = f"/samples/{made['id']}"
    assert (found("ZEBRA"), found("crossing zebra"), found("zeb")) == (1, 1, 0)
    app.patch(place, {"notes": "quagga"})
    assert (found("zebra"), found("quagga")) == (0, 1)
    app.patch(place, {"count": 5})
    assert found("quagga") == 1
    app.patch(place, {"notes": None})
    assert (found("quagga"), found("changing")) == (0, 1)
    app.delete(place)
    assert found("changing") == 0


@on_every_adapter
def test_pages_of_a_search_follow_its_order(app: Session) -> None:
    for number in range(7):
        notes = "okapi" if number % 2 else f"other {number}"
        app.made("/samples", label="okapi", count=number, notes=notes)
    asked = "/samples?label=okapi&q=okapi"
    whole = [item["count"] for item in app.items(asked)]
    assert whole == [1, 3, 5, 0, 2, 4, 6]
    for limit in (1, 2, 3, 7):
        seen, place = [], f"{asked}&limit={limit}"
        while place:
            body = app.get(place).body
            assert "specora_rank" not in body["items"][0]
            seen += [item["count"] for item in body["items"]]
            cursor = body["next_cursor"]
            place = f"{asked}&limit={limit}&cursor={cursor}" if cursor else ""
        assert seen == whole
    first = app.get(f"{asked}&limit=2").body["next_cursor"]
    other = app.get(f"/samples?label=okapi&q=other&limit=2&cursor={first}")
    assert other.faults == [("cursor", "bad-cursor")]
    counts = [item["count"] for item in app.items(f"{asked}&sort=-count")]
    assert all(one > next for one, next in pairwise(counts))


@on_every_adapter
def test_searches_that_cannot_be_answered(app: Session) -> None:
    assert app.get("/samples?q=").faults == [("q", "bad-value")]
    assert app.get("/samples?q=%00").faults == [("q", "bad-value")]
    many = " ".join(f"w{n}" for n in range(17))
    assert app.get(f"/samples?q={many}").faults == [("q", "too-many-words")]
    assert app.get("/slots?q=x").faults == [("q", "unknown-parameter")]
