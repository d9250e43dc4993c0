"""What is written as YAML reads back as the same values."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from forge.source import plain, read
from forge.source.yaml_writer import write

ODD = " :-#'\"[]{}&*!|>%@`,\n\t?~.=<0123456789yn\u2028\ufeff\x85"
TEXTS = st.text(
    alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(ODD)), max_size=12
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
def test_reads_back(value: dict[str, Any]) -> None:
    text = write(value)
    reading = read("file", text)
    assert not reading.faults, text
    assert reading.root is not None
    # `repr` tells 1 from 1.0 and True.
    assert repr(plain(reading.root)) == repr(value), text
