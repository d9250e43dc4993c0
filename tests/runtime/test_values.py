"""Values through real columns, and the strict parsers of wire text."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from databases import STORES, Place
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from specora_runtime import values
from specora_runtime.carried import carried, carrier
from specora_runtime.database import POSTGRESQL, SQLITE
from specora_runtime.entity import Field, Type

COLUMNS = {
    "sqlite": {
        Type.INTEGER: "INTEGER",
        Type.NUMBER: "REAL",
        Type.BOOLEAN: "INTEGER",
        Type.BINARY: "BLOB",
    },
    "postgresql": {
        Type.UUID: "uuid",
        Type.INTEGER: "bigint",
        Type.NUMBER: "double precision",
        Type.DECIMAL: "numeric",
        Type.BOOLEAN: "boolean",
        Type.DATETIME: "timestamptz",
        Type.DATE: "date",
        Type.TIME: "time",
        Type.DURATION: "interval",
        Type.BINARY: "bytea",
        Type.ARRAY: "jsonb",
        Type.OBJECT: "jsonb",
        Type.JSON: "jsonb",
    },
}

texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
numbers = st.floats(allow_nan=False, allow_infinity=False)
json_numbers = numbers.filter(lambda n: abs(n) < 1e308)
json_values = st.recursive(
    st.none() | st.booleans() | texts | json_numbers | st.integers(-(10**30), 10**30),
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=10,
)
components = st.integers(-9_999, 9_999)
durations = st.builds(
    lambda *parts: values.duration_text(*parts),
    st.integers(-100_000, 100_000),
    components,
    st.integers(-(10**15), 10**15),
)

NATIVE: dict[Type, st.SearchStrategy[Any]] = {
    Type.STRING: texts,
    Type.TEXT: texts,
    Type.EMAIL: texts,
    Type.UUID: st.uuids().map(str),
    Type.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Type.NUMBER: numbers,
    Type.DECIMAL: st.decimals(allow_nan=False, allow_infinity=False, places=5)
    | st.decimals(-(10**20), 10**20),
    Type.BOOLEAN: st.booleans(),
    Type.DATETIME: st.datetimes(timezones=st.just(UTC)),
    Type.DATE: st.dates(),
    Type.TIME: st.times(),
    Type.DURATION: durations,
    Type.BINARY: st.binary(),
    Type.ARRAY: st.lists(json_values, max_size=4),
    Type.OBJECT: st.dictionaries(texts, json_values, max_size=4),
    Type.JSON: json_values.filter(lambda value: value is not None),
}


class Columns:
    """A table with a column per type and one row, and a way to send a value through."""

    def __init__(self, place: Place) -> None:
        types = COLUMNS[place.dialect]
        lines = [f'    "{type}" {types.get(type, "TEXT")}' for type in Type]
        schema = 'CREATE TABLE IF NOT EXISTS "v" (\n' + ",\n".join(lines) + "\n);\n"
        self.database = place.open(schema)
        self.runner = asyncio.Runner()
        self.runner.run(self.database.execute('INSERT INTO v ("text") VALUES (NULL)'))

    def through(self, field: Field, value: Any) -> Any:
        dialect = self.database.dialect
        stored = values.encode(field, value, dialect)
        column = dialect.column(field)
        update = f"UPDATE v SET {column} = {dialect.parameter(field, 1)}"
        same = f"{dialect.compared(field)} = {dialect.parameter(field, 1)}"
        array = dialect.json_array([carried(field, dialect, "v")])
        select = (
            f"SELECT {dialect.select(field)}, {same} AS same, {array} AS carried FROM v"
        )

        async def work() -> dict[str, Any]:
            await self.database.execute(update, stored)
            row = await self.database.fetch_one(select, stored)
            assert row is not None
            return row

        row = self.runner.run(work())
        assert row["same"] in (1, None)
        decode = values.decoder(field, dialect)
        found = row[field.name]
        found = found if found is None or decode is None else decode(found)
        self._check_carried(field, row["carried"], found)
        return found

    def _check_carried(self, field: Field, text: str, wanted: Any) -> None:
        """A value that comes along inside JSON is the one in the column."""
        [found] = msgspec.json.decode(text)
        decode = carrier(field, self.database.dialect)
        found = found if found is None or decode is None else decode(found)
        assert same(found, wanted), (found, wanted)

    def close(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()


@pytest.fixture(scope="module", params=[store for store in STORES if store != "sqlite"])
def columns(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Columns]:
    if request.param == "postgresql":
        from postgres_server import new_database

        server = request.getfixturevalue("postgres_server_url")
        with new_database(server) as url:
            yield from _columns(tmp_path_factory.mktemp("values"), "postgresql", url)
    else:
        yield from _columns(tmp_path_factory.mktemp("values"), "memory", "")


def _columns(folder: Path, store: str, url: str) -> Iterator[Columns]:
    columns = Columns(Place(store, folder, url))
    yield columns
    columns.close()


def same(left: Any, right: Any) -> bool:
    """Equal, of the same type all the way down; keys of objects in any order."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict | list):
        return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
    return bool(left == right)


