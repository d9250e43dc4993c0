"""Sources that are much too large, each in its way."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from tests.importers.mutations import SUFFIXES, Case, base_texts


def _entities(form: str, count: int) -> str:
    """A source of so many entities."""
    names = [f"thing_{number}" for number in range(count)]
    if form == "sql":
        return "".join(
            f"CREATE TABLE {n} (id int PRIMARY KEY, a text, b int REFERENCES thing_0(id));\n"
            for n in names
        )
    if form == "prisma":
        return "".join(
            f"model {n} {{\n  id Int @id\n  a String?\n  b Int @unique\n}}\n"
            for n in names
        )
    if form == "spec-sheet":
        columns = "[{name: id, type: uuid, primary_key: true}, {name: a, type: text}]"
        tables = "".join(f"    - name: {n}\n      columns: {columns}\n" for n in names)
        paths = "".join(f"  - path: /{n}\n    methods: [GET, POST]\n" for n in names)
        return (
            f"service_name: big\ndatabase:\n  tables:\n{tables}api_endpoints:\n{paths}"
        )
    if form == "spec-md":
        return "# Big\n\n" + "".join(
            f'### POST /{n}\n\n```json\n{{"id": "uuid", "a": 1}}\n```\n\n'
            f"```python\nclass {n.title()}(BaseModel):\n    id: str\n    a: int\n```\n\n"
            for n in names
        )
    schema = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "a": {"type": "integer"}},
    }
    named = dict.fromkeys(names, schema)
    if form == "jsonschema":
        return json.dumps({"$defs": named}, indent=1)
    return json.dumps(
        {"openapi": "3.0.0", "paths": {}, "components": {"schemas": named}}, indent=1
    )


def wide(form: str, count: int) -> str:
    """One entity with so many fields."""
    if form == "sql":
        columns = "".join(f", c{number} int" for number in range(count))
        return f"CREATE TABLE thing (id int PRIMARY KEY{columns});\n"
    lines = "".join(f"  c{number} Int\n" for number in range(count))
    return f"model Thing {{\n  id Int @id\n{lines}}}\n"


def _related(count: int) -> str:
    """Two models with so many relations between them."""
    keys = "".join(
        f'  b{n} B @relation("r{n}", fields: [c{n}], references: [id])\n  c{n} Int\n'
        for n in range(count)
    )
    backs = "".join(f'  a{n} A[] @relation("r{n}")\n' for n in range(count))
    return f"model A {{\n  id Int @id\n{keys}}}\nmodel B {{\n  id Int @id\n{backs}}}\n"


def _renamed(count: int) -> str:
    """So many tables of a schema that refer to each other, each renamed."""
    made = "".join(
        f"CREATE TABLE s.t{n} (id int PRIMARY KEY, b int REFERENCES t{max(0, n - 1)}(id));\n"
        for n in range(count)
    )
    return made + "".join(f"ALTER TABLE t{n} RENAME TO u{n};\n" for n in range(count))


def _mentioned(count: int) -> str:
    """So many tables that share a word, and paths that name it."""
    columns = (
        "[{name: id, type: uuid, primary_key: true}, {name: project_id, type: uuid}]"
    )
    tables = "".join(
        f"    - name: thing_{n}\n      columns: {columns}\n" for n in range(count)
    )
    paths = "".join(
        f"  - path: /x{n}/{{project_id}}/thing\n    methods: [GET]\n    description: of thing {n}\n"
        for n in range(count)
    )
    return f"service_name: big\ndatabase:\n  tables:\n{tables}api_endpoints:\n{paths}"


def huge(form: str) -> list[Case]:
    """Sources that are much too large, each in its way."""
    text = base_texts(form)[0]
    suffix = SUFFIXES[form]
    line = {"sql": "-- ", "prisma": "// ", "openapi": "# ", "spec-sheet": "# "}
    mark = line.get(form, "")
    sources: dict[str, Callable[[], str]] = {
        "50 MB": lambda: text + "\n" + f"{mark}{'x' * 96}\n" * 500_000,
        "50 MB of the same": lambda: (text + "\n") * (50_000_000 // len(text)),
        "70 MB": lambda: text + "\n" + " " * 70_000_000,
        "a line of 1 MB": lambda: text + "\n" + mark + "x" * 1_000_000,
        "a word of 1 MB": lambda: text.replace("name", "n" * 1_000_000, 1),
        "10,000 entities": lambda: _entities(form, 10_000),
        "2,000 entities": lambda: _entities(form, 2_000),
        "200,000 empty lines": lambda: text + "\n" * 200_000 + text,
    }
    if form in ("sql", "prisma"):
        sources["20,000 fields of one"] = partial(wide, form, 20_000)
    if form == "prisma":
        sources["3,000 relations of one"] = partial(_related, 3_000)
    if form == "sql":
        sources["2,000 renamed tables"] = partial(_renamed, 2_000)
    if form == "spec-sheet":
        sources["2,000 tables that share a word"] = partial(_mentioned, 2_000)
    nested = ("{", "[", "(", '{"a":', "- ", "> ", "#", "a: {b: ", "`", "*", "|")
    for one in nested:
        sources[f"10,000 of {one}"] = partial("{}\n{}".format, text, one * 10_000)
    return [
        Case(kind, {f"source{suffix}": partial(_made, made)}, form)
        for kind, made in sources.items()
    ]


def _made(make: Callable[[], str]) -> bytes:
    return make().encode("utf-8")
