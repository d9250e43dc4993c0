"""OpenAPI and Swagger: schemas to entities, operations to routes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from factory.importers import migrate
from factory.importers.drafts import Unreadable
from factory.importers.migration import Migration
from forge.ir.application import Application
from forge.ir.compiler import Compiler
from forge.ir.types import Operation

SAMPLE = Path(__file__).parent / "samples" / "shop.yaml"


def imported(source: Path, folder: Path) -> tuple[Migration, Application]:
    found = migrate(source, "shop", output=folder)
    found.apply(folder)
    analysis = Compiler(folder).analyze()
    faults = [d for d in analysis.diagnostics if d.is_error]
    assert {d.name for d in faults} <= {"behavior/missing-function"}
    return found, analysis.application


def fields(app: Application, name: str) -> Any:
    entity = app.entity(f"entity/shop/{name}")
    assert entity is not None
    return {f.name: f for f in entity.fields}


def test_schemas_become_entities(tmp_path: Path) -> None:
    found, app = imported(SAMPLE, tmp_path)
    customer = fields(app, "customer")
    assert list(customer) == [
        "id", "created_at", "email", "tier", "nickname", "age", "referrer", "friends", "tags",
        "address", "extra",
    ]  # fmt: skip
    assert customer["id"].computed is not None
    assert customer["created_at"].column == "createdAt"
    assert (customer["tier"].enum, customer["tier"].enum_name) == (
        ("basic", "gold"),
        "Tier",
    )
    assert (customer["email"].required, customer["nickname"].required) == (True, False)
    assert (customer["age"].constraints.min, customer["age"].constraints.max) == (
        18,
        150,
    )
    assert customer["referrer"].reference.entity == "entity/shop/customer"
    assert customer["tags"].constraints.max_items == 5
    assert customer["extra"].type == "json"
    assert fields(app, "new_customer")["password"].sensitive
    told = {note.what: note.reason for note in found.unmapped}
    assert told["security old"].startswith("`apiKey`")
    assert "Customer.friends" in told
    assert told["HEAD /customers/{customerId}"] == "every service answers it by itself"


def test_operations_become_routes(tmp_path: Path) -> None:
    _, app = imported(SAMPLE, tmp_path)
    routes = {route.base_path: route for route in app.routes}
    customers = routes["/customers"]
    assert customers.entity == "entity/shop/customer"
    declared = {
        e.path: e for e in customers.endpoints if e.operation is Operation.CUSTOM
    }
    assert [e.operation for e in customers.endpoints[:4]] == [
        Operation.LIST,
        Operation.CREATE,
        Operation.READ,
        Operation.DELETE,
    ]
    promote = declared["/{customer_id}/promote"]
    assert (promote.handler, promote.summary) == (
        "promote_customer",
        "Move a customer up a tier",
    )
    assert promote.request_body is not None
    body = promote.request_body.fields
    assert body is not None
    assert [(f.name, f.required, f.enum) for f in body] == [
        ("to_tier", True, ("basic", "gold")),
        ("reason", False, ()),
    ]
    report = routes["/reports"].endpoints[0]
    assert (report.path, report.handler) == (
        "/{year}/{month}",
        "get_reports_year_month",
    )
    auth = next(i for i in app.infra if i.name == "auth")
    assert auth.config["provider"] == "jwt"


def test_evidence_names_the_line(tmp_path: Path) -> None:
    found = migrate(SAMPLE, "shop", output=tmp_path).to_json()
    lines = {one["what"]: one["line"] for one in found["evidence"]}
    text = SAMPLE.read_text("utf-8").split("\n")
    assert text[lines["NewCustomer.password"] - 1].strip().startswith("password:")
    assert text[lines["POST /customers/{customer_id}/promote"] - 1].strip() == "post:"
    as_json = tmp_path / "shop.json"
    document = json.dumps(yaml.safe_load(text_of(SAMPLE)), indent=1)
    as_json.write_text(document, "utf-8")
    again = migrate(as_json, "shop", output=tmp_path / "none").to_json()
    place = next(
        e["line"] for e in again["evidence"] if e["what"] == "NewCustomer.password"
    )
    assert '"password"' in document.split("\n")[place - 1]
    assert again["facts"] == found["facts"]


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


SWAGGER = {
    "swagger": "2.0",
    "paths": {
        "/pets/{id}": {
            "get": {"responses": {"200": {"schema": {"$ref": "#/definitions/Pet"}}}},
            "put": {
                "parameters": [{"in": "body", "schema": {"$ref": "#/definitions/Pet"}}],
                "responses": {"200": {"schema": {"$ref": "#/definitions/Pet"}}},
            },
        },
        "/pets/{id}/photo": {
            "post": {
                "parameters": [{"in": "formData", "name": "alt", "type": "string"}],
                "responses": {"204": {"description": "Done"}},
            }
        },
    },
    "definitions": {
        "Pet": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "id": {"type": "integer", "format": "int64"},
                "name": {"type": "string", "minLength": 1},
            },
        }
    },
}


def test_swagger(tmp_path: Path) -> None:
    source = tmp_path / "api.json"
    source.write_text(json.dumps(SWAGGER), "utf-8")
    _, app = imported(source, tmp_path / "shop")
    (route,) = app.routes
    assert [(e.operation, e.path) for e in route.endpoints[:3]] == [
        (Operation.READ, "/{id}"),
        (Operation.REPLACE, "/{id}"),
        (Operation.CUSTOM, "/{id}/photo"),
    ]
    assert fields(app, "pet")["id"].computed is not None


def test_documents_of_several_files(tmp_path: Path) -> None:
    folder = tmp_path / "api"
    folder.mkdir()
    (folder / "openapi.yaml").write_text(
        "openapi: 3.0.0\npaths: {}\ncomponents:\n  schemas:\n"
        "    Pet: {type: object, properties: {owner: {$ref: 'parts.yaml#/Owner'}}}\n",
        "utf-8",
    )
    (folder / "parts.yaml").write_text("Owner: {type: string, maxLength: 9}\n", "utf-8")
    _, app = imported(folder, tmp_path / "shop")
    assert fields(app, "pet")["owner"].constraints.max_length == 9


@pytest.mark.parametrize(
    "text",
    [
        "openapi: 3.0.0\nc0: &c0 [1, 1]\n"
        + "".join(
            f"c{n}: &c{n} [{', '.join([f'*c{n - 1}'] * 9)}]\n" for n in range(1, 12)
        ),
        "openapi: 3.0.0\ncomponents: " + "{a: " * 400 + "}" * 400,
        "openapi: 3.0.0\ncomponents: {schemas: {A: {$ref: '#/components/schemas/A'}}}",
        "openapi: '3\n",
    ],
    ids=["anchors", "depth", "circle", "broken"],
)
def test_documents_that_lead_nowhere_are_refused(text: str, tmp_path: Path) -> None:
    source = tmp_path / "api.yaml"
    source.write_text(text, "utf-8")
    with pytest.raises(Unreadable) as refused:
        migrate(source, "shop", format="openapi", output=tmp_path / "none")
    assert refused.value.place.file.endswith("api.yaml")