@pytest.mark.parametrize("type", list(Type))
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_round_trip(columns: Columns, type: Type, data: st.DataObject) -> None:
    value = data.draw(NATIVE[type])
    field = Field(name=type.value, type=type)
    canonical = values.native(field, value)
    found = columns.through(field, value)
    assert same(found, canonical), (value, found)
    assert same(values.native(field, canonical), canonical)
    dialect = columns.database.dialect
    assert values.encode(field, canonical, dialect) == values.encode(
        field, value, dialect
    )


@pytest.mark.parametrize("type", list(Type))
def test_null_round_trip(columns: Columns, type: Type) -> None:
    assert columns.through(Field(name=type.value, type=type), None) is None


EXTREMES: list[tuple[Type, Any, Any]] = [
    (Type.DATETIME, "0001-01-01T00:00:00Z", datetime.min.replace(tzinfo=UTC)),
    (Type.DATETIME, "9999-12-31T23:59:59.999999Z", datetime.max.replace(tzinfo=UTC)),
    (Type.DATETIME, "2024-05-01 12:00:00+02:00", datetime(2024, 5, 1, 10, tzinfo=UTC)),
    (Type.DATE, "0001-01-01", date.min),
    (Type.DATE, "9999-12-31", date.max),
    (Type.TIME, "23:59:59.999999", time.max),
    (Type.TIME, "01:30", time(1, 30)),
    (Type.DURATION, "P9999999Y11M9999999DT9999999H59M59.999999S", None),
    (Type.DURATION, "P1M-1DT-0.5S", None),
    (Type.DECIMAL, "1" * 300 + "." + "7" * 300, None),
    (Type.NUMBER, 5e-324, 5e-324),
    (Type.NUMBER, -0.0, 0.0),
    (Type.NUMBER, 3, 3.0),
    (Type.INTEGER, 4.0, 4),
    (Type.UUID, "00000000-0000-0000-0000-00000000ABCD", None),
    (Type.BINARY, "AP8=", b"\x00\xff"),
    (Type.JSON, [1e16, 1e300, 5e-324, 1.5, 1.0, -0.0, 2**70, 0.1], None),
]


@pytest.mark.parametrize(("type", "value", "wanted"), EXTREMES)
def test_extreme_round_trip(
    columns: Columns, type: Type, value: Any, wanted: Any
) -> None:
    field = Field(name=type.value, type=type)
    found = columns.through(field, value)
    assert same(found, values.native(field, value))
    if wanted is not None:
        assert same(found, wanted)


def test_decimal_order(columns: Columns) -> None:
    field = Field(name="decimal", type=Type.DECIMAL)
    dialect = columns.database.dialect
    wanted = ["-10", "-9.5", "0", "0.25", "3", "10", "100.1"]
    assert order(columns, field, wanted[::-1]) == [Decimal(text) for text in wanted]
    less = f"SELECT 1 AS yes FROM v WHERE {dialect.compared(field)} < "
    columns.through(field, "9")
    row = columns.runner.run(
        columns.database.fetch_one(
            less + dialect.parameter(field, 1), values.encode(field, "10.0", dialect)
        )
    )
    assert row == {"yes": 1}


def test_duration_order(columns: Columns) -> None:
    field = Field(name="duration", type=Type.DURATION)
    wanted = ["-P1D", "PT0S", "PT9S", "PT1H", "P1D", "P29D", "P1M", "P31D", "P1Y"]
    assert order(columns, field, wanted[::-1]) == wanted


def order(columns: Columns, field: Field, texts: list[str]) -> list[Any]:
    """The values in the order that the database gives them."""
    dialect = columns.database.dialect
    rows = " UNION ALL ".join(
        f"SELECT {dialect.parameter(field, n)} AS {dialect.column(field)}"
        for n, _ in enumerate(texts, 1)
    )
    sql = f"SELECT {dialect.select(field)} FROM ({rows}) AS held ORDER BY "
    stored = [values.encode(field, text, dialect) for text in texts]
    fetched = columns.runner.run(
        columns.database.fetch(sql + dialect.compared(field), *stored)
    )
    decode = values.decoder(field, dialect) or (lambda value: value)
    return [decode(row[field.name]) for row in fetched]


