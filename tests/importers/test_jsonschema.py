"""JSON Schema of every draft: objects with names to entities, references wherever they lead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from factory.importers import migrate
from factory.importers.drafts import Unreadable
from tests.cli.spc import spc
from tests.importers.test_openapi import fields, imported

SAMPLE = Path(__file__).parent / "samples" / "orders.schema.json"


def written(folder: Path, **schemas: Any) -> Path:
    """A folder with a file for each schema."""
    folder.mkdir()
    for name, schema in schemas.items():
        (folder / f"{name}.json").write_text(json.dumps(schema, indent=1), "utf-8")
    return folder


def entity(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def test_fields(tmp_path: Path) -> None:
    _, app = imported(SAMPLE, tmp_path)
    order = fields(app, "order")
    assert (order["id"].computed is not None, order["id"].type) == (True, "uuid")
    assert (order["customer"].required, order["billed_to"].required) == (True, False)
    assert order["billed_to"].reference.entity == "entity/shop/customer"
    assert (order["lines"].type, order["lines"].constraints.min_items) == ("array", 1)
    assert (order["labels"].items_type, order["labels"].constraints.max_items) == (
        "string",
        9,
    )
    assert (order["status"].enum, order["status"].enum_name) == (
        ("new", "paid", "sent"),
        "Status",
    )
    assert (order["version"].enum, order["channel"].enum) == ((2,), ("web", "shop"))
    assert order["coupon"].constraints.pattern == "^[A-Z]{4}[0-9]+$"
    assert (order["paid_at"].type, order["paid_at"].sensitive) == ("datetime", True)
    assert (order["note"].default, order["note"].constraints.max_length) == ("", 200)
    amount = order["amount"].constraints
    assert (order["amount"].type, amount.min, amount.max) == ("integer", 5, 1000)
    assert (order["address"].type, order["any"].type) == ("object", "json")
    assert "forbidden" not in order
    text = (tmp_path / "entities" / "order.contract.yaml").read_text("utf-8")
    assert "old: {type: boolean, x-deprecated: true}" in text
    assert "x-examples: [MAY12]" in text


def test_entities(tmp_path: Path) -> None:
    found, app = imported(SAMPLE, tmp_path)
    assert {e.name for e in app.entities} == {
        "order", "customer", "line", "stamped", "payment",
    }  # fmt: skip
    line = fields(app, "line")
    assert list(line) == ["id", "created_at", "count"]
    assert (line["count"].constraints.min, line["count"].constraints.max) == (0, 99)
    payment = fields(app, "payment")
    assert payment["kind"].enum == ("card", "transfer")
    assert (payment["kind"].required, payment["number"].required) == (True, False)
    assert fields(app, "customer")["parent"].reference.entity == "entity/shop/customer"
    assert {route.base_path for route in app.routes} >= {"/orders", "/customers"}
    assert {page.route for page in app.pages} >= {"/orders", "/customers"}
    facts = found.to_json()["facts"]
    assert ["Order", "lines", "Line"] in facts["refs"]
    assert facts["enums"] == {"Status": ["new", "paid", "sent"]}


def test_what_no_contract_says_is_told_where_it_stands() -> None:
    found = migrate(SAMPLE, "shop", output="nowhere")
    told = {(note.what, note.reason): note.place.line for note in found.unmapped}
    lines = SAMPLE.read_text("utf-8").split("\n")
    for (what, reason), at in {
        ("Order", "`dependentRequired` has no meaning in a contract"): "{",
        ("Order", "`if`, `then`: no contract says what holds under a condition"): "{",
        ("Order.discount", "`exclusiveMinimum` is not checked"): '"discount"',
        ("Order.labels", "`uniqueItems` is not checked"): '"labels"',
        ("Order.corner", "the elements of a tuple are not checked"): '"corner"',
        ("Order.extra", "the values of the object are not checked"): '"extra"',
        ("Order.forbidden", "no value of it is legal"): '"forbidden"',
        ("Order.any", "one of several schemas, read as any JSON"): '"any"',
        (
            "Order.lost",
            "`https://elsewhere.example/thing.json` leads to nothing in the source",
        ): '"lost"',
    }.items():
        assert lines[told[what, reason] - 1].strip().startswith(at)


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    migrate(SAMPLE, "shop", output=tmp_path).apply(tmp_path)
    again = migrate(SAMPLE, "shop", output=tmp_path)
    assert (dict(again.fixes), again.differences) == ({}, ())


def test_draft_04(tmp_path: Path) -> None:
    """`id`, definitions in groups, flags beside bounds, files without any `$schema`."""
    source = written(
        tmp_path / "in",
        product={
            "$schema": "http://json-schema.org/draft-04/schema#",
            "id": "http://shop.example/product.json",
            **entity(
                price={"type": "number", "minimum": 0, "exclusiveMinimum": True},
                stock={"type": "integer", "maximum": 10, "exclusiveMaximum": True},
                maker={"$ref": "#/definitions/parts/maker"},
                shelf={"$ref": "shelf.json#/definitions/shelf"},
                code={"$ref": "#code"},
                state={"type": ["string", "null"], "enum": ["a", "b", None]},
            ),
            "required": ["state"],
            "definitions": {
                "parts": {"maker": entity(name={"type": "string"})},
                "code": {"id": "#code", "type": "string", "maxLength": 9},
            },
        },
        shelf={"definitions": {"shelf": entity(row={"type": "integer"})}},
    )
    found, app = imported(source, tmp_path / "out")
    assert {e.name for e in app.entities} == {"product", "maker", "shelf"}
    product = fields(app, "product")
    assert product["stock"].constraints.max == 9
    assert product["maker"].reference.entity == "entity/shop/maker"
    assert product["shelf"].reference.entity == "entity/shop/shelf"
    assert product["code"].constraints.max_length == 9
    assert (product["state"].enum, product["state"].required) == (("a", "b"), False)
    told = {note.what for note in found.unmapped}
    assert "product.price" in told


def test_files_refer_to_each_other(tmp_path: Path) -> None:
    """By file, by `$id`, by a name that only one file has, and by embedded documents."""
    source = written(
        tmp_path / "in",
        order={
            "$id": "https://a.example/schemas/order",
            **entity(
                buyer={"$ref": "buyer"},
                place={"$ref": "place.json"},
                item={"$ref": "https://other.example/v1/item.json"},
                part={"$ref": "/parts/part"},
            ),
            "$defs": {
                "part": {"$id": "/parts/part", **entity(size={"$ref": "#/$defs/size"}),
                         "$defs": {"size": {"type": "integer", "maximum": 7}}},
            },
        },
        buyers={"$id": "https://a.example/schemas/buyer", "title": "Buyer",
                **entity(age={"type": "integer"})},
        place=entity(town={"type": "string"}, last={"$ref": "#"}),
        item=entity(label={"type": "string"}),
        readings=[1, 2],
    )  # fmt: skip
    (source / "logo.png").write_bytes(b"\x89PNG\x00\x01")
    found, app = imported(source, tmp_path / "out")
    order = fields(app, "order")
    assert {name: order[name].reference.entity for name in ("buyer", "place", "item", "part")} == {
        "buyer": "entity/shop/buyer", "place": "entity/shop/place",
        "item": "entity/shop/item", "part": "entity/shop/part",
    }  # fmt: skip
    assert fields(app, "part")["size"].constraints.max == 7
    assert fields(app, "place")["last"].reference.entity == "entity/shop/place"
    told = {Path(note.what).name: note.reason for note in found.unmapped}
    assert told["readings.json"] == "is no JSON Schema"
    assert told["logo.png"] == "holds NUL, so it is no text"


def test_equal_names(tmp_path: Path) -> None:
    """A definition that files repeat is one entity; different ones keep apart."""
    address = entity(street={"type": "string"})
    source = written(
        tmp_path / "in",
        seller={
            **entity(home={"$ref": "#/definitions/address"}),
            "definitions": {"address": address, "size": entity(a={"type": "string"})},
        },
        buyer={
            **entity(home={"$ref": "#/definitions/address"}),
            "definitions": {"address": address, "size": entity(b={"type": "string"})},
        },
    )
    _, app = imported(source, tmp_path / "out")
    names = {e.name for e in app.entities}
    assert names == {"seller", "buyer", "address", "size", "seller_size"}
    homes = {fields(app, name)["home"].reference.entity for name in ("seller", "buyer")}
    assert homes == {"entity/shop/address"}


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "#"}, "holds nothing that `jsonschema` knows"),
        (True, "no file here is a JSON Schema"),
        ({"type": "string"}, "holds nothing that `jsonschema` knows"),
        ({"allOf": [{"$ref": "#"}]}, "holds nothing that `jsonschema` knows"),
        ({"oneOf": [{"$ref": "#"}], "$defs": {"a": {"$ref": "#/$defs/a"}}}, "knows"),
    ],
)
def test_schemas_that_lead_nowhere_are_refused(
    schema: Any, reason: str, tmp_path: Path
) -> None:
    source = tmp_path / "a.json"
    source.write_text(json.dumps(schema), "utf-8")
    with pytest.raises(Unreadable, match=reason):
        migrate(source, "shop", format="jsonschema", output=tmp_path / "none")


def test_schemas_in_themselves(tmp_path: Path) -> None:
    source = written(
        tmp_path / "in",
        tree={
            "$recursiveAnchor": True,
            **entity(
                children={"type": "array", "items": {"$recursiveRef": "#"}},
                deep={"$ref": "#/$defs/deep"},
                one={"$ref": "#/$defs/one"},
            ),
            "$defs": {
                "deep": {"type": "array", "items": {"$ref": "#/$defs/deep"}},
                "one": {"anyOf": [{"$ref": "#/$defs/one"}, {"type": "null"}]},
            },
        },
    )
    found, app = imported(source, tmp_path / "out")
    assert (fields(app, "tree")["deep"].type, fields(app, "tree")["one"].type) == (
        "array",
        "json",
    )
    assert ["tree", "children", "tree"] in found.to_json()["facts"]["refs"]


def test_command(tmp_path: Path) -> None:
    done = spc("factory", "migrate", SAMPLE, "-d", "shop", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "jsonschema: 5 entities" in done.out
    assert spc("forge", "validate", "domains/shop", cwd=tmp_path).code == 0
