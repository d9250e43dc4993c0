"""What the fuzzing adds to Schemathesis.

Its settings excuse statuses as a whole. Here a request that fits the document may be refused
with 400 or 422 for what is stored or for a rule, but for nothing that the document tells.
"""

from __future__ import annotations

import json
import re
from itertools import count
from typing import Any
from uuid import uuid4

import schemathesis

KEY = "Idempotency-Key"
_WELL_FORMED = re.compile(r"[!-~]([ -~]*[!-~])?", re.ASCII)
_RUN = uuid4().hex
_numbers = count()

TOLD = frozenset(
    {
        "bad-encoding",
        "bad-format",
        "bad-key",
        "bad-text",
        "bad-value",
        "duplicate-field",
        "empty-fields",
        "empty-sort",
        "illegal-operator",
        "illegal-sort",
        "malformed-json",
        "not-allowed",
        "not-an-enum-value",
        "null-not-allowed",
        "read-only",
        "repeated-parameter",
        "required",
        "too-long",
        "too-many-paths",
        "too-many-sorts",
        "too-many-values",
        "too-short",
        "unknown-edge",
        "unknown-field",
        "unknown-operator",
        "unknown-parameter",
        "wrong-type",
    }
)
"""Codes of refusals that what fits the document never meets.

It tells deeper steps of `expand` by their form only, nothing about bounds of dates, and nothing
about what two elements of one parameter or two parameters may not be at once.
"""


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Give requests keys of their own: a key that is reused hides what the body would meet."""
    key = (case.headers or {}).get(KEY)
    fits = isinstance(key, str) and len(key) <= 255 and _WELL_FORMED.fullmatch(key)
    if fits and (_is_positive(case) or _is_about_the_body(case)):
        case.headers[KEY] = f"{_RUN}-{next(_numbers)}"


@schemathesis.check
def refused_for_what_is_told(_context: Any, response: Any, case: Any) -> None:
    """A request that fits the document is not refused for what the document tells."""
    if response.status_code in (400, 422) and _is_positive(case):
        problem = json.loads(response.content)
        guarded = problem["type"] == "/problems/guard-unmet"
        codes = {
            error["code"]
            for error in problem.get("errors", ())
            # A backslash before the comma makes one value of two, which no schema can say.
            if not error.get("parameter", "").endswith("[between]")
        }
        assert guarded or not codes & TOLD, json.dumps(problem)


def _is_positive(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


def _is_about_the_body(case: Any) -> bool:
    place = getattr(case.meta and case.meta.phase.data, "parameter_location", None)
    return place is not None and place.value == "body"
