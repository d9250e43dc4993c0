"""The fields that a page names."""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.contracts.envelope import Contract
from forge.contracts.facts import fact
from forge.ir.application import Page
from forge.source import Mapping, Node, Scalar, Sequence

_VIEW_LISTS = ("columns", "fields", "card_fields", "sortable", "filterable")
_VIEW_NAMES = ("group_by", "sort_by", "date_field", "end_field", "x", "y")
_DISPLAY = ("identifier_field", "internal_id_field", "title_field")


def shown_fields(subject: Subject, page: Page) -> tuple[Scalar, ...]:
    """Every scalar of a page that names a field of its entity."""
    return _shown(subject.contracts[page.fqn])


@fact
def _shown(contract: Contract) -> tuple[Scalar, ...]:
    return tuple(_named_fields(contract.spec))


def _named_fields(spec: Mapping) -> Iterator[Scalar]:
    for view in _items(spec.get("views")):
        for key in _VIEW_LISTS:
            yield from _names(_get(view, key))
        for key in _VIEW_NAMES:
            yield from _names(_get(view, key))
    for section in _items(spec.get("sections")):
        yield from _names(_get(section, "fields"))
    for key in _DISPLAY:
        yield from _names(_get(spec.get("display_rules"), key))
    filters = spec.get("filters")
    if isinstance(filters, Mapping):
        yield from filters.keys.values()
    else:
        yield from _names(filters)


def _items(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, Sequence) else []


def _get(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else None


def _names(node: Node | None) -> Iterator[Scalar]:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _names(item)
