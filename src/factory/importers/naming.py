"""Names of contracts from names of sources."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain, count

from forge.ir.naming import plural

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_ENDINGS = (
    ("ies", "y"),
    ("ses", "s"),
    ("xes", "x"),
    ("zes", "z"),
    ("ches", "ch"),
    ("shes", "sh"),
)
_SINGULAR = frozenset(
    {
        "status", "news", "series", "address", "process", "analysis", "bus", "gas", "class",
        "access", "progress", "canvas", "alias", "basis", "lens", "media", "data", "staff",
        "equipment", "information", "species", "has", "is", "was", "this", "plus", "https",
        "dns", "sms", "gps", "css", "aws", "os",
    }
)  # fmt: skip
_IRREGULAR = {
    "people": "person", "children": "child", "men": "man", "women": "woman",
    "criteria": "criterion", "indices": "index", "statuses": "status",
    "shelves": "shelf", "leaves": "leaf", "halves": "half", "knives": "knife",
    "addresses": "address", "aliases": "alias", "analyses": "analysis", "movies": "movie",
    "cookies": "cookie", "caches": "cache", "databases": "database", "releases": "release",
    "licenses": "license", "purchases": "purchase", "phrases": "phrase",
    "responses": "response", "expenses": "expense", "courses": "course", "houses": "house",
    "warehouses": "warehouse", "sizes": "size", "prizes": "prize", "axes": "axis",
}  # fmt: skip
LONGEST = 50
"""Characters of a name: tables, constraints and operation ids are made of several."""


def words(text: str) -> list[str]:
    """The words of an identifier of any style, in lower case.

    >>> words("HTTPServer"), words("order-lines"), words("Ünïts 2")
    (['http', 'server'], ['order', 'lines'], ['units', '2'])
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return [word.lower() for word in _WORD.findall(plain)]


def snake(text: str, otherwise: str = "unnamed") -> str:
    """`text` as a name of the language; `otherwise` where nothing of it can stand in one.

    >>> snake("createdAt"), snake("2fa"), snake("名前", "field")
    ('created_at', 'n_2fa', 'field')
    """
    found = "_".join(words(text))[:LONGEST].strip("_")
    if not found:
        return otherwise
    return found if found[0].isalpha() else f"n_{_glued(found)}"


def _glued(name: str) -> str:
    first, _, rest = name.partition("_")
    return first + rest if first.isdigit() else name


def singular(name: str) -> str:
    """English singular of the last word of a snake_case noun; what is none stays as it is.

    >>> singular("order_lines"), singular("sla_policies"), singular("status"), singular("people")
    ('order_line', 'sla_policy', 'status', 'person')
    """
    head, _, last = name.rpartition("_")
    prefix = f"{head}_" if head else ""
    if last in _IRREGULAR:
        return prefix + _IRREGULAR[last]
    if last in _SINGULAR or not last.endswith("s") or last.endswith(("ss", "us", "is")):
        return name
    for ending, kept in _ENDINGS:
        stem = last.removesuffix(ending)
        if stem != last and len(stem) > 1 and plural(stem + kept) == last:
            return prefix + stem + kept
    return prefix + last[:-1] if len(last) > 2 else name


class Names:
    """Names that were given, so that no two things share one."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def claim(self, wanted: str, *others: str, again: set[str] | None = None) -> str:
        """`wanted`, or the first of `others` that is free, or `wanted` with a number.

        A name in `again` may be given once more, although it is taken.
        """
        # Names stay taken, so that numbers which were given before need not be tried again.
        first = 2 if again else self._next.get(wanted, 2)
        numbered = ((f"{wanted}_{number}", number) for number in count(first))
        for name, number in chain(((name, 0) for name in (wanted, *others)), numbered):
            if again and name in again:
                again.discard(name)
                return name
            if name not in self._taken:
                self._taken.add(name)
                if number:
                    self._next[wanted] = number + 1
                return name
        raise AssertionError("numbers do not end")
