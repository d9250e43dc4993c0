"""Which files of a folder are replayed, and in which order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from factory.importers.reading import Text

_ENDINGS = frozenset({".sql", ".ddl", ".psql", ".dump"})
_UNDONE = re.compile(
    r"(?:[._-]down\.sql|(?:^|/)(?:down|undo|revert|rollback)[^/]*\.sql|[._-](?:undo|rollback)\.sql|(?:^|/)U\d[\d._]*__[^/]*\.sql)\Z"
)
_REVERSED = frozenset({"revert", "verify", "rollback", "rollbacks", "down", "undo"})
_VERSION = re.compile(r"V(\d+(?:[._]\d+)*)__")
_REPEATED = re.compile(r"R__")
_PLAN = "sqitch.plan"
_CHANGE = re.compile(r"^([^\s%#@][^\s@]*)(?:[ \t].*)?$", re.MULTILINE)
_DIGITS = re.compile(r"(\d+)")

_Key = tuple[tuple[int, tuple[tuple[int, str], ...]], ...]


def undoes(text: Text) -> bool:
    """Whether a file takes back what another does, or asks whether it was done."""
    folders = text.name.lower().split("/")[:-1]
    return bool(_UNDONE.search(text.name)) or bool(_REVERSED & set(folders[-1:]))


def replayed(texts: Sequence[Text]) -> list[Text]:
    """The files of SQL that build a schema up, the oldest first."""
    plan = _planned(texts)
    wanted = [
        t for t in texts if len(texts) == 1 or (t.suffix in _ENDINGS and not undoes(t))
    ]
    return sorted(
        wanted, key=lambda text: (plan.get(_stem(text), 0), _order(text.name))
    )


def ignored(texts: Sequence[Text]) -> list[Text]:
    """The files that are no SQL and say nothing of its order either."""
    if len(texts) == 1:
        return []
    return [t for t in texts if t.suffix not in _ENDINGS and not t.name.endswith(_PLAN)]


def _planned(texts: Sequence[Text]) -> dict[str, int]:
    plan = next((t for t in texts if t.name.endswith(_PLAN)), None)
    changes = _CHANGE.findall(plan.content) if plan is not None else []
    return {name: at for at, name in enumerate(changes, 1)}


def _stem(text: Text) -> str:
    return text.name.rpartition("/")[2].removesuffix(".sql")


def _order(name: str) -> _Key:
    """Numbers count by their value, versions part by part, and what is repeated comes last."""
    return tuple(
        (_REPEATED.match(part) is not None, _natural(part)) for part in name.split("/")
    )


def _natural(part: str) -> tuple[tuple[int, str], ...]:
    version = _VERSION.match(part)
    if version is not None:
        numbers = re.split(r"[._]", version[1])
        return (*((int(number), "") for number in numbers), (0, part[version.end() :]))
    return tuple(
        (int(piece), "") if piece.isdecimal() and len(piece) < 40 else (-1, piece)
        for piece in _DIGITS.split(part)
        if piece
    )
