"""Whether a regular expression may check what strangers send."""

from __future__ import annotations

import re
import warnings

from forge.expressions import pattern

_BOUNDED = re.compile(r"\{(\d+)(,(\d*))?\}")
_FEW = 10
"""Rounds of a repetition that stay cheap however they are nested."""


def pattern_fault(text: str) -> str:
    """What is wrong with a pattern; empty where nothing is.

    >>> pattern_fault("^(a+)+$")
    'it repeats a repetition, which takes exponential time on some texts'
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        return f"it is not a regular expression: {error}"
    if _nests(text) and pattern.fault(text) is not None:
        return "it repeats a repetition, which takes exponential time on some texts"
    return ""


def _nests(text: str) -> bool:
    """Whether a group that holds a long repetition is itself repeated at length."""
    open_groups = [False]
    at = 0
    while at < len(text):
        character = text[at]
        step = 1
        repeated = False
        if character == "\\":
            step = 2
        elif character == "[":
            step = _class_length(text, at)
        elif character == "(":
            open_groups.append(False)
        elif character == ")" and len(open_groups) > 1:
            repeated = open_groups.pop()
        long, width = _repetition(text, at + step)
        if long and character not in "(|" and repeated:
            return True
        if (long and character not in "(|") or repeated:
            open_groups[-1] = True
        at += step + width
    return False


def _class_length(text: str, at: int) -> int:
    end = at + 1
    if text[end : end + 1] == "^":
        end += 1
    end += 1
    while end < len(text) and text[end] != "]":
        end += 2 if text[end] == "\\" else 1
    return end + 1 - at


def _repetition(text: str, at: int) -> tuple[bool, int]:
    """Whether a long repetition stands at a place, and how wide any repetition there is."""
    if text[at : at + 1] in ("*", "+"):
        return True, 1
    found = _BOUNDED.match(text, at)
    if found is None:
        return False, 0
    most = found[3] if found[2] else found[1]
    return most == "" or int(most) > _FEW, found.end() - at
