"""Every text position of every contract, with a text that holds everything hostile at once."""

from __future__ import annotations

import pytest

from forge.contracts.envelope import Kind
from tests.hostile.compiling import compiled
from tests.hostile.examples import carried, harmless, hold
from tests.hostile.positions import (
    Holds,
    Position,
    contracts,
    keys_without_value,
    positions,
    replaced,
)
from tests.hostile.texts import EVERYTHING, RESERVED

KINDS = tuple(Kind)
TEXTS = (EVERYTHING, '"', "'", "\\")


def of(kind: Kind, *holds: Holds) -> list[Position]:
    """The positions of one kind of contract."""
    return [
        p
        for p in positions()
        if contracts()[p.contract]["kind"] == kind and p.holds in holds
    ]


def test_the_domain_says_everything_that_can_be_said() -> None:
    assert keys_without_value() == set()


def test_the_domain_compiles() -> None:
    assert compiled(contracts()).errors == ()


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_a_form_refuses_anything_else(kind: Kind) -> None:
    accepted = {
        str(position)
        for position in of(kind, Holds.NAMED, Holds.CLOSED)
        if not compiled(replaced(position, EVERYTHING)).errors
    }
    # A window is a number of seconds or any text.
    assert accepted <= {"route/items/spec/endpoints/1/rate_limit/window"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_free_text_arrives_as_it_is(kind: Kind, number: int) -> None:
    for position in of(kind, Holds.FREE):
        if number == 0 or carried(position):
            hold(position, TEXTS[number])


@pytest.mark.parametrize("kind", KINDS)
def test_what_no_store_can_hold_is_refused_or_dropped(kind: Kind) -> None:
    for position in of(kind, Holds.FREE):
        result = compiled(replaced(position, "a\0b"))
        assert not [path for path, text in result.files.items() if "\0" in text], (
            position
        )


def test_half_a_character_is_refused() -> None:
    result = compiled(replaced(of(Kind.ENTITY, Holds.FREE)[0], "\ud800"))
    assert "yaml/syntax" in {d.name for d in result.errors}


def test_reserved_words_are_texts_like_any() -> None:
    (enum,) = (p for p in positions() if p.path[-3:] == ("zone", "enum", 0))
    for word in RESERVED:
        assert hold(enum, word), word


def test_texts_arrive_in_many_places() -> None:
    """The suite looks at something: these are carried, and nothing was forgotten by a target."""
    found = {
        str(p).split("/", 2)[2]
        for p in positions()
        if p.holds is Holds.FREE and carried(p)
    }
    assert {
        "metadata/description",
        "spec/fields/title/description",
        "spec/fields/title/default",
        "spec/fields/zone/enum/0",
        "spec/fields/title/constraints/pattern",
        "spec/fields/hours/default/0",
        "spec/fields/extras/default/kind/of",
        "spec/fields/extras/default/kind (key)",
        "spec/fields/free/default",
        "spec/fields/remark/default",
        "spec/side_effects/* -> gone/0/set_field/notes",
        "spec/side_effects/* -> gone/1/emit_event",
        "spec/endpoints/0/summary",
        "spec/endpoints/1/validation/1/message",
        "spec/endpoints/1/validation/1/on_fail/error",
        "spec/endpoints/1/auto_fields/notes",
        "spec/endpoints/1/side_effects/0/emit_event",
        "spec/env_vars/MAIL_FROM/description",
        "spec/env_vars/MAIL_FROM/default",
        "spec/env_vars/MAIL_HOST",
    } <= found


def test_a_table_and_a_column_have_any_name() -> None:
    named = [p for p in positions() if p.path[-1] in ("table", "column")]
    assert len(named) == 2
    for position in named:
        assert harmless(position).errors == ()
        for text in (
            "a b",
            "it's",
            'say "x"',
            "\\",
            "--",
            "ünïcode",
            "{{x}}",
            "*/",
            "$$",
        ):
            assert hold(position, text), text
