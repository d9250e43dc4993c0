"""Random expressions for property tests, and a printer of CEL text with the fewest parentheses."""

from __future__ import annotations

from hypothesis import strategies as st

from forge.expressions import (
    FUNCTIONS,
    Binary,
    Call,
    Conditional,
    Expression,
    ListLiteral,
    Literal,
    Member,
    Name,
    Unary,
)

LEVELS = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 3),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/%", 5),
}
CHARACTERS = st.characters(exclude_categories=["Cs"])
IDENTIFIERS = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True).filter(
    lambda name: name not in {"true", "false", "null", "in"}
)
LITERALS = st.builds(
    Literal,
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(CHARACTERS, max_size=12),
    ),
)
LEAVES = st.one_of(
    LITERALS,
    st.builds(Name, IDENTIFIERS),
    st.builds(Member, st.sampled_from(["user", "old"]), IDENTIFIERS),
)


def _calls(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    known = st.sampled_from(sorted(FUNCTIONS)).flatmap(
        lambda name: st.builds(
            Call,
            st.just(name),
            st.tuples(*[inner] * len(FUNCTIONS[name].parameters)),
        )
    )
    unknown = st.builds(Call, IDENTIFIERS, st.lists(inner, max_size=3).map(tuple))
    return st.one_of(known, unknown.filter(lambda call: call.function not in FUNCTIONS))


def _nodes(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(ListLiteral, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Unary, st.sampled_from("!-"), inner),
        st.builds(Binary, st.sampled_from(sorted(LEVELS)), inner, inner),
        st.builds(Conditional, inner, inner, inner),
        _calls(inner),
    )


TREES: st.SearchStrategy[Expression] = st.recursive(LEAVES, _nodes, max_leaves=25)


def to_cel(node: Expression, level: int = 0) -> str:
    """CEL text of a tree; `level` is the precedence that the place asks for."""
    text, own = _printed(node)
    return text if own >= level else f"({text})"


def _printed(node: Expression) -> tuple[str, int]:
    match node:
        case Literal(value=value):
            return _literal(value), 7
        case ListLiteral(items=items):
            return f"[{', '.join(map(to_cel, items))}]", 7
        case Name(name=name):
            return name, 7
        case Member(root=root, name=name):
            return f"{root}.{name}", 7
        case Unary(operator=operator, operand=operand):
            text = to_cel(operand, 6)
            signed = operator == "-" and text[0] in "0123456789."
            return operator + (f"({text})" if signed else text), 6
        case Binary(operator=operator, left=left, right=right):
            own = LEVELS[operator]
            return f"{to_cel(left, own)} {operator} {to_cel(right, own + 1)}", own
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return (
                f"{to_cel(condition, 1)} ? {to_cel(then, 1)} : {to_cel(otherwise)}",
                0,
            )
        case Call(function=function, arguments=arguments):
            return _call(function, arguments), 7


def _call(function: str, arguments: tuple[Expression, ...]) -> str:
    signature = FUNCTIONS.get(function)
    if signature is None or signature.method is None:
        return f"{function}({', '.join(map(to_cel, arguments))})"
    receiver, *rest = arguments
    return f"{to_cel(receiver, 7)}.{signature.method}({', '.join(map(to_cel, rest))})"


def _literal(value: str | int | float | bool | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r") + '"'
    return repr(value)
