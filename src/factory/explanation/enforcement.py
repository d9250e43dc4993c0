"""What is carried out where, for the keys that a contract uses: rows of the table of coverage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from factory.explanation.page import Section
from forge.contracts.coverage import TARGETS, Fate, section_of
from forge.contracts.envelope import SPECS, Kind
from forge.contracts.shapes import ListOf, MapOf, OneOf, Record, Shape

_MEANS = {
    Fate.ENFORCED: "enforced",
    Fate.LATER: "not yet",
    Fate.REFUSED: "refused",
    Fate.DOES_NOT_APPLY: "-",
}


def enforcement(kind: Kind, value: Mapping[str, object]) -> Iterator[Section]:
    """Every key of the contract, with what becomes of it."""
    used = dict.fromkeys(_used(value.get("spec"), SPECS[kind]))
    rows = tuple((f"`{key}`", *(_MEANS[fate] for fate in fates)) for key, fates in used)
    head = ("key", *(column for column, _ in TARGETS))
    yield Section("What is enforced where", "", head, rows)


def _used(value: object, shape: Shape) -> Iterator[tuple[str, tuple[Fate, ...]]]:
    match shape:
        case Record() if isinstance(value, Mapping):
            section = section_of(shape)
            for key, inner in value.items():
                known = shape.by_name.get(key)
                if known is None:
                    continue
                if section is not None:
                    yield _prefix(section.title) + key, section.fates(key)
                yield from _used(inner, known.shape)
        case MapOf() if isinstance(value, Mapping):
            for inner in value.values():
                yield from _used(inner, shape.value)
        case ListOf() if isinstance(value, list):
            for inner in value:
                yield from _used(inner, shape.item)
        case OneOf():
            for option in shape.shapes:
                yield from _used(value, option)
        case _:
            return


def _prefix(title: str) -> str:
    """`spec` of a kind has none; other records have their title."""
    return "" if title.endswith("`spec`") else f"{title.replace('`', '').lower()}."
