"""Values at and beyond the edges of each field: what is refused, accepted, and how it is kept."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .client import Raw
from .declarations import Field
from .forms import TEXTUAL, fits
from .patterns import counterexample
from .values import email_of, sample, token, unicode_text


@dataclass(frozen=True, slots=True)
class Case:
    """A value of a field, and what is special about it."""

    field: Field
    label: str
    value: Any
    kept: Any = None
    """How a representation writes it."""

    def __str__(self) -> str:
        return f"{self.field.name}: {self.label}"


@dataclass(frozen=True, slots=True)
class Named:
    """A field as a case."""

    field: Field

    def __str__(self) -> str:
        return self.field.name


def named(fields: Iterable[Field]) -> list[Named]:
    """The fields as cases."""
    return [Named(field) for field in fields]


def enumerated(fields: Iterable[Field]) -> list[Case]:
    """Every value of the fields that have an enum."""
    return [
        Case(field, repr(value), value)
        for field in fields
        if field.type != "array"
        for value in field.enum
    ]


def refused(fields: Iterable[Field]) -> list[Case]:
    """Values that break one constraint, by one step where it has steps."""
    return [case for field in fields for case in _refused(field)]


def accepted(fields: Iterable[Field]) -> list[Case]:
    """Values on the edge of what is legal."""
    found = (case for field in fields for case in _edges(field, step=0))
    return [case for case in found if fits(case.field, case.value)]


def kept(fields: Iterable[Field]) -> list[Case]:
    """Values in each form that a client may write, and the one form that is answered."""
    cases = (case for field in fields if not field.enum for case in _forms(field))
    return [case for case in cases if fits(case.field, case.value)]


def _refused(field: Field) -> Iterator[Case]:
    for value in _WRONG_TYPES[field.type]:
        yield Case(field, f"{_named(value)} instead of {field.type}", value)
    if field.enum:
        if not all(isinstance(value, str) for value in field.enum):
            yield Case(field, "not in the enum", max(field.enum) + 1)
            return
        yield Case(field, "not in the enum", f"{field.enum[0]}x")
        yield Case(field, "enum in another case", _swapped(field))
        return
    if field.type in TEXTUAL:
        yield Case(field, "NUL", _with(field, "\0"))
        yield Case(field, "half a surrogate pair", _with(field, "\ud800"))
    for label, value in _MALFORMED.get(field.type, ()):
        yield Case(field, label, value)
    if field.type == "array" and field.items:
        yield from _wrong_elements(field)
    yield from _edges(field, step=1)


def _swapped(field: Field) -> str:
    """A value of the enum in the other case, or what is as illegal."""
    text = str(field.enum[0]).swapcase()
    return text if text not in field.enum else f"{text}{token(3)}"


def _with(field: Field, character: str) -> str:
    """A text that is legal but for one character."""
    text = str(sample(field))
    return (
        f"{text[:-1]}{character}" if field.type != "email" else f"{character}{text[1:]}"
    )


def _wrong_elements(field: Field) -> Iterator[Case]:
    item = Field("item", field.items)
    legal = sample(field)
    if field.max_items == 0:
        return
    for wrong in _WRONG_TYPES[field.items][:2]:
        value = [*legal[:-1], wrong] if legal else [wrong]
        yield Case(field, f"{_named(wrong)} among {item.type} elements", value)


def _edges(field: Field, *, step: int) -> Iterator[Case]:
    """The values on each bound, or one step beyond each."""
    if field.enum:
        return
    if field.type in TEXTUAL:
        yield from _text_edges(field, step)
    elif field.type == "binary":
        for label, size in _sizes(field.min_length, field.max_length, step):
            yield Case(field, f"{label} bytes", base64.b64encode(b"x" * size).decode())
    elif field.type == "array":
        yield from _array_edges(field, step)
    elif field.type == "integer":
        yield from _integer_edges(field, step)
    elif field.type in ("number", "decimal"):
        yield from _number_edges(field, step)
    elif field.type in ("datetime", "date", "time") and not step:
        for label, limit in (("least", field.min), ("greatest", field.max)):
            if limit is not None:
                yield Case(field, f"the {label} value", str(limit))
    elif field.type in ("datetime", "date"):
        if field.min is not None:
            yield Case(field, "before the least value", _shift(field, field.min, -1))
        if field.max is not None:
            yield Case(field, "after the greatest value", _shift(field, field.max, 1))


def _shift(field: Field, limit: Any, days: int) -> str:
    year = int(str(limit)[:4]) + days
    return f"{year:04}-{'01-01' if days > 0 else '12-28'}" + (
        "T00:00:00Z" if field.type == "datetime" else ""
    )


def _sizes(least: int | None, most: int | None, step: int) -> Iterator[tuple[str, int]]:
    if least is not None and least - step >= 0:
        yield f"{'fewer than' if step else 'exactly'} {least}", least - step
    if most is not None and most <= 5000:
        yield f"{'more than' if step else 'exactly'} {most}", most + step


def _text_edges(field: Field, step: int) -> Iterator[Case]:
    if field.pattern:
        if step:
            wrong = counterexample(
                field.pattern, field.min_length or 0, field.max_length
            )
            if wrong is not None:
                yield Case(field, "does not match the pattern", wrong)
        if step and field.max_length is not None and field.max_length <= 5000:
            long = str(sample(field)) + token(field.max_length)
            yield Case(field, f"more than {field.max_length} characters", long)
        return
    for label, size in _sizes(field.min_length, field.max_length, step):
        text = email_of(size) if field.type == "email" else token(size)
        if text is not None:
            yield Case(field, f"{label} characters", text)
    if field.type != "email" and field.max_length is not None and not step:
        # A length counts characters, not bytes.
        wide = "\U0001f600" * min(field.max_length, 5000)
        yield Case(field, f"{len(wide)} wide characters", wide)


def _array_edges(field: Field, step: int) -> Iterator[Case]:
    item = Field("item", field.items or "string")
    for label, size in _sizes(field.min_items, field.max_items, step):
        if size <= 2000:
            yield Case(field, f"{label} elements", [sample(item) for _ in range(size)])


def _integer_edges(field: Field, step: int) -> Iterator[Case]:
    limit = 2 ** (field.bits - 1)
    low = -limit if field.min is None else -int(-field.min // 1)
    high = limit - 1 if field.max is None else int(field.max // 1)
    yield Case(field, f"less than {low}" if step else f"exactly {low}", low - step)
    yield Case(field, f"more than {high}" if step else f"exactly {high}", high + step)


def _number_edges(field: Field, step: int) -> Iterator[Case]:
    unit = Decimal(1).scaleb(-(field.scale or 0))
    for limit, sign in ((field.min, -1), (field.max, 1)):
        if limit is None:
            continue
        value = Decimal(str(limit)) + (unit * sign if step else 0)
        label = f"{'less' if sign < 0 else 'more'} than" if step else "exactly"
        yield Case(field, f"{label} {limit}", _number(field, value))
    if field.type != "decimal":
        return
    if field.scale is not None and step:
        legal = Decimal(str(sample(field)))
        more = unit.scaleb(-1) * (
            1 if field.min is None or legal >= Decimal(str(field.min)) else -1
        )
        yield Case(
            field, f"more than {field.scale} decimals", format(legal + more, "f")
        )
    if field.precision is not None and field.max is None:
        whole = field.precision - (field.scale or 0)
        most = Decimal(10) ** whole
        if step:
            yield Case(field, f"more than {field.precision} digits", format(most, "f"))
        else:
            yield Case(field, f"{field.precision} digits", format(most - unit, "f"))


def _number(field: Field, value: Decimal) -> Any:
    return format(value, "f") if field.type == "decimal" else float(value)


def _forms(field: Field) -> Iterator[Case]:
    for text in unicode_text(field):
        yield Case(field, f"text {text[:14]!r}", text, text)
    for label, value, answered in _FORMS.get(field.type, ()):
        if field.type == "array" and field.items not in ("", "string"):
            continue
        if field.type == "decimal":
            answered = _scaled(field, value)
        yield Case(field, label, value, answered)
    if field.type == "array" and field.items in ("datetime", "uuid", "decimal"):
        for label, value, answered in _FORMS[field.items]:
            yield Case(field, f"element {label}", [value], [answered])


def _scaled(field: Field, value: Any) -> str:
    number = Decimal(str(value)).normalize()
    if field.scale is not None:
        number = number.quantize(Decimal(1).scaleb(-field.scale))
    return format(number, "f")


def _named(value: Any) -> str:
    if isinstance(value, Raw):
        return str(value)[:12]
    names = {bool: "boolean", int: "integer", float: "number", str: "text"}
    return {**names, list: "array", dict: "object"}[type(value)]


_TEXT_WRONG: tuple[Any, ...] = (7, True, ["text"], {"a": 1})
_WRONG_TYPES: dict[str, tuple[Any, ...]] = {
    "string": _TEXT_WRONG,
    "text": _TEXT_WRONG,
    "email": _TEXT_WRONG,
    "uuid": (7, ["text"]),
    "integer": ("12", True, 1.5, [1]),
    "number": ("1.5", True, [1.5]),
    "decimal": (True, [1], {"a": 1}),
    "boolean": ("true", 1, []),
    "datetime": (1700000000, True),
    "date": (20240101, True),
    "time": (1200, True),
    "duration": (60, True),
    "binary": (1, ["eA=="]),
    "array": ("text", {"a": 1}, 1),
    "object": ("text", [1], 1),
    "json": (),
}

_MALFORMED: dict[str, tuple[tuple[str, Any], ...]] = {
    "email": (("no address", "not an address"), ("two signs", "a@b@example.com")),
    "uuid": (("no UUID", "not-a-uuid"), ("without hyphens", "0" * 32)),
    "integer": (("beyond 64 bits", 2**63), ("beyond a float", Raw("1e400"))),
    "number": (("beyond a float", Raw("1e400")),),
    "decimal": (("no number", "twelve"), ("empty", ""), ("with exponent", "1e3")),
    "datetime": (
        ("no time", "yesterday"),
        ("no such day", "2023-02-29T00:00:00Z"),
        ("no such hour", "2024-01-01T25:00:00Z"),
        ("before the calendar", "0001-01-01T00:00:00+14:00"),
        ("a date alone", "2024-01-01"),
    ),
    "date": (("no such day", "2023-02-29"), ("with a time", "2024-01-01T00:00:00Z")),
    "time": (("no such hour", "25:00:00"), ("no time", "noon")),
    "duration": (("no duration", "1 hour"), ("empty", "P")),
    "binary": (("no base64", "***"),),
    "object": (("NUL in a value", {"a": "\0"}), ("NUL in a key", {"\0": 1})),
    "json": (("NUL", ["\0"]), ("half a surrogate pair", {"a": "\udc00"})),
}

_UUID = "0189F7EA-AE2C-7809-8AEB-B819CF5E9E7F"
_FORMS: dict[str, tuple[tuple[str, Any, Any], ...]] = {
    "uuid": (("upper case", _UUID, _UUID.lower()),),
    "integer": (("zero", 0, 0), ("negative", -5, -5)),
    "number": (("tenth", 0.1, 0.1), ("whole", 3, 3), ("negative", -2.5, -2.5)),
    "decimal": (
        ("text", "12.50", "12.5"),
        ("number", 7.5, "7.5"),
        ("whole", "42", "42"),
        ("negative", "-1.25", "-1.25"),
    ),
    "boolean": (("true", True, True), ("false", False, False)),
    "datetime": (
        ("another zone", "2024-02-29T23:30:00+01:00", "2024-02-29T22:30:00Z"),
        ("no zone", "2024-02-29T23:30:00", "2024-02-29T23:30:00Z"),
        ("microseconds", "2024-01-01T00:00:00.123456Z", "2024-01-01T00:00:00.123456Z"),
        ("next day", "2024-12-31T23:30:00-02:00", "2025-01-01T01:30:00Z"),
    ),
    "date": (("leap day", "2024-02-29", "2024-02-29"),),
    "time": (
        ("seconds", "09:15:30", "09:15:30"),
        ("no seconds", "08:30", "08:30:00"),
        ("fraction", "23:59:59.5", "23:59:59.500000"),
    ),
    "duration": (
        ("minutes", "PT90M", "PT1H30M"),
        ("weeks", "P2W", "P14D"),
        ("months", "P14M", "P1Y2M"),
        ("fraction", "PT1.5S", "PT1.5S"),
    ),
    "binary": (("bytes", "AAEC/f7/", "AAEC/f7/"), ("empty", "", "")),
    "array": (
        ("empty", [], []),
        ("unicode", ["ä", "漢", "\U0001f600"], ["ä", "漢", "\U0001f600"]),
        ("repeated", ["a", "a"], ["a", "a"]),
    ),
    "object": (
        ("empty", {}, {}),
        ("nested", {"a": {"b": [1, None, "ü"]}}, {"a": {"b": [1, None, "ü"]}}),
    ),
    "json": (
        ("text", "plain", "plain"),
        ("number", 1.5, 1.5),
        ("boolean", False, False),
        ("list", [1, [2, {"a": None}]], [1, [2, {"a": None}]]),
    ),
}
