"""A value that is wanted, as edits of a text: exact, small, and without loss of comments."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from factory.proposals.rewriting import rewrite, same
from forge.diagnostics.fixes import apply_edits
from forge.source import plain, read
from tests.authoring.texts import ANY, CONTRACTS, commented, mutated

SOAK = 60 if os.environ.get("SPECORA_SOAK") else 1


def applied(text: str, wanted: dict[str, Any]) -> str:
    return apply_edits(text, rewrite("f", text, wanted))


def value_of(text: str) -> dict[str, Any]:
    reading = read("f", text)
    found = plain(reading.root)
    assert isinstance(found, dict), (text, reading.faults)
    return found


@settings(max_examples=50 * SOAK, deadline=None)
@given(commented(CONTRACTS), st.data())
def test_reads_as_wanted_and_keeps_comments(text: str, data: st.DataObject) -> None:
    old = value_of(text)
    new = data.draw(mutated(old))
    after = applied(text, new)
    assert same(value_of(after), new), (text, after)
    gone = [line for line in lost(text, after) if not excused(line, old, new)]
    assert not gone, (gone, text, after)


@settings(max_examples=25 * SOAK, deadline=None)
@given(commented(CONTRACTS))
def test_what_is_there_needs_no_edit(text: str) -> None:
    assert rewrite("f", text, value_of(text)) == ()


@settings(
    max_examples=50 * SOAK, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
@given(commented(ANY), ANY)
@example("a: 1\n", {})
@example("{}", {"a": 1})
@example("", {"a": 1})
def test_any_value_follows_any_text(text: str, new: dict[str, Any]) -> None:
    after = applied(text, new)
    assert same(value_of(after), new), (text, after)


def lost(before: str, after: str) -> list[str]:
    """Comments of `before` that `after` lacks; each of them is one of its kind."""
    return [c for c in re.findall(r"#c\d+:[^\r\n]*", before) if c not in after]


def excused(comment: str, old: Any, new: Any) -> bool:
    """Whether what a comment is about changed, or went away with what holds it."""
    path = comment.partition(":")[2].strip().split("/")
    for step in path:
        if type(old) is not type(new) or isinstance(old, list):
            return not same(old, new)
        if (
            not isinstance(old, dict)
            or step not in new
            or not (old.keys() & new.keys())
        ):
            return True
        old, new = old[step], new[step]
    kept = isinstance(old, dict) and isinstance(new, dict) and old.keys() & new.keys()
    return not same(old, new) and not kept


EDITS = {
    "a scalar": (
        "a: 1 # one\nb: 2\n", {"a": 2, "b": 2}, "a: 2 # one\nb: 2\n",
    ),
    "a key between": (
        "kind: Entity\nspec:\n  fields: {}\n  # the prefix\n  number_prefix: TKT\n",
        {"kind": "Entity", "spec": {"fields": {}, "mixins": ["x"], "number_prefix": "TKT"}},
        "kind: Entity\nspec:\n  fields: {}\n  mixins: [x]\n  # the prefix\n"
        "  number_prefix: TKT\n",
    ),
    "the first on a dash": (
        "l:\n  - a: 1\n    # two\n    b: 2\n", {"l": [{"b": 2}]},
        "l:\n  - # two\n    b: 2\n",
    ),
    "inside brackets": (
        "f: {a: 1, b: [1, 2, 3], c: x}  # c\n", {"f": {"b": [1, 3], "c": "x", "d": {"e": 1}}},
        "f: {b: [1, 3], c: x, d: {e: 1}}  # c\n",
    ),
    "lines of the other kind": (
        "a: 1\r\nb:\r\n  c: 1\r\n", {"a": 1, "b": {"c": 1, "d": 2}, "e": 3},
        "a: 1\r\nb:\r\n  c: 1\r\n  d: 2\r\ne: 3\r\n",
    ),
    "no last line end": ("a: 1", {"a": 1, "b": 2}, "a: 1\nb: 2"),
    "with its own comments": (
        "a: 1\n\n# about b\nb:\n  c: 1\n  # in b\n# about d\nd: 1\n", {"a": 1, "d": 1},
        "a: 1\n\n# about d\nd: 1\n",
    ),
    "an alias": (
        "# top\nb: &x {c: 1}\nd: *x\n", {"b": {"c": 1}, "d": {"c": 2}},
        "# top\nb: {c: 1}\nd: {c: 2}\n",
    ),
    "a text of lines": (
        "a: |\n  one\n  two\n# next\nb: 1\n", {"a": "short", "b": 1},
        "a: short\n# next\nb: 1\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_edits(name: str) -> None:
    text, wanted, after = EDITS[name]
    assert applied(text, wanted) == after
