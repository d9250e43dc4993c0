"""Which roles a caller has."""

from __future__ import annotations

import pytest

from specora_runtime.entity import ANONYMOUS, Caller


@pytest.mark.parametrize(
    ("caller", "roles", "may"),
    [
        (Caller(role="agent"), ("agent", "lead"), True),
        (Caller(role="agent"), ("lead",), False),
        (ANONYMOUS, ("lead",), False),
        (ANONYMOUS, (), True),
        (Caller(role="admin", unrestricted=True), ("lead",), True),
    ],
)
def test_roles(caller: Caller, roles: tuple[str, ...], may: bool) -> None:
    assert caller.has_one_of(roles) is may
