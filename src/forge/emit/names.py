"""Names in the languages generated: derived from contract names, never colliding with keywords."""

from __future__ import annotations

import builtins
import keyword
import re

from forge.ir.naming import plural

__all__ = ["camel", "constant", "pascal", "plural", "python_identifier", "title"]

_WORDS = re.compile(r"[A-Za-z0-9]+")


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


def python_identifier(text: str) -> str:
    """`class` -> `class_`: a name that Python code may use as a variable."""
    if (
        keyword.iskeyword(text)
        or keyword.issoftkeyword(text)
        or hasattr(builtins, text)
    ):
        return f"{text}_"
    return text


def title(text: str) -> str:
    """`sla_policy` -> `Sla policy`."""
    words = " ".join(_WORDS.findall(text))
    return words[:1].upper() + words[1:]
