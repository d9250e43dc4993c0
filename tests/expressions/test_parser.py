"""Text to tree: precedence, literals, places, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forge.expressions import (
    MAX_DEPTH,
    MAX_LENGTH,
    Binary,
    Call,
    Conditional,
    Expression,
    ExpressionFault,
    ListLiteral,
    Literal,
    Member,
    Name,
    Unary,
    names,
    parse,
    walk,
)

from .strategies import TREES, to_cel

A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a || b && c", Binary("||", A, Binary("&&", B, C))),
        ("a - b - c", Binary("-", Binary("-", A, B), C)),
        ("a + b * c", Binary("+", A, Binary("*", B, C))),
        ("(a + b) * c", Binary("*", Binary("+", A, B), C)),
        ("!a == b", Binary("==", Unary("!", A), B)),
        ("a ? b : c ? a : b", Conditional(A, B, Conditional(C, A, B))),
        ("a in [1, 'x',]", Binary("in", A, ListLiteral((Literal(1), Literal("x"))))),
        (
            "user.role == 'admin'",
            Binary("==", Member("user", "role"), Literal("admin")),
        ),
        ("old.a", Member("old", "a")),
        ("a.lowerAscii().startsWith(b)", Call("startsWith", (Call("lower", (A,)), B))),
        ("a.size()", Call("size", (A,))),
        ("size(a) // and a comment", Call("size", (A,))),
        ("-5", Literal(-5)),
        ("-(5)", Unary("-", Literal(5))),
        ("- -a", Unary("-", Unary("-", A))),
        ("-9223372036854775808", Literal(-(2**63))),
        ("0x1F", Literal(31)),
        (".5e1", Literal(5.0)),
        ("1", Literal(1)),
        ("null", Literal(None)),
        ("package", Name("package")),
    ],
)
def test_reads(text: str, tree: Expression) -> None:
    assert parse(text) == tree


def test_literals_of_different_types_differ() -> None:
    assert len({parse("1"), parse("1.0"), parse("true")}) == 3


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"\\ \? \" \' \` \a\b\f\n\r\t\v"', "\\ ? \" ' ` \a\b\f\n\r\t\v"),
        (r"'\x41\X42\u00e9\U0001F600\101'", "ABé😀A"),
        (r"r'\d+\n'", r"\d+\n"),
        (r'R"""a"b\"""', 'a"b\\'),
        ("'''one\n'two' \"three\"'''", "one\n'two' \"three\""),
        ('"\u202eright to left"', "\u202eright to left"),
    ],
)
def test_strings(text: str, value: str) -> None:
    assert parse(text) == Literal(value)


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "expected a value, but the expression ends", (0, 0)),
        ("a b", "expected an operator or the end, found `b`", (2, 3)),
        ("a = b", "`=` is not an operator", (2, 3)),
        ("a & b", "`&` is not an operator", (2, 3)),
        ("f(a", "expected `,` or `)`, but the expression ends", (3, 3)),
        ("a ? b", "expected `:`, but the expression ends", (5, 5)),
        (
            "a.exists(x, x > 1)",
            "the macro `exists` is not part of the language",
            (2, 8),
        ),
        ("a.map(x, x)", "the macro `map` is not part of the language", (2, 5)),
        ("{'a': 1}", "maps and objects are not part of the language", (0, 1)),
        ("b'x'", "bytes are not part of the language", (0, 2)),
        ("rb'x'", "bytes are not part of the language", (0, 3)),
        ("5u", "unsigned integers are not part of the language", (0, 2)),
        ("a[0]", "indexing is not part of the language", (1, 2)),
        ("a.b", "`a` has no attributes", (0, 3)),
        ("user.a.b", "only `user` has attributes", (7, 8)),
        ("contains(a, b)", "`contains` is written after its text", (0, 8)),
        ("a.round(2)", "`round` is not written after a dot", (2, 7)),
        ("9223372036854775808", "an integer has at most 64 bits", (0, 19)),
        ("1e999", "a number is too large", (0, 5)),
        ("5x", "a number runs into a name", (0, 2)),
        ("'a\nb'", "a string is not closed: ' is missing", (0, 2)),
        (r"'\q'", "an escape that CEL does not know", (1, 3)),
        (r"'\ud800'", "an escape that is not a character", (1, 7)),
        ("'\ud800'", "a lone surrogate is not text", (1, 2)),
        ("a # b", "unexpected character '#'", (2, 3)),
    ],
)
def test_refuses(text: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(ExpressionFault) as caught:
        parse(text)
    fault = caught.value
    assert (fault.message, (fault.start, fault.end)) == (message, place)


@pytest.mark.parametrize(
    "text",
    [
        "(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1),
        "-" * 3000 + "a",
        "a" + "+a" * 1999,
        "a" + ".trim()" * 100,
        "a?a:" * 900 + "a",
        "[" * 4000,
        "1" * (MAX_LENGTH + 1),
        "9" * MAX_LENGTH,
    ],
)
def test_size_is_bounded(text: str) -> None:
    with pytest.raises(ExpressionFault):
        parse(text)


def test_depth_just_within_the_bound() -> None:
    depth = MAX_DEPTH - 1
    assert parse("(" * depth + "a" + ")" * depth) == A
    assert isinstance(parse("a" + "+a" * depth), Binary)


def test_every_node_knows_its_place() -> None:
    text = " a.lowerAscii() in ['x', -2] ? !(b) : user.id == null "
    written = {
        type(node).__name__: text[node.start : node.end]
        for node in reversed(list(walk(parse(text))))
    }
    assert written == {
        "Conditional": "a.lowerAscii() in ['x', -2] ? !(b) : user.id == null",
        "Binary": "a.lowerAscii() in ['x', -2]",
        "Call": "a.lowerAscii()",
        "Name": "a",
        "ListLiteral": "['x', -2]",
        "Literal": "'x'",
        "Unary": "!(b",
        "Member": "user.id",
    }


def test_names_come_in_the_order_of_the_text() -> None:
    assert names(parse("b > a && size(c) > b && user.id == a")) == ("b", "a", "c")


@settings(max_examples=1000, deadline=None)
@given(TREES)
def test_printed_trees_parse_back(tree: Expression) -> None:
    assert parse(to_cel(tree)) == tree


PIECES = (
    *("a", "user", "old", "size", "matches", "has", "round", "null", "true", "in"),
    *("1", "2.5", "0x", ".5", "1e9", "5u", "'x'", '"', "'''", "r'", "b'", "\\"),
    *(".", ",", "(", ")", "[", "]", "{", "}", "?", ":", "!", "-", "+", "*", "/", "%"),
    *("==", "!=", "<", "<=", "&&", "||", "=", "&", "//", "\n", "\ud800", "é", " "),
)
WORDS = st.lists(st.sampled_from(PIECES), max_size=25)


@settings(max_examples=2000, deadline=None)
@given(st.one_of(st.text(), WORDS.map("".join), WORDS.map(" ".join)))
@example("\0")
def test_any_text_parses_or_is_a_fault(text: str) -> None:
    fault: ExpressionFault | None = None
    try:
        parse(text)
    except ExpressionFault as caught:
        fault = caught
    assert fault is None or (
        fault.message and 0 <= fault.start <= fault.end <= len(text)
    )
