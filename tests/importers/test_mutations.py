"""Whatever stands in a source, an import answers with a report or a refusal, soon and in bounds.

A sample of each format here; `SPECORA_SOAK=1` runs 2,000 of each and the huge ones, and prints the
figures.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from factory.importers.migration import FORMATS
from tests.cli.spc import spc
from tests.importers.huge import huge, wide
from tests.importers.measured import Outcome, run
from tests.importers.mutations import SUFFIXES, Case, base_texts, case

SOAK = "SPECORA_SOAK" in os.environ
COUNT = 2_000 if SOAK else 40


@pytest.mark.parametrize("form", FORMATS)
def test_mutated_sources(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    texts = base_texts(form)
    found = {seed: run(case(form, seed, texts)) for seed in range(COUNT)}
    faults = {seed: one.fault for seed, one in found.items() if one.fault}
    with capsys.disabled():
        if SOAK:
            print(f"\n{form}: {_figures(list(found.values()))}")
    assert faults == {}
    # What breaks every source tests nothing but the first check.
    assert sum(one.kind == "imported" for one in found.values()) > COUNT // 5


def _figures(outcomes: list[Outcome]) -> str:
    kinds = Counter(one.kind for one in outcomes)
    seconds = max(one.seconds for one in outcomes)
    megabytes = max(one.megabytes for one in outcomes)
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    return f"{listed}; at most {seconds:.1f} s of CPU and {megabytes:.0f} MB of any one"


@pytest.mark.skipif(not SOAK, reason="minutes; `make soak` runs it")
@pytest.mark.parametrize("form", FORMATS)
def test_huge_sources(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = {one.kind: run(one) for one in huge(form)}
    with capsys.disabled():
        print(f"\n{form}, huge: {_figures(list(found.values()))}")
    assert {kind: one.fault for kind, one in found.items() if one.fault} == {}


@pytest.mark.parametrize("form", FORMATS if SOAK else FORMATS[:1])
def test_the_command_never_shows_a_traceback(form: str, tmp_path: Path) -> None:
    texts = base_texts(form)
    for seed in range(100 if SOAK else 2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        source = case(form, seed, texts).write(folder)
        done = spc("factory", "migrate", source, "-d", "shop", cwd=tmp_path)
        assert done.code in (0, 1), (seed, done.err)
        assert done.out + done.err, seed
        assert "Traceback" not in done.err, seed


@pytest.mark.parametrize("form", ["sql", "prisma"])
def test_more_fields_than_a_contract_holds(form: str) -> None:
    text = wide(form, 20_000).encode("utf-8")
    outcome = run(Case("wide", {f"source{SUFFIXES[form]}": text}, form))
    assert (outcome.kind, outcome.fault) == ("refused", "")


@pytest.mark.parametrize(
    "default",
    ["[t([])]", "[[a(b)]]", "9" * 5000, '"' + "[" * 3000 + '"', "[[A], [B]]", "1e999"],
)
def test_defaults_that_nobody_writes(default: str, tmp_path: Path) -> None:
    source = tmp_path / "s.prisma"
    source.write_text(
        "enum E {\n  A\n  B\n}\n"
        f"model M {{\n  id Int @id\n  a String[] @default({default})\n"
        f"  b Json @default({default})\n  c E[] @default({default})\n}}\n",
        "utf-8",
    )
    outcome = run(Case("default", {"s.prisma": source.read_bytes()}, "prisma"))
    assert outcome.kind == "imported", outcome.detail
