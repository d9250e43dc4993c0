"""Paragraphs come to exactly what they say: nothing is left out, and nothing is invented.

`prose.txt` holds them: a text, below it what it comes to, and behind `?` what is not understood.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.phrases.grammar import shown
from factory.phrases.reading import read_phrases

BLOCKS = (Path(__file__).parent / "prose.txt").read_text("utf-8").split("\n\n")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block[:40])
def test_paragraphs(block: str) -> None:
    text, *wanted = block.strip().split("\n")
    missed = [f"  ? {m.text}" for m in read_phrases(text).missed]
    assert [*(f"  {line}" for line in shown(text)), *missed] == wanted
