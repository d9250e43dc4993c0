"""A full-text search finds records by whole words, in any case."""

from __future__ import annotations

from . import expect
from .cases import Named, named
from .collecting import Suite, each, needs
from .declarations import Field, Resource
from .desk import Desk, key_of
from .forms import fits
from .values import token


def _text(field: Field, *words: str) -> str:
    """The words as a value of a field that is searched."""
    if field.type == "email":
        return f"{'.'.join(words)}@example.com"
    return f"{', '.join(words)}."


def _searched(resource: Resource) -> list[Field]:
    """The fields that are searched and can hold any words."""
    free = {field.name for field in resource.free}
    found = (resource.field(name) for name in resource.search if name in free)
    return [field for field in found if fits(field, _text(field, token(), token()))]


class Searching(Suite):
    """`q` of the collection."""

    @needs("list", "create")
    @each(lambda resource: named(_searched(resource)))
    def test_record_is_found_by_whole_words(self, desk: Desk, case: Named) -> None:
        one, other = token(), token()
        text = _text(case.field, one, other)
        record = desk.create(self.resource, {case.field.name: text})
        key = key_of(self.resource, record)
        for asked in (one, other, one.upper(), f"{other} {one}", f"({one})"):
            assert _found(desk, self.resource, asked) == [key], asked
        for asked in (one[:-1], one[1:], f"{one}x", f"{one} {token()}", token()):
            assert _found(desk, self.resource, asked) == [], asked

    @needs("list", "create", "update")
    @each(lambda resource: named(_changeable(resource)))
    def test_changed_text_is_found(self, desk: Desk, case: Named) -> None:
        name, before, after = case.field.name, token(), token()
        record = desk.create(self.resource, {name: _text(case.field, before, token())})
        key = key_of(self.resource, record)
        change = {name: _text(case.field, after, token())}
        answer = desk.patch(self.resource, key, change)
        desk.answered(self.resource, "update", answer, record)
        assert _found(desk, self.resource, before) == []
        assert _found(desk, self.resource, after) == [key]

    @needs("list", "create", "delete")
    @each(lambda resource: named(_searched(resource)[:1]))
    def test_deleted_record_is_not_found(self, desk: Desk, case: Named) -> None:
        word = token()
        text = _text(case.field, word, token())
        record = desk.create(self.resource, {case.field.name: text})
        desk.delete(self.resource, key_of(self.resource, record))
        assert _found(desk, self.resource, word) == []

    @needs("list")
    def test_search_needs_a_word(self, desk: Desk) -> None:
        for asked in ("", " ", "?!"):
            answer = desk.listed(self.resource, {"q": asked})
            expect.problem(answer, 400, parameter="q")


def _changeable(resource: Resource) -> list[Field]:
    free = {field.name for field in resource.free_to_change}
    return [field for field in _searched(resource) if field.name in free]


def _found(desk: Desk, resource: Resource, asked: str) -> list[str]:
    """The keys of the records that a search finds."""
    page = expect.content(desk.listed(resource, {"q": asked}), 200)
    assert page["total"] == len(page["items"]), f"q={asked}"
    return [key_of(resource, item) for item in page["items"]]
