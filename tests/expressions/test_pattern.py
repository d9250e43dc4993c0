"""Which regular expressions a contract may hold."""

from __future__ import annotations

import time

import pytest

from forge.expressions import pattern
from specora_runtime import expressions as ops


@pytest.mark.parametrize(
    "text",
    [
        r"^[A-Z]{3}-\d+$",
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
        r"^(\d{1,3}\.){3}\d{1,3}$",
        r"^(?:[a-z]+,)*[a-z]+$",
        r"^(open|closed|held)$",
        r"(?i)^(ab|cd)+$",
        r"^\d+(\.\d+)?\z",
        r"[[&~|]",
        r"^\x41*?$",
        r"",
    ],
)
def test_allowed(text: str) -> None:
    assert pattern.fault(text) is None
    assert ops.matches("x", text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+$",
        "(a*)*$",
        "(a?a?)*$",
        "(a|a)*$",
        "(a|ab)*c",
        "(-?[a-z]+)*$",
        "(-[a-z-]+)*$",
        "((a|b)c*)*",
        "(.+,)+",
        r"(\w+\s?)*$",
        "(?=a)",
        "(?<!a)b",
        r"(a)\1",
        "(?P=name)",
        "a++",
        "a*+",
        "(?>a)",
        "a{1001}",
        "[[:alpha:]]",
        r"\pL",
        r"\Qa\E",
        "(",
        "a)",
        "[a",
        "*a",
        "\\",
        "a" * 501,
    ],
)
def test_refused(text: str) -> None:
    assert pattern.fault(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        r"^[a-z]+(-[a-z]+)*$",
        r"^(?:[a-z]+,)*[a-z]+$",
        r"^(ab|cd)*$",
        r"^(\d{1,3}\.){3}$",
    ],
)
def test_an_allowed_pattern_ends_soon(text: str) -> None:
    begin = time.perf_counter()
    for subject in (
        "a" * 5000 + "!",
        "a-" * 2500 + "!",
        "a," * 2500 + "!",
        "abcd" * 1200 + "!",
    ):
        assert ops.matches(subject, text) is False
    assert time.perf_counter() - begin < 2
