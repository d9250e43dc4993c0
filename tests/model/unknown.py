"""What a model cannot foretell: keys, times and cursors.

They are bound by the first answer that shows them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

_UUID7 = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


class NotYetKnown(Exception):
    """A request asks to compare a value that no answer has shown."""


@dataclass(eq=False, slots=True)
class Unknown:
    """One value that the service makes up."""

    kind: str
    """`uuid`, `moment`, `identity` or `cursor`."""
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    above: int = 0
    """What an identity exceeds."""
    meaning: Any = None
    """Where a page ended, for a cursor."""
    value: Any = None

    def bind(self, shown: Any) -> str:
        """Take `shown` for the value; what is wrong with its form, or nothing."""
        if self.value is not None:
            same = self._read(shown) == self.value
            return "" if same else f"{shown!r} instead of {self.value!r}"
        if not self._fits(shown):
            return f"{shown!r} is no {self.kind}"
        self.value = self._read(shown)
        return ""

    def _read(self, shown: Any) -> Any:
        if self.kind == "moment" and isinstance(shown, str):
            return datetime.fromisoformat(shown)
        return shown

    def _fits(self, shown: Any) -> bool:
        match self.kind:
            case "uuid":
                return isinstance(shown, str) and bool(_UUID7.fullmatch(shown))
            case "identity":
                return type(shown) is int and shown > self.above
            case "cursor":
                return isinstance(shown, str) and len(shown) > 20
            case "moment":
                if not isinstance(shown, str) or not _MOMENT.fullmatch(shown):
                    return False
                found = datetime.fromisoformat(shown)
                return self.since - timedelta(seconds=1) <= found <= datetime.now(UTC)
        raise AssertionError(self.kind)


@dataclass(frozen=True, slots=True)
class Joined:
    """A text with keys in it that the service makes up."""

    parts: tuple[Any, ...]

    def __str__(self) -> str:
        return "".join(
            str(one.value) if isinstance(one, Unknown) else str(one)
            for one in self.parts
        )


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The service may answer any of these, but on every adapter the same one."""

    options: tuple[Any, ...]


def differences(wanted: Any, shown: Any, place: str = "") -> list[str]:
    """Where an answer is not what the model says; binds what was unknown."""
    if isinstance(wanted, Unknown):
        fault = wanted.bind(shown)
        return [f"{place}: {fault}"] if fault else []
    if isinstance(wanted, Joined):
        return (
            [] if str(wanted) == shown else [f"{place}: {shown!r} instead of {wanted}"]
        )
    if isinstance(wanted, AnyOf):
        found = [differences(option, shown, place) for option in wanted.options]
        return min(found, key=len)
    if isinstance(wanted, dict) and isinstance(shown, dict):
        return _members(wanted, shown, place)
    if isinstance(wanted, list) and isinstance(shown, list):
        if len(wanted) != len(shown):
            return [
                f"{place}: {len(shown)} instead of {len(wanted)} elements: {shown!r} / {wanted!r}"
            ]
        pairs = enumerate(zip(wanted, shown, strict=True))
        return [d for n, (w, s) in pairs for d in differences(w, s, f"{place}/{n}")]
    return [] if same(wanted, shown) else [f"{place}: {shown!r} instead of {wanted!r}"]


def _members(wanted: dict[str, Any], shown: dict[str, Any], place: str) -> list[str]:
    found = [f"{place}/{name} is missing" for name in wanted if name not in shown]
    found += [
        f"{place}/{name} is too much: {shown[name]!r}"
        for name in shown
        if name not in wanted
    ]
    for name in wanted:
        if name in shown:
            found += differences(wanted[name], shown[name], f"{place}/{name}")
    return found


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are one: `true` is not 1, and 1.0 is."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)
