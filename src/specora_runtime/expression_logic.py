"""Truth in conditions, where null is a third value."""

from __future__ import annotations

from collections.abc import Callable


def holds(value: object) -> bool:
    """Whether a guard lets pass: only true does, null does not."""
    return value is True


def allows(value: object) -> bool:
    """Whether a constraint lets pass: all but false do, as in an SQL CHECK."""
    return value is not False


def and_(left: object, right: object) -> bool | None:
    """False when one side is false, else null when one side is null."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def or_(left: object, right: object) -> bool | None:
    """True when one side is true, else null when one side is null."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def not_(value: object) -> bool | None:
    """The opposite of a boolean."""
    return not value if isinstance(value, bool) else None


def and_then(left: object, right: Callable[[], object]) -> bool | None:
    """`and_` whose right side is not computed where the left one is false."""
    return False if left is False else and_(left, right())


def or_else(left: object, right: Callable[[], object]) -> bool | None:
    """`or_` whose right side is not computed where the left one is true."""
    return True if left is True else or_(left, right())
