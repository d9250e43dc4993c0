"""What expressions about quotes call."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from backend import entities  # what calls this module is there when it runs

SUNDAY = 6


def cost_of(weight: int, rate: Decimal) -> Decimal:
    return (weight * rate).quantize(Decimal("0.01"))


def score(title: str, weight: float, factor: float = 2) -> float:
    match title:
        case "raises":
            raise RuntimeError("the secret of the house")
        case "wrong":
            return "much"  # type: ignore[return-value]
        case "endless":
            return float("inf")
    return len(title) * weight * factor


def is_sunday(day: date) -> bool:
    return day.weekday() == SUNDAY


def in_order(tags: list[str]) -> list[str]:
    tags.sort()
    return tags


def outline(extra: dict[str, Any]) -> dict[str, Any]:
    return {"fields": sorted(extra), "of": entities.QUOTE.name}


def after(moment: datetime, length: timedelta | str) -> datetime | None:
    return moment + timedelta(days=1) if length else None


def is_polite(title: str, language: str | None) -> bool:
    return "!" not in title and language is None


def is_affordable(cost: Decimal, limit: Decimal) -> bool:
    return cost <= limit
