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
    nested = ("{", "[", "(", '{"a":', "- ", "> ", "#", "a: {b: ", "`", "*", "|")
    for one in nested:
        sources[f"10,000 of {one}"] = partial("{}\n{}".format, text, one * 10_000)
    return [
        Case(kind, {f"source{suffix}": partial(_made, made)}, form)
        for kind, made in sources.items()
    ]


def _made(make: Callable[[], str]) -> bytes:
    return make().encode("utf-8")
