"""What a query string asks of a list, and which records answer it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from forge.ir.entities import Entity, Field
from forge.ir.types import FieldType
from tests.model.answers import Fault, Problem, Row, told
from tests.model.nested import INSIDE, inside
from tests.model.searching import Search, read_search
from tests.model.unknown import NotYetKnown, Unknown, same
from tests.model.values import Refused, order, plain, show
from tests.model.words import parsed, split

EQUALITY = ("eq", "ne", "in", "nin", "null")
ORDERED = (*EQUALITY, "gt", "gte", "lt", "lte", "between")
TEXTUAL = (*ORDERED, "contains", "startswith", "endswith")
OPERATORS: dict[FieldType, tuple[str, ...]] = (
    dict.fromkeys(FieldType, ORDERED)
    | dict.fromkeys((FieldType.STRING, FieldType.TEXT, FieldType.EMAIL), TEXTUAL)
    | dict.fromkeys((FieldType.OBJECT, FieldType.JSON, FieldType.BINARY), ("null",))
    | {FieldType.BOOLEAN: EQUALITY, FieldType.ARRAY: ("contains", "null")}
)
"""How a list may be filtered, by type."""
LEGAL = frozenset(name for names in OPERATORS.values() for name in names)
PARAMETERS = ("limit", "offset", "cursor", "sort", "fields", "count", "expand", "q")
_FILTER = re.compile(r"([^\[\]]+)(?:\[([^\[\]]*)\])?")
_GROUP = re.compile(r"or\[([^\[\]]+)\]\[([^\[\]]+)\](\[[^\[\]]*\])?")
_COUNT = re.compile(r"[0-9]{1,19}")

Condition = Callable[[Row], bool]
Expand = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Term:
    """One key of an order. Null is the greatest value, unless it has a place of its own."""

    field: Field
    descending: bool = False
    nulls_first: bool | None = None

    def key(self, row: Row) -> Any:
        """What compares rows by this term, upwards."""
        value = row[self.field.name]
        greatest = self.nulls_first is None or self.nulls_first == self.descending
        if value is None:
            return (1 if greatest else -1, 0)
        return (0, order(self.field, value))


@dataclass(slots=True)
class Query:
    """What a list is asked for."""

    conditions: list[Condition]
    terms: list[Term]
    limit: int = 100
    offset: int = 0
    cursor: str | None = None
    fields: tuple[str, ...] | None = None
    """All that is to be shown besides key and links; nothing for everything."""
    expand: Any = None
    """What is to be shown beside each record."""
    ranked: Search | None = None
    """The search whose best matches come first."""
    count: str = "exact"
    scope: Any = None
    """What a cursor of this list is bound to."""

    def sorted(self, rows: Iterable[Row]) -> list[Row]:
        """The rows in order."""
        return sorted(rows, key=functools.cmp_to_key(self.compare))

    def compare(self, one: Row, other: Row) -> int:
        """Which of two rows comes first."""
        if self.ranked is not None:
            ranks = self.ranked.rank(one), self.ranked.rank(other)
            if ranks[0] != ranks[1]:
                return ranks[0] - ranks[1]
        for term in self.terms:
            left, right = term.key(one), term.key(other)
            if left != right:
                return -1 if (left < right) != term.descending else 1
        return 0


def visible(entity: Entity, name: str) -> Field | None:
    """The field of that name that answers show."""
    field = entity.field(name)
    return None if field is None or field.sensitive else field


def read_query(
    entity: Entity,
    pairs: Sequence[tuple[str, str]],
    filterable: tuple[str, ...] | None,
    expand: Expand,
) -> Query:
    """The meaning of a query string. Raises `Problem` with every fault in it.

    `expand` reads the parameter of that name.
    """
    faults: list[dict[str, Any]] = []

    def attempt(read: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return read(*arguments)
        except Fault as fault:
            faults.append(fault.told)

    given: dict[str, str] = {}
    for name, text in pairs:
        if name in given:
            faults.append(told(400, "bad-query", (name, "repeated-parameter")))
        given[name] = text
    query = Query([], [])
    seen: dict[tuple[str, str, str], str] = {}
    groups: dict[str, list[Condition]] = {}
    for name, text in given.items():
        if name in PARAMETERS and not (name == "q" and not entity.search):
            continue
        match = _GROUP.fullmatch(name)
        target = match[2] + (match[3] or "") if match else name
        found = attempt(_filter, entity, name, target, text, filterable)
        if found is None:
            continue
        place, operator, value, condition = found
        label = match[1] if match else ""
        if (label, place, operator) in seen:
            faults.append(told(400, "bad-query", (name, "repeated-parameter")))
        seen[label, place, operator] = repr(value)
        groups.setdefault(label, []).append(condition)
    query.conditions = groups.pop("", [])
    query.conditions += (_any_of(group) for group in groups.values())
    if "cursor" in given and "offset" in given:
        faults.append(told(400, "bad-query", ("offset", "cursor-and-offset")))
    terms = attempt(_sort, entity, given["sort"]) if "sort" in given else []
    query.limit = attempt(_number, given, "limit", 1, 1000, 100)
    query.offset = attempt(_number, given, "offset", 0, 2**63 - 1, 0)
    query.cursor = given.get("cursor")
    query.fields = attempt(read_fields, entity, given)
    query.expand = attempt(expand, given["expand"]) if "expand" in given else {}
    searched = "q" in given and entity.search
    search = attempt(read_search, entity, given["q"]) if searched else None
    if search is not None:
        query.conditions.append(search.finds)
        query.ranked = search if "sort" not in given else None
    query.count = given.get("count", "exact")
    if query.count not in ("exact", "estimated", "none"):
        faults.append(told(400, "bad-query", ("count", "bad-value")))
    if faults:
        raise Problem(*faults)
    named = {term.field.name for term in terms}
    rest = [name for name in entity.primary_key if name not in named]
    query.terms = [*terms, *(Term(f) for n in rest if (f := entity.field(n)))]
    order_ = [(t.field.name, t.descending, t.nulls_first) for t in query.terms]
    words = search.words if search is not None else []
    query.scope = (entity.fqn, order_, sorted(seen.items()), words)
    return query


def _number(given: dict[str, str], name: str, least: int, most: int, usual: int) -> int:
    if name not in given:
        return usual
    text = given[name]
    if _COUNT.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    raise Fault(name, "out-of-range")


def _sort(entity: Entity, text: str) -> list[Term]:
    terms: list[Term] = []
    for piece in text.split(","):
        key, colon, place = piece.partition(":")
        name = key.removeprefix("-")
        if colon and place not in ("nullsfirst", "nullslast"):
            raise Fault("sort", "bad-value")
        if not name:
            raise Fault("sort", "empty-sort")
        field = visible(entity, name)
        if field is None:
            raise Fault("sort", "unknown-field")
        if "gt" not in OPERATORS[field.type] and field.type is not FieldType.BOOLEAN:
            raise Fault("sort", "illegal-sort")
        if any(term.field is field for term in terms):
            raise Fault("sort", "duplicate-sort")
        first = place == "nullsfirst" if colon else None
        terms.append(Term(field, piece.startswith("-"), first))
    return terms


def read_fields(entity: Entity, given: dict[str, str]) -> tuple[str, ...] | None:
    """The fields to show."""
    if "fields" not in given:
        return None
    names = given["fields"].split(",")
    for place, name in enumerate(names):
        if not name:
            raise Fault("fields", "empty-fields")
        if visible(entity, name) is None:
            raise Fault("fields", "unknown-field")
        if name in names[:place]:
            raise Fault("fields", "duplicate-field")
    return tuple(names)


def read_single(
    entity: Entity, pairs: Sequence[tuple[str, str]], expand: Expand
) -> tuple[tuple[str, ...] | None, Any]:
    """Of one record the fields to show, and what beside it. Raises `Problem`."""
    given: dict[str, str] = {}
    for name, text in pairs:
        if name in given:
            raise Problem(told(400, "bad-query", (name, "repeated-parameter")))
        given[name] = text
    for name in given:
        if name not in ("fields", "expand"):
            raise Problem(told(400, "bad-query", (name, "unknown-parameter")))
    try:
        beside = expand(given["expand"]) if "expand" in given else {}
        return read_fields(entity, given), beside
    except Fault as fault:
        raise Problem(fault.told) from None


def _any_of(group: list[Condition]) -> Condition:
    return lambda row: any(condition(row) for condition in group)


def _filter(
    entity: Entity,
    name: str,
    target: str,
    text: str,
    filterable: tuple[str, ...] | None,
) -> tuple[str, str, Any, Condition]:
    """Place, operator, value and meaning of a filter."""
    match = _FILTER.fullmatch(target)
    first, *path = match[1].split(".") if match else ("",)
    field = visible(entity, first)
    if match is None or field is None or name in PARAMETERS:
        raise Fault(name, "unknown-parameter")
    if filterable is not None and field.name not in filterable:
        raise Fault(name, "unknown-parameter")
    holder = field.type in (FieldType.OBJECT, FieldType.JSON)
    if path and ("" in path or not holder):
        raise Fault(name, "unknown-parameter")
    operator = "eq" if match[2] is None else match[2]
    legal = TEXTUAL if path else OPERATORS[field.type]
    structured = (FieldType.ARRAY, FieldType.OBJECT, FieldType.JSON)
    if field.type is FieldType.ARRAY and field.items_type in structured:
        legal = ("null",)
    if operator not in legal:
        known = operator in LEGAL
        raise Fault(name, "illegal-operator" if known else "unknown-operator")
    if path:
        value = _value(name, INSIDE, operator, text)
        return match[1], operator, value, inside(field, path, operator, value)
    value = _value(name, field, operator, text)
    return field.name, operator, value, _condition(field, operator, value)


def _value(name: str, field: Field, operator: str, text: str) -> Any:
    if operator == "null":
        if text not in ("true", "false"):
            raise Fault(name, "bad-value")
        return text == "true"
    kind = field.type
    if kind is FieldType.ARRAY:
        kind = field.items_type or FieldType.STRING
        pieces = [_scalar(name, field, kind, one) for one in split(text)]
        return [show(kind, one) for one in pieces]
    if operator in ("in", "nin", "between"):
        values = [_scalar(name, field, kind, one) for one in split(text)]
        if operator == "between" and len(values) != 2:
            raise Fault(name, "bad-value")
        return values
    if operator in ("contains", "startswith", "endswith"):
        if "\x00" in text:
            raise Fault(name, "bad-value")
        return text
    return _scalar(name, field, kind, text)


def _scalar(name: str, field: Field, kind: FieldType, text: str) -> Any:
    try:
        value = parsed(kind, text)
    except (Refused, ValueError):
        raise Fault(name, "bad-value") from None
    if field.enum and value not in field.enum:
        raise Fault(name, "bad-value")
    return value


def _condition(field: Field, operator: str, value: Any) -> Condition:
    def holds(row: Row) -> bool:
        held = row[field.name]
        if operator == "null":
            return (held is None) == value
        return held is not None and matches(field, operator, held, value)

    return holds


def matches(field: Field, operator: str, held: Any, value: Any) -> bool:
    """Whether a value that is there passes a filter."""
    if isinstance(held, Unknown):
        raise NotYetKnown(field.name)
    match operator:
        case "contains" if field.type is FieldType.ARRAY:
            return all(any(same(one, wanted) for one in held) for wanted in value)
        case "contains":
            return value in held
        case "startswith":
            return bool(held.startswith(value))
        case "endswith":
            return bool(held.endswith(value))
    if isinstance(value, list):
        wanted = [_comparable(field, one) for one in value]
    else:
        wanted = [_comparable(field, value)]
    mine = _comparable(field, held)
    match operator:
        case "eq" | "in":
            return mine in wanted
        case "ne" | "nin":
            return mine not in wanted
        case "gt":
            return bool(mine > wanted[0])
        case "gte":
            return bool(mine >= wanted[0])
        case "lt":
            return bool(mine < wanted[0])
        case "lte":
            return bool(mine <= wanted[0])
        case "between":
            return bool(wanted[0] <= mine <= wanted[1])
    raise AssertionError(operator)


def _comparable(field: Field, value: Any) -> Any:
    return plain(value) if field.type is FieldType.DECIMAL else order(field, value)


def pages(
    query: Query, pairs: Sequence[tuple[str, str]], cursor: Any, total: int
) -> dict[str, list[tuple[str, Any]]]:
    """The query strings of other pages; who asks by offset goes on by offset."""
    kept = [pair for pair in pairs if pair[0] not in ("cursor", "offset")]
    found: dict[str, list[tuple[str, Any]]] = {"first": kept}
    limit, offset = query.limit, query.offset
    if all(name != "offset" for name, _ in pairs):
        return (
            found if cursor is None else found | {"next": [*kept, ("cursor", cursor)]}
        )
    places: dict[str, int] = {}
    if cursor is not None:
        places["next"] = offset + limit
    if offset:
        places["prev"] = max(0, offset - limit)
    if query.count != "none" and total:
        # Whole pages before and behind this one; a shorter one begins the list.
        places["last"] = max(range(offset % limit, total, limit), default=0)
    return found | {to: [*kept, ("offset", str(n))] for to, n in places.items()}