def test_array_items(columns: Columns) -> None:
    field = Field(name="array", type=Type.ARRAY, items=Type.STRING)
    dialect = columns.database.dialect
    held = ["a", 1, True, None, 1.5]
    columns.through(Field(name="array", type=Type.ARRAY), held)
    sql = f"SELECT count(*) AS n FROM v WHERE {dialect.holds_items(field, 1)}"

    def found(items: list[Any]) -> bool:
        row = columns.runner.run(columns.database.fetch_one(sql, json.dumps(items)))
        return bool(row and row["n"])

    assert found([])
    assert found(held)
    assert found([1.0])
    assert found(["a", None])
    assert not found(["a", "b"])
    assert not found([False])
    assert not found(["1"])


def test_scale() -> None:
    price = Field(name="price", type=Type.DECIMAL, scale=2)
    assert values.encode(price, "1.5", SQLITE) == "1.50"
    assert values.encode(price, 1.005, SQLITE) == "1.01"
    assert values.encode(price, Decimal("-0.001"), SQLITE) == "0.00"
    assert values.encode(price, "100", POSTGRESQL) == Decimal("100.00")
    assert values.comparand(price, SQLITE)("1.5") == "1.50"
    assert values.comparand(price, SQLITE)("1.005") == "1.005"


def test_items_have_one_form() -> None:
    field = Field(name="times", type=Type.ARRAY, items=Type.DATETIME)
    wanted = ["2024-01-01T00:00:00Z"]
    assert values.native(field, ["2024-01-01 01:00:00+01:00"]) == wanted
    assert values.native(field, [datetime(2024, 1, 1, tzinfo=UTC)]) == wanted
    prices = Field(name="prices", type=Type.ARRAY, items=Type.DECIMAL)
    assert values.native(prices, [Decimal("1.50"), "2"]) == ["1.5", "2"]


REFUSED: list[tuple[Callable[[str], Any], str]] = [
    (values.parse_datetime, "2024-01-01"),
    (values.parse_datetime, "2024-01-01T24:00:00Z"),
    (values.parse_datetime, "2024-01-01T00:00Z"),
    (values.parse_datetime, "2024-01-01T00:00:00+24:00"),
    (values.parse_datetime, "2024-01-01T00:00:00,5Z"),
    (values.parse_datetime, "٢٠٢٤-01-01T00:00:00Z"),
    (values.parse_datetime, "0000-01-01T00:00:00Z"),
    (values.parse_datetime, "2024-02-30T00:00:00Z"),
    (values.parse_datetime, "0001-01-01T00:00:00+01:00"),
    (values.parse_datetime, "9999-12-31T23:59:60Z"),
    (values.parse_datetime, "9999-12-31T23:59:59-00:01"),
    (values.parse_datetime, "2024-01-01T00:00:00Z\n"),
    (values.parse_date, "2024-1-1"),
    (values.parse_date, "20240101"),
    (values.parse_date, "2023-02-29"),
    (values.parse_time, "24:00"),
    (values.parse_time, "1:00"),
    (values.parse_time, "01:00:61"),
    (values.parse_duration, "P"),
    (values.parse_duration, "PT"),
    (values.parse_duration, "P1DT"),
    (values.parse_duration, "P1W1D"),
    (values.parse_duration, "P1.5D"),
    (values.parse_duration, "PT10000000S"),
    (values.parse_duration, "P9999999W"),
    (values.parse_duration, "1D"),
    (values.parse_decimal, "1e5"),
    (values.parse_decimal, "NaN"),
    (values.parse_decimal, ".5"),
    (values.parse_decimal, "1_000"),
    (values.parse_decimal, "1" * 1001),
    (values.parse_uuid, "0" * 32),
    (values.parse_uuid, "{00000000-0000-0000-0000-000000000000}"),
    (values.parse_base64, "AP8"),
    (values.parse_base64, "AP_="),
    (values.parse_base64, "é"),
    (values.parse_integer, str(2**63)),
    (values.parse_integer, "01"),
    (values.parse_integer, "-0"),
    (values.parse_integer, "1.0"),
    (values.parse_integer, "٣"),
    (values.parse_number, "inf"),
    (values.parse_number, "1e999"),
    (values.parse_number, "0x1"),
    (values.parse_boolean, "True"),
    (values.check_text, "a\x00"),
    (values.check_text, "\ud800"),
]


