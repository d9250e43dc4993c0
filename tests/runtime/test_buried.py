"""Who may see deleted records, and how they ask."""

from __future__ import annotations

from typing import Any, Final

import pytest
from domain import FOLDER, TICKET

from specora_runtime.buried import buried
from specora_runtime.entity import ANONYMOUS, Caller, Entity
from specora_runtime.errors import BadQuery, RoleRequired
from specora_runtime.operations import Collection, Delete, Operation
from specora_runtime.repository import Repository
from specora_runtime.visibility import Deleted

ADMIN: Final = Caller(role="admin")


def no_repository() -> Repository:
    raise AssertionError("nothing is read")


def asked(
    entity: Entity, operations: tuple[Operation, ...], caller: Caller, *said: str
) -> Any:
    pairs = [("deleted", text) for text in said]
    collection = Collection(
        "/x", entity=entity, repository=no_repository, operations=operations
    )
    return buried(collection)([("limit", "3"), *pairs], caller)


RESTRICTED: Final = (Delete("delete_folder", roles=("admin",)),)
LEFT: Final = [("limit", "3")]


@pytest.mark.parametrize("kind", Deleted)
def test_those_who_may_delete_see_deleted_records(kind: Deleted) -> None:
    assert asked(FOLDER, RESTRICTED, ADMIN, kind.value) == (LEFT, kind)


def test_others_see_living_records_alone() -> None:
    for caller in (ANONYMOUS, Caller(role="agent")):
        for text in ("only", "include"):
            with pytest.raises(RoleRequired):
                asked(FOLDER, RESTRICTED, caller, text)
        for said in ((), ("exclude",)):
            assert asked(FOLDER, RESTRICTED, caller, *said) == (LEFT, Deleted.EXCLUDE)
    assert asked(FOLDER, (Delete("x"),), ANONYMOUS, "only") == (LEFT, Deleted.ONLY)


def test_it_is_no_parameter_where_nobody_can_delete_softly() -> None:
    for entity, operations in ((FOLDER, ()), (TICKET, (Delete("x"),))):
        pairs, kind = asked(entity, operations, ADMIN, "only")
        assert pairs == [*LEFT, ("deleted", "only")]
        assert kind is Deleted.EXCLUDE


@pytest.mark.parametrize("said", [("all",), ("",), ("only", "only")])
def test_what_it_may_not_say(said: tuple[str, ...]) -> None:
    with pytest.raises(BadQuery):
        asked(FOLDER, RESTRICTED, ADMIN, *said)
