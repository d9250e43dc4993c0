"""JSON Schemas for editors accept what the compiler accepts in form, and refuse what it refuses."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from forge.contracts.conform import conform
from forge.contracts.envelope import SHAPES, Kind
from forge.contracts.json_schema import any_schema, json_schema
from forge.parser.loader import contract_files
from forge.source import Mapping, plain, read
from tests.cli.spc import spc
from tests.shared import SHARED

ROOT = Path(__file__).resolve().parent.parent.parent
MUTATIONS = 25
"""Of each contract."""


def _contracts() -> Iterator[tuple[str, Any]]:
    for root in (
        ROOT / "domains",
        SHARED / "domains",
        ROOT / "src/forge/contracts/stdlib",
    ):
        for path in contract_files(root) if root.is_dir() else ():
            yield path.as_posix(), plain(read("", path.read_text()).root)


CONTRACTS = dict(_contracts())


@pytest.fixture(scope="module")
def validators() -> dict[str, Any]:
    schemas = {kind.value: json_schema(kind) for kind in Kind}
    made = {"": any_schema(), **schemas}
    for schema in made.values():
        jsonschema_rs.meta.validate(schema)
    return {
        name: jsonschema_rs.Draft7Validator(schema) for name, schema in made.items()
    }


def _conforms(contract: Any) -> bool:
    """Whether the compiler finds no fault of form."""
    root = read("", json.dumps(contract, ensure_ascii=False)).root
    assert isinstance(root, Mapping)
    kind = Kind(contract["kind"])
    return not list(conform(root, SHAPES[kind], "the contract"))


def test_accepts_every_contract_there_is(validators: dict[str, Any]) -> None:
    assert len(CONTRACTS) > 20
    for name, contract in CONTRACTS.items():
        for validator in (validators[""], validators[contract["kind"]]):
            errors = [error.message for error in validator.iter_errors(contract)]
            assert not errors, (name, errors)


def test_refuses_what_the_compiler_refuses_in_form(validators: dict[str, Any]) -> None:
    chance = random.Random(4)
    refused = 0
    for name, contract in CONTRACTS.items():
        for _ in range(MUTATIONS):
            mutated = _mutated(chance, contract)
            conforms = _conforms(mutated)
            refused += not conforms
            for validator in (validators[""], validators[mutated["kind"]]):
                assert validator.is_valid(mutated) is conforms, (name, mutated)
    assert refused > len(CONTRACTS) * MUTATIONS / 4


def _mutated(chance: random.Random, contract: Any) -> Any:
    """A contract with another value, key or item somewhere; its kind stays."""
    found = copy.deepcopy(contract)
    node, key = chance.choice([place for place in _places(found) if place[1] != "kind"])
    other = chance.choice(
        [None, 5, -1, 2.5, True, "x", "Not a name", [], {}, ["a"], {"zz": 1}]
    )
    act = chance.random()
    if act < 0.5:
        node[key] = other
    elif act < 0.7:
        del node[key]
    elif isinstance(node, dict):
        node[f"{key}{chance.choice(['s', '_', 'X'])}"] = node[key]
    else:
        node.append(copy.deepcopy(node[key]))
    return found


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    steps = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in list(steps):
        yield node, key
        if isinstance(value, dict | list):
            yield from _places(value)


def test_offers_the_envelope_before_the_kind_is_written() -> None:
    schema = any_schema()
    assert schema["properties"]["kind"]["enum"] == [kind.value for kind in Kind]
    assert all("description" in one for one in schema["properties"].values())
    validator = jsonschema_rs.Draft7Validator(schema)
    (missing,) = validator.iter_errors(
        {
            "apiVersion": "specora.dev/v1",
            "metadata": {"name": "a", "domain": "b"},
            "spec": {},
        }
    )
    assert "kind" in missing.message


def test_every_key_says_what_it_means() -> None:
    for kind in Kind:
        for path, schema in _properties(json_schema(kind), ()):
            assert schema.get("description"), path


def _properties(
    schema: Any, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(schema, dict):
        for name, one in schema.get("properties", {}).items():
            yield (*path, name), one
        for name, one in schema.items():
            yield from _properties(one, (*path, name))
    elif isinstance(schema, list):
        for one in schema:
            yield from _properties(one, path)


def test_a_new_project_refers_to_its_schemas(tmp_path: Path) -> None:
    assert spc("init", "desk", cwd=tmp_path).code == 0
    project = tmp_path / "desk"
    settings = json.loads((project / ".vscode/settings.json").read_text())
    ((schema, pattern),) = settings["yaml.schemas"].items()
    validator = jsonschema_rs.Draft7Validator(
        json.loads((project / schema).read_text())
    )
    contracts = list(project.glob(pattern))
    assert contracts
    for path in contracts:
        text = path.read_text()
        assert validator.is_valid(plain(read("", text).root))
        modeline = text.partition("\n")[0].partition("$schema=")[2]
        assert (path.parent / modeline).is_file()