@pytest.mark.parametrize(("parser", "text"), REFUSED)
def test_refused_text(parser: Callable[[str], Any], text: str) -> None:
    with pytest.raises(ValueError, match=r"^.{5,80}$") as refusal:
        parser(text)
    assert type(refusal.value) is ValueError


READ: list[tuple[Callable[[str], Any], str, Any]] = [
    (values.parse_datetime, "2024-01-01t00:00:00z", datetime(2024, 1, 1, tzinfo=UTC)),
    (values.parse_datetime, "2024-01-01 00:00:00", datetime(2024, 1, 1, tzinfo=UTC)),
    (
        values.parse_datetime,
        "2023-12-31T23:59:60.1234567Z",
        datetime(2024, 1, 1, 0, 0, 0, 123456, tzinfo=UTC),
    ),
    (values.parse_time, "23:59:60", time(0, 0)),
    (values.parse_time, "00:30-01:00", time(1, 30)),
    (values.parse_duration, "PT90M", "PT1H30M"),
    (values.parse_duration, "PT36H", "PT36H"),
    (values.parse_duration, "P2W", "P14D"),
    (values.parse_duration, "P400D", "P400D"),
    (values.parse_duration, "P1Y2DT0.5000S", "P1Y0M2DT0.5S"),
    (values.parse_duration, "-PT1M", "-PT1M"),
    (values.parse_decimal, "-0.0", Decimal(0)),
    (values.parse_decimal, "1200.50", Decimal("1200.5")),
    (values.parse_integer, str(-(2**63)), -(2**63)),
    (values.parse_number, "1e3", 1000.0),
    (values.parse_boolean, "false", False),
]


@pytest.mark.parametrize(("parser", "text", "wanted"), READ)
def test_read_text(parser: Callable[[str], Any], text: str, wanted: Any) -> None:
    assert same(parser(text), wanted)


@given(durations)
@example("P9999999Y11M9999999DT9999999H59M59.999999S")
@example("-PT0.000001S")
def test_canonical_duration_stays(text: str) -> None:
    assert values.parse_duration(text) == text


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        10**309,
        -(10**309),
        1.5e308,
        "a\x00",
        {"\x00": 1},
        {"a": ["\udc00"]},
        {1: 1},
        Decimal(1),
        b"",
    ],
)
def test_refused_json(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^.{5,80}$"):
        values.check_json(value)


def test_json_depth() -> None:
    value: Any = 1
    for _ in range(64):
        value = [value]
    assert values.check_json(value) == value
    with pytest.raises(ValueError, match="64"):
        values.check_json([value])


def test_json_numbers() -> None:
    assert same(
        values.check_json([2.0**53, 2.0**53 + 2, -0.0]), [2.0**53, 2**53 + 2, 0.0]
    )


def test_parse_by_type() -> None:
    array = Field(name="tags", type=Type.ARRAY, items=Type.UUID)
    upper = "AAAAAAAA-0000-0000-0000-000000000000"
    assert values.parse_item(array, upper) == upper.lower()
    assert values.parse_item(Field(name="tags", type=Type.ARRAY), "x") == "x"
    numbers = Field(name="n", type=Type.ARRAY, items=Type.INTEGER)
    assert values.parse_item(numbers, "3") == 3
    assert values.parse(Field(name="o", type=Type.OBJECT), '{"a": 1}') == {"a": 1}
    with pytest.raises(ValueError, match="instead of an object"):
        values.parse(Field(name="o", type=Type.OBJECT), "[1]")
    with pytest.raises(ValueError, match="not JSON"):
        values.parse(Field(name="o", type=Type.JSON), "[" * 100_000)


@pytest.mark.parametrize(
    ("type", "value"),
    [
        (Type.STRING, 1),
        (Type.INTEGER, True),
        (Type.INTEGER, 1.5),
        (Type.INTEGER, 2**63),
        (Type.NUMBER, True),
        (Type.NUMBER, 10**400),
        (Type.DECIMAL, Decimal("NaN")),
        (Type.DECIMAL, Decimal("1e999999")),
        (Type.DECIMAL, True),
        (Type.BOOLEAN, 1),
        (Type.DATETIME, 1),
        (Type.BINARY, 1),
        (Type.ARRAY, {}),
        (Type.OBJECT, []),
    ],
)
def test_refused_native(type: Type, value: Any) -> None:
    with pytest.raises(ValueError, match=r"^.{5,80}$"):
        values.native(Field(name="x", type=type), value)
