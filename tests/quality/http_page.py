"""`docs/reference/http.md`, from the tables by which services answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from forge.targets.openapi import responses
from specora_runtime import expansions, grammar, parameters, query, relations
from specora_runtime import problem_kinds as problems
from specora_runtime import words as rule

_MEANINGS: Final = {
    query.Op.EQ: "equal; `field=v` is the same",
    query.Op.NE: "not equal",
    query.Op.GT: "greater",
    query.Op.GTE: "greater or equal",
    query.Op.LT: "less",
    query.Op.LTE: "less or equal",
    query.Op.IN: "one of `a,b`",
    query.Op.NIN: "none of `a,b`",
    query.Op.CONTAINS: "contains the text; of an array: holds every one of `a,b`",
    query.Op.STARTSWITH: "starts with the text",
    query.Op.ENDSWITH: "ends with the text",
    query.Op.NULL: "`true`: holds nothing; `false`: holds something",
    query.Op.BETWEEN: "from `a` to `b` of `a,b`, both included",
}
_LIMITS: Final = (
    ("`limit` without the parameter", query.DEFAULT_LIMIT),
    ("greatest `limit`", query.MAX_LIMIT),
    ("filters, alternatives included", query.MAX_FILTERS),
    ("values of one comma list", query.MAX_ITEMS),
    ("keys of `sort`", query.MAX_SORTS),
    ("keys of a path into an object", query.MAX_LEVELS),
    ("words of `q`", query.MAX_WORDS),
    ("characters of a word that count", rule.LONGEST),
    ("characters of a record that are searched", rule.SEARCHED),
    ("parameters of a query string", parameters.MAX_PARAMETERS),
)
_HEADERS: Final = (
    ("ETag", responses.ETAG),
    ("Location", responses.LOCATION),
    ("Link", responses.LINK),
    ("Retry-After", responses.RETRY_AFTER),
    ("WWW-Authenticate", responses.AUTHENTICATE),
)

_FILTERS = """\
A filter is `field=value` or `field[operator]=value`; all filters hold together. Values are \
typed by their field, and what does not read as that type is 400. In comma lists `\\,` is a \
comma and `\\\\` a backslash. Text compares by code point and case, `%` and `_` are plain \
characters. Nothing but `null` matches a field that holds nothing: `ne` and `nin` leave it \
out.

**Alternatives** are `or[LABEL][field]=value` and `or[LABEL][field][operator]=value`: of those \
with one label at least one holds; different labels, and all other filters, hold together.

**Inside objects** (`object` and `json` fields) `field.key=value` and \
`field.key[operator]=value` look at a value whose type is known only when it is read: a stored \
text compares as text, a stored number as a number where the value is one in JSON, a stored \
boolean equals `true` or `false`. Whatever else is stored there differs from every value and \
has no order. A key that is missing, or that stands below something other than an object, is \
null. In a key `\\.`, `\\[`, `\\]` and `\\\\` stand for these characters. The operators are \
those of text."""

_ORDER = """\
`sort=-created_at,name` sorts by several fields, `-` reverses. Null counts as the greatest \
value, so that it comes last, and first when reversed; `:nullsfirst` and `:nullslast` behind a \
field put it elsewhere. The primary key always ends the order, ascending.

`next_cursor` of a page is `cursor` of the next one. It is sealed, and valid for the same \
order, filters, alternatives and search alone. Records that others create meanwhile neither \
repeat nor hide any. `Link` (RFC 8288) has `first` and, where there is one, `next`; a list \
that is asked for by `offset` goes on by offsets, with `prev` and, where it is counted, \
`last`.

`count=exact` counts every record, `none` leaves `total` out and counts nothing, `estimated` \
is what PostgreSQL's planner expects (no less than what was seen, and exact where the page \
ends the list); SQLite counts."""

_OF_PAGES = tuple(
    f"{most} where `limit` is up to {limit:,}"
    for limit, most in relations.RELATED_OF_PAGES
)
_EXPANSION = f"""\
A collection shows its first {relations.MAX_RELATED} records beside a record, by key, and \
{relations.MAX_NESTED} inside another collection; `_links` leads to the rest (`tickets:next`). \
A page of many records shows fewer beside each, so that what one answer holds is bounded: \
{", ".join(_OF_PAGES)}. \
A path has at most {expansions.MAX_DEPTH} steps, {expansions.MAX_TO_MANY} of them to \
collections, and `expand` at most {expansions.MAX_PATHS} paths."""

_SEARCH = """\
`q` finds records in which every word occurs, whole and in any case, in one of the entity's \
`search` fields. A word is a run of letters, marks and digits (Unicode categories L, M, N and \
Co); all else separates. Case is folded character by character: `É` is `é`, `ς` is `σ`; `ß`, \
`İ` and combining marks stay as they are. The words that count of each field are those of its \
share of the searched characters.

Without `sort` the records come by rank: for each word the place (0, 1, 2, and 3 for all \
further ones) of the first `search` field that holds it, summed; the least sum comes first, \
equal ones by key. The rule is the same on every adapter."""


def http_page() -> str:
    """The page in Markdown."""
    sections = (
        _section("Filters", _FILTERS, _operators(), _types()),
        _section("Parameters of lists", _table(("parameter", "says"), _parameters())),
        _section("Order and pages", _ORDER),
        _section("Search", _SEARCH),
        _section("Expansion", _EXPANSION),
        _section("Limits", _table(("what", "most"), _limits())),
        _section("Statuses", _table(("status", "means"), _statuses())),
        _section("Problems", _table(("`type`", "status", "means"), _problems())),
        _section("Headers of answers", _table(("header", "says"), _headers())),
    )
    return "\n\n".join(sections) + "\n"


def _section(title: str, *parts: str) -> str:
    return "\n\n".join((f"## {title}", *parts))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _operators() -> str:
    rows = ((f"`{op.value}`", _MEANINGS[op]) for op in query.Op)
    return _table(("operator", "the field is"), rows)


def _types() -> str:
    rows = []
    for kind, legal in grammar.OPERATORS.items():
        names = " ".join(f"`{op.value}`" for op in query.Op if op in legal)
        rows.append(
            (f"`{kind.value}`", names, "yes" if kind in grammar.SORTABLE else "")
        )
    inside = " ".join(f"`{op.value}`" for op in query.Op if op in grammar.NESTED)
    rows.append(("inside an object", inside, ""))
    return _table(("type", "operators", "sorts"), rows)


def _parameters() -> Iterator[tuple[str, ...]]:
    for name, meaning in grammar.PARAMETERS.items():
        also = "; also of a single record" if name in grammar.READ_PARAMETERS else ""
        yield f"`{name}`", f"{meaning}{also}"
    reserved = ", ".join(f"`{name}`" for name in sorted(grammar.RESERVED))
    yield "a field of such a name", f"is filtered as `name[eq]`: {reserved}"


def _limits() -> Iterator[tuple[str, ...]]:
    for name, most in _LIMITS:
        yield name, f"{most:,}"


def _statuses() -> Iterator[tuple[str, ...]]:
    for status, (_, meaning) in sorted(responses.PROBLEMS.items()):
        yield str(status), meaning


def _problems() -> Iterator[tuple[str, ...]]:
    for kind in problems.KINDS.values():
        yield f"`/problems/{kind.code}`", str(kind.status), kind.meaning


def _headers() -> Iterator[tuple[str, ...]]:
    for name, header in _HEADERS:
        yield f"`{name}`", str(header["description"])
