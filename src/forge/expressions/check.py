"""What an expression means: the type of every node, and every fault of meaning at once."""

from __future__ import annotations

from collections.abc import Mapping

from forge.expressions.calls import count, own_problems, special_problems, spellings
from forge.expressions.faults import Problem, listed, nearest
from forge.expressions.functions import (
    FUNCTIONS,
    NUMERIC,
    ORDERED,
    USER_ATTRIBUTES,
    Signature,
    ValueType,
)
from forge.expressions.literals import EXAMPLES, literal_text, literal_type, reads_as
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
    is_null,
)

ANY, NULL, TEXT, BOOLEAN = (
    ValueType.ANY,
    ValueType.NULL,
    ValueType.TEXT,
    ValueType.BOOLEAN,
)
DATETIME, DATE, TIME = ValueType.DATETIME, ValueType.DATE, ValueType.TIME
DURATION, UUID, JSON, LIST = (
    ValueType.DURATION,
    ValueType.UUID,
    ValueType.JSON,
    ValueType.LIST,
)
INTEGER, NUMBER, DECIMAL = ValueType.INTEGER, ValueType.NUMBER, ValueType.DECIMAL

_ORDERINGS = frozenset({"<", "<=", ">", ">="})
_SUMS = {
    ("+", TEXT, TEXT): TEXT,
    ("+", DATETIME, DURATION): DATETIME,
    ("+", DURATION, DATETIME): DATETIME,
    ("-", DATETIME, DURATION): DATETIME,
    ("-", DATETIME, DATETIME): DURATION,
    ("+", DATE, DURATION): DATE,
    ("+", DURATION, DATE): DATE,
    ("-", DATE, DURATION): DATE,
    ("-", DATE, DATE): DURATION,
    ("+", DURATION, DURATION): DURATION,
    ("-", DURATION, DURATION): DURATION,
}


def check(
    expression: Expression, fields: Mapping[str, ValueType], *, result: ValueType | None
) -> tuple[Problem, ...]:
    """Every fault of meaning, in the order of the text; `result` is the type that is wanted."""
    checker = _Checker(fields)
    found = checker.type_of(expression)
    if result is not None and not _fits(found, result):
        message = f"the expression gives {found}, not {result}"
        checker.report(message, expression, _result_help(result))
    return tuple(
        sorted(checker.problems, key=lambda problem: (problem.start, problem.end))
    )


def result_type(expression: Expression, fields: Mapping[str, ValueType]) -> ValueType:
    """The type that the expression gives; `any` where a fault or an unknown name hides it."""
    return _Checker(fields).type_of(expression)


def unify(left: ValueType, right: ValueType) -> ValueType | None:
    """The one type of two branches; None when there is none.

    >>> unify(ValueType.INTEGER, ValueType.DECIMAL)
    <ValueType.DECIMAL: 'decimal'>
    """
    if left == right or right is NULL:
        return left
    if left is NULL:
        return right
    if ANY in (left, right):
        return ANY
    if left in NUMERIC and right in NUMERIC:
        return DECIMAL if DECIMAL in (left, right) else NUMBER
    return None


def _fits(found: ValueType, wanted: ValueType) -> bool:
    if ANY in (found, wanted) or wanted is JSON:
        return True
    if found is NULL or found == wanted:
        return True
    return (found, wanted) in {
        (INTEGER, NUMBER),
        (INTEGER, DECIMAL),
        (NUMBER, DECIMAL),
        (DECIMAL, NUMBER),
    }


def _result_help(wanted: ValueType) -> str:
    match wanted:
        case ValueType.BOOLEAN:
            return "compare with `==`, `<` or `in`, or test with `has(field)`"
        case ValueType.TEXT:
            return "write `string(...)` around it"
        case ValueType.INTEGER:
            return "write `int(...)` around it"
    return ""


