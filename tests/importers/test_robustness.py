"""Whatever stands in a source, an import answers with a report or a refusal."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from factory.importers import migrate
from factory.importers.drafts import Unreadable
from factory.importers.pruning import Refused

SAMPLES = Path(__file__).parent / "samples"
TRIES = 60
HOSTILE = (
    '"', "'", "`", "\\", "{", "}", "(", ")", "[", "]", "*/", "--", "/*", "//", "\n", "\t", "\ufeff",
    "\u202e", "\x00", "😀", "a" * 5000, "{" * 300, "(" * 300, "[" * 300, "@", "@@", "#", "$ref",
    "&a", "*a", "!!python/object", "<<", "1e999", "9" * 400, "-", "null", "class", "__proto__",
    "id", ";",
)  # fmt: skip


def mutated(text: str, chance: random.Random) -> str:
    """`text` with a few things cut, doubled, swapped or put in."""
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((1, 3, 10, 80, 1000)))
        kind = chance.randrange(5)
        if kind == 0:
            text = text[:start]
        elif kind == 1:
            text = text[:start] + text[end:]
        elif kind == 2:
            text = text[:end] + text[start:end] + text[end:]
        elif kind == 3:
            text = text[:start] + chance.choice(HOSTILE) + text[start:]
        else:
            text = text[:start] + chance.choice(HOSTILE) + text[end:]
    return text


def samples() -> list[Path]:
    return sorted(path for path in SAMPLES.iterdir() if path.is_file())


@pytest.mark.parametrize("sample", samples(), ids=lambda p: p.name)
def test_mutated_sources(sample: Path, tmp_path: Path) -> None:
    chance = random.Random(sample.name)
    text = sample.read_text("utf-8")
    encoders: tuple[Callable[[str], bytes], ...] = (
        lambda t: t.encode("utf-8", "surrogatepass"),
        lambda t: t.encode("utf-16", "surrogatepass"),
        lambda t: t.encode("latin-1", "replace"),
    )
    imported = 0
    for number in range(TRIES):
        path = tmp_path / f"{number}{sample.suffix}"
        path.write_bytes(encoders[number % 8 % 3](mutated(text, chance)))
        try:
            found = migrate(path, "shop", output=tmp_path / "none")
        except (Unreadable, Refused):
            continue
        found.to_json()
        imported += 1
    # Documents of YAML or JSON are broken by most mutations; lines of SQL by few.
    assert imported > (2 if sample.suffix in (".yaml", ".json") else TRIES // 4)
