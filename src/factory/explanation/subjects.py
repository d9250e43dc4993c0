"""Finds the explanation of what a path names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from factory.explanation.enforcement import enforcement
from factory.explanation.entities import entity_sections, fields_table
from factory.explanation.page import Page, Section, listed
from factory.explanation.routes import route_sections
from factory.explanation.workflows import workflow_sections
from forge.contracts.envelope import Contract, Kind
from forge.ir.application import Application
from forge.source import plain


def explain(app: Application, contract: Contract) -> Page:
    """What one contract means within its compiled domain."""
    value = plain(contract.root)
    assert isinstance(value, dict)
    metadata = value.get("metadata")
    text = metadata.get("description", "") if isinstance(metadata, dict) else ""
    sections = (*_sections(app, contract, value), *enforcement(contract.kind, value))
    return Page(
        contract.fqn, str(text or ""), tuple(s for s in sections if s.text or s.rows)
    )


def _sections(
    app: Application, contract: Contract, value: Mapping[str, object]
) -> Iterator[Section]:
    fqn = contract.fqn
    match contract.kind:
        case Kind.ENTITY:
            entity = app.entity(fqn)
            if entity is not None:
                yield from entity_sections(app, entity, value)
        case Kind.WORKFLOW:
            workflow = next((w for w in app.workflows if w.fqn == fqn), None)
            if workflow is not None:
                users = [e for e in app.entities if e.workflow_fqn == fqn]
                yield _used("Lived by", [e.fqn for e in users])
                yield from workflow_sections(workflow)
        case Kind.ROUTE:
            route = next((r for r in app.routes if r.fqn == fqn), None)
            if route is not None:
                yield from route_sections(app, route)
        case Kind.MIXIN:
            mixin = next((m for m in app.mixins if m.fqn == fqn), None)
            if mixin is not None:
                yield _used("Part of", [e.fqn for e in app.entities if fqn in e.mixins])
                yield fields_table(mixin.fields, {})
        case Kind.PAGE:
            yield from _page(app, fqn)
        case Kind.INFRA:
            yield from _infra(app, fqn)
        case Kind.AGENT:
            yield from _agent(app, fqn)


def _used(title: str, names: list[str]) -> Section:
    return Section(title, listed(names) or "Nothing in this domain.")


def _page(app: Application, fqn: str) -> Iterator[Section]:
    page = next((p for p in app.pages if p.fqn == fqn), None)
    if page is None:
        return
    yield Section("Shows", f"`{page.entity}` at `{page.route}`, titled “{page.title}”.")
    rows = tuple(
        (str(view.type), "yes" if view.default else "", listed(view.fields))
        for view in page.views
    )
    yield Section("Views", "", ("view", "default", "fields"), rows)


def _infra(app: Application, fqn: str) -> Iterator[Section]:
    infra = next((i for i in app.infra if i.fqn == fqn), None)
    if infra is None:
        return
    yield Section("Category", f"`{infra.category}`; it sets {listed(infra.config)}.")
    rows = tuple(
        (
            f"`{env.name}`",
            "yes" if env.required else "",
            "" if env.secret or env.default is None else env.default,
            env.description,
        )
        for env in infra.env_vars
    )
    yield Section(
        "Environment", "", ("variable", "required", "default", "description"), rows
    )


def _agent(app: Application, fqn: str) -> Iterator[Section]:
    agent = next((a for a in app.agents if a.fqn == fqn), None)
    if agent is not None:
        rows = tuple((key, str(value)) for key, value in agent.spec.items())
        yield Section("What it says", "", ("key", "value"), rows)
