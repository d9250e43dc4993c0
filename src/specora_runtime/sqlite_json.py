"""Functions of SQL that look inside JSON, for SQLite."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any


def value_at(document: str | None, path: str) -> Any:
    """What the keys in the JSON array `path` lead to; `None` where there is nothing.

    Numbers are decimals, so that none is rounded.
    """
    if document is None:
        return None
    value = json.loads(document, parse_float=Decimal, parse_int=Decimal)
    for key in json.loads(path):
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def json_given(document: str | None, path: str) -> bool:
    """Whether there is a value that is not null."""
    return value_at(document, path) is not None


def json_text(document: str | None, path: str) -> str | None:
    """The value where it is a text."""
    value = value_at(document, path)
    return value if isinstance(value, str) else None


def json_number(document: str | None, path: str) -> str | None:
    """The value where it is a number, in the form of decimals."""
    value = value_at(document, path)
    return format(value, "f") if isinstance(value, Decimal) else None


def json_boolean(document: str | None, path: str) -> str | None:
    """The value where it is a boolean, as a word."""
    value = value_at(document, path)
    if not isinstance(value, bool):
        return None
    return "true" if value else "false"


FUNCTIONS = {
    "specora_json_given": json_given,
    "specora_json_text": json_text,
    "specora_json_number": json_number,
    "specora_json_boolean": json_boolean,
}
"""By the name under which SQL calls them, each with two arguments."""
