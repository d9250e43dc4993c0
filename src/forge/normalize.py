"""Repairs of names, as pure functions: what is valid already never changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from forge.contracts.shapes import FQN, KINDS, SNAKE

_SNAKE = re.compile(SNAKE)
_EDGE = re.compile(r"[A-Z][A-Z0-9_]*")
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,5}")
_CAMEL = (
    (re.compile(r"([A-Z]+)([A-Z][a-z])"), r"\1_\2"),
    (re.compile(r"([a-z0-9])([A-Z])"), r"\1_\2"),
)
_STEP = re.compile(r"\s*->\s*")


def normalize_name(value: str) -> str:
    """A name in snake_case.

    >>> normalize_name("HTTPServer"), normalize_name("Sla Policy"), normalize_name("sku")
    ('http_server', 'sla_policy', 'sku')
    """
    if _SNAKE.fullmatch(value):
        return value
    for pattern, replacement in _CAMEL:
        value = pattern.sub(replacement, value)
    snake = re.sub(r"[^A-Za-z0-9]+", "_", value).strip("_").lower()
    snake = re.sub(r"_+", "_", snake)
    return f"n{snake}" if snake[:1].isdigit() else snake


def normalize_fqn(value: str, kind: str, domain: str) -> str:
    """A fully qualified name. What `value` leaves out is taken from `kind` and `domain`.

    >>> normalize_fqn("Entity/Shop/Category", "entity", "shop")
    'entity/shop/category'
    >>> normalize_fqn("Category", "entity", "shop")
    'entity/shop/category'
    """
    found = FQN.match(value)
    if found and found.group(1) in KINDS:
        return value
    parts = [
        normalize_name(part) for part in re.split(r"[/.:\\]+", value) if part.strip()
    ]
    if len(parts) >= 3 and parts[0] in KINDS:
        return "/".join((parts[0], parts[1], "_".join(parts[2:])))
    if len(parts) == 2 and parts[0] in KINDS:
        return "/".join((parts[0], domain, parts[1]))
    if len(parts) == 2:
        return "/".join((kind, *parts))
    return "/".join((kind, domain, "_".join(parts)))


def normalize_graph_edge(value: str) -> str:
    """The name of a relation in UPPER_SNAKE_CASE.

    >>> normalize_graph_edge("in category"), normalize_graph_edge("ASSIGNED_TO")
    ('IN_CATEGORY', 'ASSIGNED_TO')
    """
    return value if _EDGE.fullmatch(value) else normalize_name(value).upper()


def normalize_number_prefix(value: str) -> str:
    """A prefix of two to six capitals, where `value` holds that many letters."""
    if _PREFIX.fullmatch(value):
        return value
    letters = re.sub(r"[^A-Za-z0-9]", "", value).upper().lstrip("0123456789")[:6]
    return letters if len(letters) >= 2 else value


def normalize_contract(contract: dict[str, Any]) -> dict[str, Any]:
    """Repair every name of a contract in place, and return it.

    `contract` is the plain value of a contract file. What is not a name, or has another form
    than a contract, stays.
    """
    metadata = contract.get("metadata")
    if isinstance(metadata, dict):
        for key in ("name", "domain"):
            _text(metadata, key, normalize_name)
    domain = metadata.get("domain", "") if isinstance(metadata, dict) else ""
    domain = domain if isinstance(domain, str) else ""
    _texts(contract, "requires", lambda v: normalize_fqn(v, "entity", domain))
    spec = contract.get("spec")
    if isinstance(spec, dict):
        _spec(spec, domain, str(contract.get("kind", "")))
    return contract


def _spec(spec: dict[str, Any], domain: str, kind: str) -> None:
    _text(spec, "entity", lambda v: normalize_fqn(v, "entity", domain))
    _text(spec, "state_machine", lambda v: normalize_fqn(v, "workflow", domain))
    _texts(spec, "mixins", lambda v: normalize_fqn(v, "mixin", domain))
    _text(spec, "number_prefix", normalize_number_prefix)
    _keys(spec, "fields", normalize_name)
    for field in _values(spec, "fields"):
        _reference(field, domain)
    for key in ("primary_key", "search"):
        _names(spec, key)
    for key in ("unique", "indexes"):
        lists = spec.get(key)
        for item in lists if isinstance(lists, list) else ():
            if isinstance(item, list):
                item[:] = [normalize_name(v) if isinstance(v, str) else v for v in item]
    if kind == "Workflow":
        _workflow(spec)


def _reference(field: dict[str, Any], domain: str) -> None:
    reference = field.get("references")
    if isinstance(reference, dict):
        _text(reference, "entity", lambda v: normalize_fqn(v, "entity", domain))
        _text(reference, "graph_edge", normalize_graph_edge)
        _text(reference, "display", normalize_name)


def _workflow(spec: dict[str, Any]) -> None:
    _text(spec, "initial", normalize_name)
    _keys(spec, "states", normalize_name)
    _keys(spec, "transitions", normalize_name)
    transitions = spec.get("transitions")
    if isinstance(transitions, dict):
        for key in transitions:
            _names(transitions, key)
    for key in ("guards", "side_effects"):
        _keys(spec, key, _step)


def _step(value: str) -> str:
    parts = _STEP.split(value.strip())
    named = [part if part == "*" else normalize_name(part) for part in parts]
    return value if named == parts else " -> ".join(named)


def _text(mapping: dict[str, Any], key: str, repair: Callable[[str], str]) -> None:
    value = mapping.get(key)
    if isinstance(value, str):
        mapping[key] = repair(value)


def _texts(mapping: dict[str, Any], key: str, repair: Callable[[str], str]) -> None:
    values = mapping.get(key)
    if isinstance(values, list):
        mapping[key] = [repair(v) if isinstance(v, str) else v for v in values]


def _names(mapping: dict[str, Any], key: str) -> None:
    _text(mapping, key, normalize_name)
    _texts(mapping, key, normalize_name)


def _keys(mapping: dict[str, Any], key: str, repair: Callable[[str], str]) -> None:
    """Repair the keys of the mapping at `key`, unless two of them would become one."""
    values = mapping.get(key)
    if not isinstance(values, dict):
        return
    renamed = {k: repair(k) if isinstance(k, str) else k for k in values}
    if len(set(renamed.values())) == len(renamed):
        mapping[key] = {renamed[k]: v for k, v in values.items()}


def _values(mapping: dict[str, Any], key: str) -> list[dict[str, Any]]:
    values = mapping.get(key)
    if not isinstance(values, dict):
        return []
    return [value for value in values.values() if isinstance(value, dict)]
