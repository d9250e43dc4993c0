"""Pages, agents and infra contracts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from forge.contracts.envelope import Contract
from forge.ir.application import Agent, EnvVar, Infra, Page, View
from forge.ir.lowering import reading
from forge.ir.types import InfraCategory, ViewType
from forge.source import Mapping, Scalar, plain

_FIELD_KEYS = ("columns", "card_fields", "fields")


def lower_page(contract: Contract) -> Page:
    """A page."""
    spec = contract.spec
    return Page(
        fqn=contract.fqn,
        name=contract.name,
        domain=contract.domain,
        description=reading.description(contract),
        route=reading.text(spec, "route") or f"/{contract.name}",
        title=reading.text(spec, "title") or contract.name.replace("_", " ").title(),
        entity=reading.text(spec, "entity") or "",
        generation_tier=reading.text(spec, "generation_tier") or "mechanical",
        views=tuple(_view(contract, node) for node in reading.mappings(spec, "views")),
        spec=_rest(spec, "route", "title", "entity", "generation_tier", "views"),
        origin=reading.origin(contract),
    )


def lower_agent(contract: Contract) -> Agent:
    """An agent."""
    return Agent(
        fqn=contract.fqn,
        name=contract.name,
        domain=contract.domain,
        description=reading.description(contract),
        spec=_rest(contract.spec),
        origin=reading.origin(contract),
    )


def lower_infra(contract: Contract) -> Infra:
    """An infra contract."""
    spec = contract.spec
    return Infra(
        fqn=contract.fqn,
        name=contract.name,
        domain=contract.domain,
        description=reading.description(contract),
        category=reading.word(
            spec, "category", InfraCategory, InfraCategory.COMPONENTS
        ),
        config=reading.values(spec, "config"),
        env_vars=tuple(_env_vars(spec)),
        bootstrap=reading.values(spec, "bootstrap"),
        origin=reading.origin(contract),
    )


def _view(contract: Contract, node: Mapping) -> View:
    fields = next((reading.texts(node, key) for key in _FIELD_KEYS if key in node), ())
    return View(
        type=reading.word(node, "type", ViewType, ViewType.TABLE),
        default=reading.flag(node, "default"),
        fields=fields,
        options=_rest(node, "type", "default", *_FIELD_KEYS),
        origin=reading.origin(contract, node),
    )


def _env_vars(spec: Mapping) -> Iterator[EnvVar]:
    for name, node, _ in reading.entries(spec, "env_vars"):
        if isinstance(node, Mapping):
            default = node.get("default")
            yield EnvVar(
                name=name,
                description=reading.prose(node, "description"),
                default=default.text if isinstance(default, Scalar) else None,
                required=reading.flag(node, "required"),
                secret=reading.flag(node, "secret"),
            )
        elif isinstance(node, Scalar):
            yield EnvVar(name=name, description=node.text.strip())


def _rest(node: Mapping, *without: str) -> dict[str, Any]:
    return {
        key: plain(value) for key, value in node.entries.items() if key not in without
    }
