"""No description becomes code: what stands in a docstring stays in it."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forge.emit.literals import doc
from forge.targets.fastapi_prod.docstrings import docstring

NASTY = st.text(
    st.sampled_from('"\\ab \n\r\t\x00\x0c\x1a\x85\u202e\u2028\ud800\ufeff😀{}%#')
    | st.characters()
)
ENDINGS = [
    '"',
    '""',
    '"""',
    "\\",
    "\\\\",
    '\\"""',
    '"\\',
    '\\"',
    '"""\\',
    '""""',
    'a"b"',
]


def only_docstring(source: str) -> str:
    """The text of the one expression that a module consists of."""
    (statement,) = ast.parse(source).body
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Constant)
    found = statement.value.value
    assert isinstance(found, str)
    return found


def one_line(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=2000, deadline=None)
@given(NASTY)
def test_a_docstring_is_its_text(text: str) -> None:
    source = f'"""{doc(text)}"""\n'
    source.encode("utf-8")
    assert only_docstring(source) == one_line(text)


@settings(max_examples=2000, deadline=None)
@given(NASTY, st.sampled_from([0, 4, 60]))
def test_a_wrapped_docstring_is_its_text(text: str, indent: int) -> None:
    found = docstring(text, indent)
    if found is None:
        assert not text.split()
        return
    lines = [found.first, *found.rest]
    end = "\n" if found.rest else ""
    source = '"""' + "\n".join(lines) + end + '"""\n'
    assert one_line(only_docstring(source)) == one_line(text)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("start", ["", "a ", '"', "\\"])
def test_no_ending_escapes(start: str, ending: str) -> None:
    assert only_docstring(f'"""{doc(start + ending)}"""\n') == start + ending
