"""`deleted`: softly deleted records, shown to those who may delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from .entity import Caller
from .errors import BadQuery, RoleRequired
from .hints import quoted
from .operations import Collection, Delete
from .visibility import Deleted

Pairs: TypeAlias = Sequence[tuple[str, str]]

PARAMETER: Final = "deleted"


def buried(
    collection: Collection,
) -> Callable[[Pairs, Caller], tuple[Pairs, Deleted]]:
    """What takes `deleted` out of the parameters of a read, and says what it asks for.

    Where nobody can delete, or deleting leaves nothing, it is a parameter like any other.
    The function raises `BadQuery` for what it does not mean, and `RoleRequired`.
    """
    deletes = next((o for o in collection.operations if isinstance(o, Delete)), None)
    if deletes is None or not collection.entity.soft_delete:
        return lambda pairs, _caller: (pairs, Deleted.EXCLUDE)

    def take(pairs: Pairs, caller: Caller) -> tuple[Pairs, Deleted]:
        said = [text for name, text in pairs if name == PARAMETER]
        if not said:
            return pairs, Deleted.EXCLUDE
        wanted = _meaning(said)
        if wanted is not Deleted.EXCLUDE and not caller.has_one_of(deletes.roles):
            raise RoleRequired(deletes.roles)
        return [pair for pair in pairs if pair[0] != PARAMETER], wanted

    return take


def _meaning(said: Sequence[str]) -> Deleted:
    if len(said) > 1:
        detail = f"`{PARAMETER}` is given more than once"
        raise BadQuery(PARAMETER, detail, "repeated-parameter")
    (text,) = said
    if text in set(Deleted):
        return Deleted(text)
    legal = ", ".join(f"`{one}`" for one in Deleted)
    detail = f"{quoted(text)} is none of {legal}"
    raise BadQuery(PARAMETER, detail, "bad-value", f"the values are {legal}")
