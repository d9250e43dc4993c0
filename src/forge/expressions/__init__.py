"""The condition language: a small subset of CEL, parsed once, checked, printed per language.

Text becomes a tree through `parse` alone, and only a tree is ever printed.
"""

from forge.expressions.calls import spellings
from forge.expressions.check import check, result_type
from forge.expressions.durations import is_duration
from forge.expressions.faults import ExpressionFault, Problem
from forge.expressions.functions import (
    FUNCTIONS,
    NUMERIC,
    USER_ATTRIBUTES,
    OwnFunction,
    Parameter,
    Signature,
    ValueType,
)
from forge.expressions.javascript import to_javascript
from forge.expressions.parser import MAX_DEPTH, MAX_LENGTH, parse
from forge.expressions.python import to_python
from forge.expressions.sql import Dialect, to_sql
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
    children,
    names,
    own_functions,
    walk,
    with_calls,
)

__all__ = [
    "FUNCTIONS",
    "MAX_DEPTH",
    "MAX_LENGTH",
    "NUMERIC",
    "USER_ATTRIBUTES",
    "Binary",
    "Call",
    "Conditional",
    "Dialect",
    "Expression",
    "ExpressionFault",
    "ListLiteral",
    "Literal",
    "Member",
    "Name",
    "OwnFunction",
    "Parameter",
    "Problem",
    "Signature",
    "Unary",
    "ValueType",
    "check",
    "children",
    "is_duration",
    "names",
    "own_functions",
    "parse",
    "result_type",
    "spellings",
    "to_javascript",
    "to_python",
    "to_sql",
    "walk",
    "with_calls",
]
