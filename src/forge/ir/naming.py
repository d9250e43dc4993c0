"""Names that the language derives where a contract leaves them out."""

from __future__ import annotations

_IRREGULAR = {
    "person": "people", "child": "children", "man": "men", "woman": "women",
    "datum": "data", "data": "data", "criterion": "criteria", "news": "news",
    "series": "series", "staff": "staff", "equipment": "equipment",
    "information": "information", "media": "media",
}  # fmt: skip


def plural(noun: str) -> str:
    """English plural of the last word of a snake_case noun.

    >>> plural("sla_policy"), plural("box"), plural("day"), plural("person")
    ('sla_policies', 'boxes', 'days', 'people')
    """
    head, _, last = noun.rpartition("_")
    prefix = f"{head}_" if head else ""
    if last in _IRREGULAR:
        return prefix + _IRREGULAR[last]
    if last.endswith(("s", "x", "z", "ch", "sh")):
        return prefix + last + "es"
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        return prefix + last[:-1] + "ies"
    return prefix + last + "s"
