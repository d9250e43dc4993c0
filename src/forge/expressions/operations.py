"""The names under which the runtimes offer operators and functions.

The Python runtime spells them as here, the JavaScript one in camel case (`starts_with` there is
`startsWith`, `and_` is `and`).
"""

from __future__ import annotations

OPERATIONS = {
    "||": "or_",
    "&&": "and_",
    "==": "eq",
    "!=": "ne",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
    "in": "member_of",
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "%": "modulo",
}
UNARY_OPERATIONS = {"!": "not_", "-": "negate"}
FUNCTION_OPERATIONS = {
    "size": "size",
    "has": "has",
    "matches": "matches",
    "startsWith": "starts_with",
    "endsWith": "ends_with",
    "contains": "contains",
    "lower": "lower",
    "upper": "upper",
    "trim": "trim",
    "now": "now",
    "today": "today",
    "duration": "duration",
    "round": "rounded",
    "abs": "absolute",
    "min": "smallest",
    "max": "largest",
    "string": "string",
    "int": "integer",
    "double": "number",
}


def camel_case(name: str) -> str:
    """The JavaScript spelling of an operation.

    >>> camel_case("starts_with"), camel_case("and_")
    ('startsWith', 'and')
    """
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)
