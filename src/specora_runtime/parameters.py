"""The parameters of a request's query string, before anybody says what they mean."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import Scope

from .errors import BadQuery

MAX_PARAMETERS: Final = 200
"""Bounds the work for one query string."""

_PLAIN: Final = re.compile(rb"[A-Za-z0-9_.~=:,&*!$()@/?;\[\]-]*")
"""What means itself in a query string."""


def pairs_of(scope: Scope) -> list[tuple[str, str]]:
    """The parameters of the query string, in order. Raises `BadQuery`."""
    raw: bytes = scope.get("query_string", b"")
    if not raw:
        return []
    if _PLAIN.fullmatch(raw) and raw.count(b"&") < MAX_PARAMETERS:
        # Nothing is escaped; most query strings are such.
        parts = (part.partition("=") for part in raw.decode().split("&") if part)
        return [(name, text) for name, _, text in parts]
    try:
        return parse_qsl(
            raw.decode("latin-1"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeDecodeError:
        raise BadQuery("", "the query string is not UTF-8", "bad-encoding") from None
    except ValueError:
        raise BadQuery(
            "", f"more than {MAX_PARAMETERS} parameters", "too-many"
        ) from None


def refuse_parameters(scope: Scope, legal: tuple[str, ...] = ()) -> None:
    """Refuse a query string where an operation takes none. Raises `BadQuery`."""
    for name, _ in pairs_of(scope):
        if name not in legal:
            near = get_close_matches(name[:64], legal, n=1)
            hint = (
                f"did you mean `{near[0]}`?"
                if near
                else "this operation takes no parameters"
            )
            shown = name if len(name) <= 60 else f"{name[:60]}…"
            raise BadQuery(
                shown, f"`{shown}` is not a parameter", "unknown-parameter", hint
            )
