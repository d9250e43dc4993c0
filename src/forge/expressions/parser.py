"""Tokens to tree: a Pratt parser over CEL's precedences.

Nesting and height are bounded, so every later walk of the tree may recurse.
"""

from __future__ import annotations

from forge.expressions.faults import ExpressionFault
from forge.expressions.functions import FUNCTIONS, METHODS, USER_ATTRIBUTES
from forge.expressions.tokens import Kind, Token, tokenize
from forge.expressions.tree import (
    Binary,
    Call,
    Conditional,
    Expression,
    ListLiteral,
    Literal,
    Member,
    Name,
    Unary,
    height,
)

MAX_LENGTH = 4000
"""Characters of an expression."""
MAX_DEPTH = 64
"""Levels of nesting, and operators in one chain."""

_PRECEDENCE = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 3),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/%", 5),
}
_MACROS = frozenset({"all", "exists", "exists_one", "existsOne", "map", "filter"})
_TOO_DEEP = "an expression has at most 64 levels"
_TOO_DEEP_HELP = (
    "write a chain of `||` over one field as `field in [...]`, or split the condition"
)


def parse(text: str) -> Expression:
    """Read an expression; raises ExpressionFault with the place of the first fault.

    >>> parse("size(name) > 0").operator
    '>'
    """
    if len(text) > MAX_LENGTH:
        message = f"an expression has at most {MAX_LENGTH} characters"
        raise ExpressionFault(
            message, MAX_LENGTH, len(text), "split it into several conditions"
        )
    parser = _Parser(tokenize(text))
    expression = parser.conditional()
    parser.finish()
    if height(expression) > MAX_DEPTH:
        raise ExpressionFault(
            _TOO_DEEP, expression.start, expression.end, _TOO_DEEP_HELP
        )
    return expression


class _Parser:
    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._token
        self._at += token.kind is not Kind.END
        return token

    def _accept(self, operator: str) -> Token | None:
        if self._token.kind is Kind.OPERATOR and self._token.text == operator:
            return self._next()
        return None

    def _expect(self, operator: str) -> Token:
        token = self._accept(operator)
        if token is None:
            raise self._unexpected(f"expected `{operator}`")
        return token

    def _unexpected(self, message: str) -> ExpressionFault:
        token = self._token
        if token.kind is Kind.END:
            return ExpressionFault(
                f"{message}, but the expression ends", token.start, token.end
            )
        return ExpressionFault(
            f"{message}, found `{token.text}`", token.start, token.end
        )

    def finish(self) -> None:
        if self._token.kind is not Kind.END:
            raise self._unexpected("expected an operator or the end")

    def conditional(self) -> Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionFault(
                _TOO_DEEP, self._token.start, self._token.end, _TOO_DEEP_HELP
            )
        expression = self._binary(1)
        if self._accept("?"):
            then = self._binary(1)
            self._expect(":")
            otherwise = self.conditional()
            expression = Conditional(
                expression, then, otherwise, expression.start, otherwise.end
            )
        self._depth -= 1
        return expression

    def _binary(self, lowest: int) -> Expression:
        left = self._unary()
        while self._token.kind is Kind.OPERATOR:
            operator = self._token.text
            precedence = _PRECEDENCE.get(operator, 0)
            if precedence < lowest:
                break
            self._next()
            right = self._binary(precedence + 1)
            left = Binary(operator, left, right, left.start, right.end)
        return left

    def _unary(self) -> Expression:
        prefixes: list[Token] = []
        while self._token.kind is Kind.OPERATOR and self._token.text in {"!", "-"}:
            prefixes.append(self._next())
        expression = self._operand(prefixes)
        for prefix in reversed(prefixes):
            expression = Unary(prefix.text, expression, prefix.start, expression.end)
        return expression

    def _operand(self, prefixes: list[Token]) -> Expression:
        """A minus directly before a number is the number's own sign, as in CEL's grammar."""
        token = self._token
        if token.kind is not Kind.LITERAL or isinstance(token.value, str | bool | None):
            return self._postfix(self._primary())
        if prefixes and prefixes[-1].text == "-":
            sign = prefixes.pop()
            self._next()
            return self._postfix(Literal(-token.value, sign.start, token.end))
        if isinstance(token.value, int) and token.value >= 2**63:
            raise ExpressionFault(
                "an integer has at most 64 bits", token.start, token.end
            )
        return self._postfix(self._primary())

    def _primary(self) -> Expression:
        token = self._token
        if token.kind is Kind.LITERAL:
            self._next()
            return Literal(token.value, token.start, token.end)
        if token.kind is Kind.NAME:
            self._next()
            return self._named(token)
        if self._accept("("):
            expression = self.conditional()
            self._expect(")")
            return expression
        if self._accept("["):
            items, end = self._items("]")
            return ListLiteral(items, token.start, end)
        raise self._unexpected("expected a value")

    def _items(self, closing: str) -> tuple[tuple[Expression, ...], int]:
        items: list[Expression] = []
        end = self._accept(closing)
        while end is None:
            items.append(self.conditional())
            end = self._accept(closing)
            if end is None:
                if self._accept(",") is None:
                    raise self._unexpected(f"expected `,` or `{closing}`")
                end = self._accept(closing) if closing == "]" else None
        return tuple(items), end.end

    def _named(self, token: Token) -> Expression:
        if self._accept("("):
            arguments, end = self._items(")")
            return _call(token, arguments, end)
        return Name(token.text, token.start, token.end)

    def _postfix(self, expression: Expression) -> Expression:
        while self._token.kind is Kind.OPERATOR and self._token.text in {".", "["}:
            if self._token.text == "[":
                message = "indexing is not part of the language"
                raise ExpressionFault(message, self._token.start, self._token.end)
            self._next()
            name = self._token
            if name.kind is not Kind.NAME:
                raise self._unexpected("expected a name after `.`")
            self._next()
            if self._accept("("):
                arguments, end = self._items(")")
                expression = _method(name, expression, arguments, end)
            else:
                expression = _member(name, expression)
        return expression


def _call(token: Token, arguments: tuple[Expression, ...], end: int) -> Call:
    name = token.text
    known = FUNCTIONS.get(name)
    if known is not None and not known.function:
        message = f"`{name}` is written after its text"
        raise ExpressionFault(
            message, token.start, token.end, f"write `text.{name}(...)`"
        )
    return Call(name, arguments, token.start, end, token.start)


def _method(
    token: Token, receiver: Expression, arguments: tuple[Expression, ...], end: int
) -> Call:
    name = token.text
    if name in _MACROS:
        message = f"the macro `{name}` is not part of the language"
        advice = "test lists with `in` and `size`"
        raise ExpressionFault(message, token.start, token.end, advice)
    if name in FUNCTIONS and name not in METHODS:
        message = f"`{name}` is not written after a dot"
        raise ExpressionFault(message, token.start, token.end, f"write `{name}(...)`")
    return Call(
        METHODS.get(name, name),
        (receiver, *arguments),
        receiver.start,
        end,
        token.start,
    )


def _member(token: Token, owner: Expression) -> Member:
    if not isinstance(owner, Name):
        raise ExpressionFault("only `user` has attributes", token.start, token.end)
    if owner.name == "old":
        return Member("old", token.text, owner.start, token.end)
    if owner.name != "user":
        message = f"`{owner.name}` has no attributes"
        advice = "only `user` has: " + ", ".join(
            f"`user.{name}`" for name in USER_ATTRIBUTES
        )
        raise ExpressionFault(message, owner.start, token.end, advice)
    return Member("user", token.text, owner.start, token.end)
