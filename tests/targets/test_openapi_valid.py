"""The document is OpenAPI 3.1, closed under its references, and says every answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from gallery import HOSTILE, gallery

from forge.targets.openapi import TARGET
from forge.targets.openapi.patterns import ecma

JSON = dict[str, Any]
COMMON = {"401", "503"}
BODY = {"400", "413", "415", "422"}
STATUSES = {
    "list_items": {"200", "400"},
    "create_item": {"201", "409", "403", *BODY},
    "get_item": {"200", "304", "400", "404"},
    "update_item": {"200", "204", "404", "409", "412", *BODY},
    "replace_item": {"200", "204", "404", "409", "412", *BODY},
    "delete_item": {"204", "400", "404", "409", "412"},
    "transition_item": {"200", "204", "404", "409", "412", "403", *BODY},
    "bulk_items": {"200", "404", "409", "412", "403", *BODY},
}


@cache
def document() -> JSON:
    (file,) = TARGET.generate(gallery())
    assert file.path == "openapi.json"
    found: JSON = json.loads(file.content)
    return found


def operations() -> dict[str, JSON]:
    paths = document()["paths"].values()
    found = [operation for item in paths for operation in item.values()]
    by_id = {operation["operationId"]: operation for operation in found}
    assert len(by_id) == len(found), "an operationId is used twice"
    return by_id


def walk(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    yield at, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, f"{at}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from walk(item, f"{at}/{number}")


def resolve(reference: str) -> Any:
    assert reference.startswith("#/")
    value: Any = document()
    for step in reference[2:].split("/"):
        value = value[step.replace("~1", "/").replace("~0", "~")]
    return value


def test_the_whole_document_is_valid() -> None:
    validator = pytest.importorskip(
        "openapi_spec_validator", reason="the package openapi-spec-validator is absent"
    )
    assert list(validator.OpenAPIV31SpecValidator(document()).iter_errors()) == []


def test_every_schema_is_a_json_schema() -> None:
    schemas = [
        value["schema"]
        for _, value in walk(document())
        if isinstance(value, dict) and isinstance(value.get("schema"), dict)
    ]
    for schema in [*document()["components"]["schemas"].values(), *schemas]:
        whole = schema | {"components": document()["components"]}
        jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def test_every_reference_leads_somewhere() -> None:
    found = {v for at, v in walk(document()) if at.endswith("/$ref")}
    assert found
    for reference in found:
        resolve(reference)


def test_nothing_is_declared_in_vain() -> None:
    used = {v for at, v in walk(document()) if at.endswith("/$ref")}
    declared = {
        f"#/components/{kind}/{name}"
        for kind, parts in document()["components"].items()
        for name in parts
        if kind != "securitySchemes"
    }
    assert declared - used == set()


@pytest.mark.parametrize("operation_id", STATUSES)
def test_every_status_is_declared(operation_id: str) -> None:
    found = set(operations()[operation_id]["responses"])
    assert found == STATUSES[operation_id] | COMMON


def test_every_refusal_is_a_problem() -> None:
    for operation_id, operation in operations().items():
        for status, response in operation["responses"].items():
            if status[0] in "45":
                content = resolve(response["$ref"])["content"]
                assert [*content] == ["application/problem+json"], (
                    operation_id,
                    status,
                )


def test_texts_of_contracts_stay_texts() -> None:
    places = [at for at, value in walk(document()) if value == HOSTILE]
    assert "/paths/~1items/get/summary" in places
    assert "/components/schemas/ItemCreate/properties/name/description" in places
    kind = document()["components"]["schemas"]["Item"]["properties"]["kind"]
    assert HOSTILE in kind["enum"]


def test_what_is_sensitive_is_only_sent() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["ItemCreate"]["properties"]["secret"]["writeOnly"] is True
    assert "secret" not in schemas["Item"]["properties"]
    names = {p.get("name", "") for p in operations()["list_items"]["parameters"]}
    assert not any(name.startswith("secret") for name in names)


def test_a_created_record_leads_to_its_other_operations() -> None:
    links = operations()["create_item"]["responses"]["201"]["links"]
    assert links["get_item"]["parameters"] == {"path.id": "$response.body#/id"}
    several = operations()["create_slot"]["responses"]["201"]["links"]
    assert several["get_slot"]["parameters"] == {
        "path.id": "{$response.body#/shelf},{$response.body#/place}"
    }


def test_generating_again_gives_the_same_bytes() -> None:
    first, second = (TARGET.generate(gallery()).files[0].content for _ in range(2))
    assert first == second
    assert first.isascii()


def test_patterns_are_understood_by_other_engines() -> None:
    found = {v for at, v in walk(document()) if at.endswith("/pattern")}
    assert len(found) > 5
    for pattern in found:
        re.compile(pattern)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"^[A-Z]+$", r"^[A-Z]+$"),
        (r"\A\d{2}\z", r"^\d{2}$"),
        (r"(?P<year>\d+)-\s", r"(?:\d+)-[ \t\n\r\f\v]"),
        (r"[]a[\w.]", r"[\]a\[\w.]"),
        (r"a.{2,3}", r"a[^\n]{2,3}"),
        (r"\@\-{", r"@-\{"),
        (r"(?i)abc", None),
    ],
)
def test_a_contract_pattern_in_ecma(pattern: str, expected: str | None) -> None:
    assert ecma(pattern) == expected


def test_only_what_lacks_something_is_a_part_of_a_record() -> None:
    content = operations()["get_item"]["responses"]["200"]["content"]
    asked = content["application/json"]["schema"]
    whole = resolve(asked["anyOf"][0]["$ref"])
    assert whole["required"]
    root = {**asked, "components": document()["components"]}
    reads = jsonschema_rs.validator_for(root).is_valid
    links = {"self": "/items/1"}
    assert reads({"_links": links})
    assert not reads({name: {"of": "no such type"} for name in whole["required"]})
    assert not reads({})
