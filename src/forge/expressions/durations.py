"""ISO 8601 durations as a number of microseconds.

A year counts 365 days and a month 30, in every place that counts with a duration.
"""

from __future__ import annotations

import re

_DURATION = re.compile(
    r"(-)?P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,6}))?S)?)?",
    re.ASCII,
)
_SECONDS = (365 * 86400, 30 * 86400, 7 * 86400, 86400, 3600, 60, 1)
_MAX_LENGTH = 64
_MAX_MICROSECONDS = 10_000 * 365 * 86400 * 1_000_000
"""About ten thousand years, the span of a calendar."""


def microseconds(text: str) -> int | None:
    """The length of a duration; None when the text is none.

    >>> microseconds("PT1.5S")
    1500000
    """
    match = _DURATION.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if match is None:
        return None
    sign, *counts, fraction = match.groups()
    seconds = sum(
        int(count or 0) * unit for count, unit in zip(counts, _SECONDS, strict=True)
    )
    total = seconds * 1_000_000 + int((fraction or "").ljust(6, "0"))
    if total > _MAX_MICROSECONDS:
        return None
    return -total if sign else total


def is_duration(text: str) -> bool:
    """Whether the text is an ISO 8601 duration."""
    return microseconds(text) is not None
