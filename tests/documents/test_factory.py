"""The page about describing a domain shows what happens."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.documents.test_readme import run, steps
from tests.shared import ROOT

PAGE = (ROOT / "docs" / "factory.md").read_text("utf-8")


def test_every_command_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [n for n in os.environ if n.endswith(("_API_KEY", "_BASE_URL"))]:
        monkeypatch.delenv(name)
    blocks = [part.partition("\n```")[0] for part in PAGE.split("```console\n")[1:]]
    shown = [step for block in blocks for step in steps(block)]
    assert len(shown) == 6
    for command, expected in shown:
        told = run(command, tmp_path)
        assert sorted(told.split("\n")) == sorted([*expected.split("\n"), ""]), command
