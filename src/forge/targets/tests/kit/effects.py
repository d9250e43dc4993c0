"""What the service stores of its own accord, as contracts write it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from .declarations import ANY, Field
from .forms import comparable, same

CLOCKS = timedelta(minutes=10)
"""How far the service's clock may be from that of the tests."""

_TIMES = frozenset({"datetime", "date", "time"})


def stored(field: Field, shown: Any, value: Any) -> None:
    """Check that `shown` is what storing `value` leads to; `now` and `today` are times."""
    if field.sensitive or value is ANY:
        return
    if value in ("now", "today") and field.type in _TIMES:
        assert shown is not None, f"{field.name} is not set"
        if field.type == "datetime":
            distance = abs(comparable("datetime", shown) - datetime.now(UTC))
            assert distance < CLOCKS, f"{field.name} is {shown}"
    else:
        assert same(field, shown, value), f"{field.name} is {shown!r}"
