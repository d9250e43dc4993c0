"""What expressions about quotes call."""

from __future__ import annotations


def slug(title: str) -> str:
    if title == "later":
        raise NotImplementedError
    return "-".join(title.lower().split())


def stamped(word: str, role: str | None) -> str:
    return f"{word} by {role or 'nobody'}"