class _Checker:
    def __init__(self, fields: Mapping[str, ValueType]) -> None:
        self._fields = fields
        self.problems: list[Problem] = []

    def report(self, message: str, node: Expression, help: str = "") -> ValueType:
        self.problems.append(Problem(message, node.start, node.end, help))
        return ANY

    def type_of(self, node: Expression) -> ValueType:
        match node:
            case Literal(value=value):
                return literal_type(value)
            case ListLiteral():
                return self._list(node)
            case Name():
                return self._name(node)
            case Member():
                return self._member(node)
            case Unary():
                return self._unary(node)
            case Binary():
                return self._binary(node)
            case Conditional():
                return self._conditional(node)
            case Call():
                return self._call(node)

    def _name(self, node: Name) -> ValueType:
        found = self._fields.get(node.name)
        if found is not None:
            return found
        if node.name in FUNCTIONS:
            advice = f"`{node.name}` is a function: write `{node.name}(...)`"
        elif node.name == "user":
            advice = "the user is " + listed(f"user.{name}" for name in USER_ATTRIBUTES)
        else:
            advice = nearest(node.name, self._fields)
        return self.report(f"unknown field `{node.name}`", node, advice)

    def _member(self, node: Member) -> ValueType:
        if node.root == "old":
            advice = "compare the fields of the record itself"
            return self.report("`old` is reserved and has no meaning yet", node, advice)
        if node.name in USER_ATTRIBUTES:
            return TEXT
        advice = nearest(node.name, USER_ATTRIBUTES)
        return self.report(f"unknown attribute `user.{node.name}`", node, advice)

    def _list(self, node: ListLiteral) -> ValueType:
        common = NULL
        for item in node.items:
            found = self.type_of(item)
            if is_null(item):
                advice = "nothing equals null; test with `field == null`"
                self.report("`null` in a list matches nothing", item, advice)
                continue
            merged = unify(common, found)
            if merged is None:
                self.report(f"a list of {common} holds a {found}", item)
                continue
            common = merged
        return LIST

    def _unary(self, node: Unary) -> ValueType:
        found = self.type_of(node.operand)
        if node.operator == "!":
            self._want_boolean(node.operand, found, "`!`")
            return BOOLEAN
        if found in NUMERIC or found in (DURATION, ANY):
            return found
        return self.report(f"`-` needs a number, not {found}", node.operand)

    def _binary(self, node: Binary) -> ValueType:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if node.operator in ("&&", "||"):
            self._want_boolean(node.left, left, f"`{node.operator}`")
            self._want_boolean(node.right, right, f"`{node.operator}`")
            return BOOLEAN
        if node.operator == "in":
            self._membership(node, left, right)
            return BOOLEAN
        if node.operator in ("==", "!=") or node.operator in _ORDERINGS:
            self._comparison(node, left, right)
            return BOOLEAN
        return self._arithmetic(node, left, right)

    def _want_boolean(self, node: Expression, found: ValueType, by: str) -> None:
        if found not in (BOOLEAN, ANY, NULL):
            self.report(
                f"{by} needs a boolean, not {found}", node, _result_help(BOOLEAN)
            )

    def _membership(self, node: Binary, left: ValueType, right: ValueType) -> None:
        if right is TEXT:
            advice = "write `text.contains(part)` to look into a text"
            self.report("`in` needs a list, not text", node.right, advice)
        elif right not in (LIST, JSON, ANY):
            self.report(f"`in` needs a list, not {right}", node.right)
        elif isinstance(node.right, ListLiteral):
            for item in node.right.items:
                if not is_null(item):
                    self._pair(
                        item,
                        left,
                        _Checker(self._fields).type_of(item),
                        node.left,
                        item,
                    )

    def _comparison(self, node: Binary, left: ValueType, right: ValueType) -> None:
        if node.operator not in _ORDERINGS:
            if not (is_null(node.left) or is_null(node.right)):
                self._pair(node, left, right, node.left, node.right)
            return
        for operand, found in ((node.left, left), (node.right, right)):
            if found not in ORDERED and found is not ANY:
                self.report(f"`{node.operator}` cannot order {found}", operand)
                return
        self._pair(node, left, right, node.left, node.right)

    def _pair(
        self,
        node: Expression,
        left: ValueType,
        right: ValueType,
        left_node: Expression,
        right_node: Expression,
    ) -> None:
        if (
            ANY in (left, right)
            or JSON in (left, right)
            or unify(left, right) is not None
        ):
            return
        if {left, right} == {DATETIME, DATE} or {left, right} == {UUID, TEXT}:
            return
        for text_node, other in ((left_node, right), (right_node, left)):
            if literal_text(text_node) is not None and other in (
                DATETIME,
                DATE,
                TIME,
                DURATION,
            ):
                self._temporal_text(text_node, other)
                return
        self.report(f"{left} and {right} cannot be compared", node)

    def _temporal_text(self, node: Expression, wanted: ValueType) -> None:
        if not reads_as(literal_text(node) or "", wanted):
            example = EXAMPLES[wanted]
            self.report(
                f"the text is not a {wanted}", node, f'write it as `"{example}"`'
            )

    def _arithmetic(self, node: Binary, left: ValueType, right: ValueType) -> ValueType:
        if NULL in (left, right):
            place = node.left if left is NULL else node.right
            return self.report(f"`{node.operator}` with null gives null", place)
        if ANY in (left, right):
            return ANY
        if left in NUMERIC and right in NUMERIC:
            if node.operator == "%" and (left, right) != (INTEGER, INTEGER):
                place = node.right if left is INTEGER else node.left
                return self.report("`%` needs integers", place)
            return unify(left, right) or ANY
        found = _SUMS.get((node.operator, left, right))
        if found is None:
            advice = (
                "write `string(...)` to join texts" if TEXT in (left, right) else ""
            )
            message = f"`{node.operator}` does not take {left} and {right}"
            return self.report(message, node, advice)
        return found

    def _conditional(self, node: Conditional) -> ValueType:
        self._want_boolean(node.condition, self.type_of(node.condition), "`?`")
        left, right = self.type_of(node.then), self.type_of(node.otherwise)
        found = unify(left, right)
        if found is None:
            message = f"the branches give {left} and {right}"
            return self.report(message, node, "both branches give one type, or null")
        return found

    def _call(self, node: Call) -> ValueType:
        types = [self.type_of(argument) for argument in node.arguments]
        if node.own is not None:
            self.problems.extend(own_problems(node, node.own, types))
            return node.own.result
        signature = FUNCTIONS.get(node.function)
        if signature is None:
            start = node.name_start
            message = f"unknown function `{node.function}`"
            advice = nearest(node.function, spellings())
            self.problems.append(
                Problem(message, start, start + len(node.function), advice)
            )
            return ANY
        if len(types) != len(signature.parameters):
            message = f"`{node.function}` takes {count(len(signature.parameters))}"
            self.report(f"{message}, not {len(types)}", node)
            return signature.result or ANY
        for argument, found, wanted in zip(
            node.arguments, types, signature.parameters, strict=True
        ):
            if found not in wanted and found is not ANY:
                self.report(f"`{node.function}` does not take {found}", argument)
        self.problems.extend(special_problems(node))
        return self._result(signature, node, types)

    def _result(
        self, signature: Signature, node: Call, types: list[ValueType]
    ) -> ValueType:
        if signature.result is not None:
            return signature.result
        if node.function not in ("min", "max"):
            return types[0]
        found = unify(types[0], types[1])
        if found is None:
            return self.report(f"{types[0]} and {types[1]} cannot be compared", node)
        return found
