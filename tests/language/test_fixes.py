"""The applier of fixes: what it writes, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from forge.diagnostics import Applicability, Diagnostic, Edit, Fix, Rule, Severity
from forge.diagnostics.fixes import (
    OverlappingEdits,
    Texts,
    apply_edits,
    fix_texts,
    write_texts,
)
from forge.ir.compiler import analyze
from forge.parser.loader import load_texts
from forge.source import Position, Span

TYPO = """apiVersion: specora.dev/v1
kind: Entity
metadata: {name: product, domain: shop}  # a comment stays
spec:
  fields:
    name:   {type: strng}   # and so does layout
    size: {type: string, default: 1}
"""
FIXED = TYPO.replace("strng", "string").replace("default: 1", 'default: "1"')

WRONG = Rule("test/wrong", Severity.ERROR, "wrong: {text}")


def span(start: int, end: int, file: str = "a") -> Span:
    return Span(file, Position(1, start + 1, start), Position(1, end + 1, end))


def edit(start: int, end: int, text: str) -> Edit:
    return Edit(span(start, end), text)


def faults(texts: Texts) -> tuple[Diagnostic, ...]:
    return analyze(load_texts(texts.items())).diagnostics


def test_edits_apply_in_any_order() -> None:
    assert apply_edits("abcdef", [edit(4, 5, "E"), edit(0, 1, "AA")]) == "AAbcdEf"


def test_edits_insert_and_delete() -> None:
    assert apply_edits("abc", [edit(1, 1, "-"), edit(2, 3, "")]) == "a-b"


@pytest.mark.parametrize(
    "edits",
    [
        [edit(0, 2, "x"), edit(1, 3, "y")],
        [edit(1, 1, "x"), edit(1, 1, "y")],
        [edit(0, 3, "x"), edit(1, 1, "y")],
        [edit(2, 9, "x")],
    ],
    ids=["crossing", "insertions-at-one-place", "inside", "beyond-the-end"],
)
def test_edits_that_overlap_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(OverlappingEdits):
        apply_edits("abcd", edits)


def test_unsafe_fixes_wait_to_be_asked_for() -> None:
    assert fix_texts({"a.contract.yaml": TYPO}, faults).changed == {}


def test_fixes_keep_comments_and_layout() -> None:
    fixed = fix_texts({"a.contract.yaml": TYPO}, faults, unsafe=True)
    assert fixed.changed == {"a.contract.yaml": FIXED}
    assert fixed.remaining == ()
    assert len(fixed.applied) == 2


def test_lines_keep_their_ends() -> None:
    text = TYPO.replace("\n", "\r\n")
    fixed = fix_texts({"a.contract.yaml": text}, faults, unsafe=True)
    assert fixed.changed == {"a.contract.yaml": FIXED.replace("\n", "\r\n")}


def test_characters_beyond_the_basic_plane_count_as_one() -> None:
    text = TYPO.replace("# a comment stays", "# \N{GRINNING FACE}\N{GRINNING FACE}")
    fixed = fix_texts({"a.contract.yaml": text}, faults, unsafe=True)
    assert fixed.remaining == ()


def test_fixing_twice_changes_nothing() -> None:
    fixed = fix_texts({"a.contract.yaml": FIXED}, faults, unsafe=True)
    assert fixed.changed == {}


def _wrong_word(texts: Texts, *fixes: Fix) -> list[Diagnostic]:
    """`bad` is wrong wherever it begins a text."""
    return [
        WRONG.at(span(0, 3, name), fixes=fixes, text=name)
        for name, text in texts.items()
        if text.startswith("bad")
    ]


def test_a_fix_that_does_not_help_is_refused() -> None:
    useless = Fix.replace(span(0, 3), "bad")
    fixed = fix_texts({"a": "bad"}, lambda t: _wrong_word(t, useless), unsafe=True)
    assert fixed.changed == {}
    assert [one.fix for one in fixed.refused] == [useless]


def test_the_next_fix_is_tried_when_the_first_does_not_help() -> None:
    fixes = (Fix.replace(span(0, 3), "bad"), Fix.replace(span(0, 3), "good"))
    fixed = fix_texts({"a": "bad"}, lambda t: _wrong_word(t, *fixes), unsafe=True)
    assert fixed.changed == {"a": "good"}


def test_one_useless_fix_does_not_hold_up_the_others() -> None:
    def check(texts: Texts) -> list[Diagnostic]:
        found = []
        for name, text in texts.items():
            better = "bad" if name == "a" else "good"
            fix = Fix.replace(span(0, 3, name), better)
            found += _wrong_word({name: text}, fix)
        return found

    fixed = fix_texts({"a": "bad", "b": "bad", "c": "bad"}, check, unsafe=True)
    assert fixed.changed == {"b": "good", "c": "good"}


def test_a_safe_fix_may_not_bring_another_error() -> None:
    other = Rule("test/other", Severity.ERROR, "other")
    fix = Fix("safe", (edit(0, 3, "worse"),), Applicability.SAFE)

    def check(texts: Texts) -> list[Diagnostic]:
        worse = [other.at(span(0, 1))] if texts["a"] == "worse" else []
        return [*_wrong_word(texts, fix), *worse]

    assert fix_texts({"a": "bad"}, check).changed == {}


def test_illustrations_are_never_applied() -> None:
    fix = Fix("see", (edit(0, 3, "good"),), Applicability.DISPLAY)
    fixed = fix_texts({"a": "bad"}, lambda t: _wrong_word(t, fix), unsafe=True)
    assert fixed.changed == {}


def test_overlapping_fixes_take_turns() -> None:
    first = Rule("test/first", Severity.ERROR, "first")
    second = Rule("test/second", Severity.ERROR, "second")

    def check(texts: Texts) -> list[Diagnostic]:
        text = texts["a"]
        found = []
        if "a" in text:
            at = text.index("a")
            found.append(first.at(span(0, 1), fixes=(_replaced(at, at + 1, "x"),)))
        if "b" in text:
            at = text.index("b")
            fix = _replaced(max(at - 1, 0), at + 1, text[max(at - 1, 0) : at] + "y")
            found.append(second.at(span(0, 1), fixes=(fix,)))
        return found

    assert fix_texts({"a": "ab"}, check, unsafe=True).changed == {"a": "xy"}


def _replaced(start: int, end: int, text: str) -> Fix:
    return Fix.replace(span(start, end), text)


def test_files_are_replaced_whole_with_mode_and_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.contract.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: a\r\n")
    path.chmod(0o640)
    write_texts({path.as_posix(): "name: b\r\n"})
    assert path.read_bytes() == b"\xef\xbb\xbfname: b\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["a.contract.yaml"]


def test_nothing_is_written_when_one_file_is_gone(tmp_path: Path) -> None:
    here, gone = tmp_path / "a", tmp_path / "b"
    here.write_text("old")
    with pytest.raises(FileNotFoundError):
        write_texts({here.as_posix(): "new", gone.as_posix(): "new"})
    assert here.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]
