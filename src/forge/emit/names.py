"""Names in the languages generated: derived from contract names, never colliding with keywords."""

from __future__ import annotations

import builtins
import keyword
import re

_WORDS = re.compile(r"[A-Za-z0-9]+")
_IRREGULAR = {
    "person": "people", "child": "children", "man": "men", "woman": "women", "datum": "data",
    "index": "indexes", "status": "statuses", "news": "news", "series": "series", "data": "data",
    "criterion": "criteria", "staff": "staff", "equipment": "equipment", "information": "information",
    "media": "media",
}  # fmt: skip


def pascal(text: str) -> str:
    """`sla_policy` -> `SlaPolicy`."""
    joined = "".join(word[:1].upper() + word[1:] for word in _WORDS.findall(text))
    return f"_{joined}" if joined[:1].isdigit() else joined


def constant(text: str) -> str:
    """`sla_policy` -> `SLA_POLICY`."""
    return "_".join(_WORDS.findall(text)).upper()


def camel(text: str) -> str:
    """`sla_policy` -> `slaPolicy`."""
    joined = pascal(text)
    return joined[:1].lower() + joined[1:]


def plural(noun: str) -> str:
    """English plural of the last word of a snake_case noun."""
    head, _, last = noun.rpartition("_")
    prefix = f"{head}_" if head else ""
    if last in _IRREGULAR:
        return prefix + _IRREGULAR[last]
    if last.endswith(("s", "x", "z", "ch", "sh")):
        return prefix + last + "es"
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        return prefix + last[:-1] + "ies"
    return prefix + last + "s"


def python_identifier(text: str) -> str:
    """`class` -> `class_`: a name that Python code may use as a variable."""
    if keyword.iskeyword(text) or keyword.issoftkeyword(text) or hasattr(builtins, text):
        return f"{text}_"
    return text


def title(text: str) -> str:
    """`sla_policy` -> `Sla policy`."""
    words = " ".join(_WORDS.findall(text))
    return words[:1].upper() + words[1:]
