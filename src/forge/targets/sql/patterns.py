r"""Which patterns mean the same to Python and to PostgreSQL.

Both engines agree on: characters, escaped punctuation, `\t \n \r`, classes of ASCII
characters and ranges, `^` and `$` for the whole text, groups without a name,
alternatives, and `* + ? {m,n}` up to 255. `\d` and `\w`, which are ASCII in the API and
follow the locale in PostgreSQL, are written as the classes that they stand for. Left out
are `.` (only PostgreSQL matches a line break with it), `\s \b` and classes beyond ASCII,
lazy and named forms and flags. The API checks every pattern, these or not.
"""

from __future__ import annotations

import re

_MAX_COUNT = 255
"""The largest number that PostgreSQL takes in `{m,n}`."""

_ESCAPE = r"\\[!-/:-@\[-^`{-~tnr]"
_CHARACTER = re.compile(rf"[^\\^$.|?*+()\[\]{{}}\x00-\x1f\x7f]|{_ESCAPE}")
_CLASS = re.compile(
    r"\[\^?(?:(?:[A-Za-z0-9]-[A-Za-z0-9]"
    rf"|[A-Za-z0-9 !\"#$%&'()*+,./:;<=>?@_`{{|}}~]|{_ESCAPE})(?!-[^\]]))+-?\]"
)
_REPEAT = re.compile(r"[*+?]|\{([0-9]+)(?:,([0-9]*))?\}")
_OPEN = re.compile(r"\((?:\?:)?")


_NAMED = re.compile(r"\\(.)|(\[\^?)|(\])", re.DOTALL)
_MEMBERS = {"d": "0-9", "w": "A-Za-z0-9_"}


def spelled_out(regex: str) -> str:
    r"""The pattern with `\d` and `\w` as classes of ASCII characters.

    >>> spelled_out(r"^\d{3}-[\w.]\\d$")
    '^[0-9]{3}-[A-Za-z0-9_.]\\\\d$'
    """
    inside = False

    def spell(found: re.Match[str]) -> str:
        nonlocal inside
        if found[2] and not inside:
            inside = True
        elif found[3]:
            inside = False
        members = _MEMBERS.get(found[1] or "")
        if members is None:
            return found[0]
        return members if inside else f"[{members}]"

    return _NAMED.sub(spell, regex)


def portable(regex: str) -> bool:
    r"""Whether `regex` accepts the same texts in Python and in PostgreSQL.

    >>> portable("^[a-z0-9]+(-[a-z0-9]+)*$"), portable(r"^\d+$"), portable("a.c")
    (True, False, False)
    """
    at, depth, repeatable = 0, 0, False
    while at < len(regex):
        if opening := _OPEN.match(regex, at):
            at, depth, repeatable = opening.end(), depth + 1, False
        elif regex[at] in "|^$":
            at, repeatable = at + 1, False
        elif regex[at] == ")" and depth:
            at, depth, repeatable = at + 1, depth - 1, True
        elif repeat := _REPEAT.match(regex, at):
            if not repeatable or not _countable(repeat):
                return False
            at, repeatable = repeat.end(), False
        elif atom := _CLASS.match(regex, at) or _CHARACTER.match(regex, at):
            at, repeatable = atom.end(), True
        else:
            return False
    return depth == 0 and not _empty_branch(regex)


def _countable(repeat: re.Match[str]) -> bool:
    least, most = int(repeat[1] or 0), int(repeat[2] or repeat[1] or 0)
    return least <= most <= _MAX_COUNT or (repeat[2] == "" and least <= _MAX_COUNT)


def _empty_branch(regex: str) -> bool:
    """PostgreSQL reads an alternative without characters in its own way."""
    bare = re.sub(r"\\.", "x", re.sub(_CLASS, "x", regex), flags=re.DOTALL)
    return re.search(r"\((?:\?:)?[|)]|\|[|)]|\A\||\|\Z|\A\Z", bare) is not None
