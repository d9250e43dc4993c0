"""A whole domain, a line for each thing in it."""

from __future__ import annotations

from factory.explanation.page import Page, Section, listed
from forge.ir.application import Application
from forge.ir.entities import Entity


def domain_page(app: Application) -> Page:
    """What there is in a domain, and how it hangs together."""
    sections = (
        Section(
            "Entities",
            "",
            ("entity", "fields", "refers to", "life", "reached at"),
            tuple(_entity(app, entity) for entity in app.entities),
        ),
        Section(
            "Workflows",
            "",
            ("workflow", "states"),
            tuple(
                (f"`{w.name}`", listed(state.name for state in w.states))
                for w in app.workflows
            ),
        ),
        Section(
            "Pages",
            "",
            ("page", "shows", "at"),
            tuple((f"`{p.name}`", f"`{p.entity}`", f"`{p.route}`") for p in app.pages),
        ),
        Section(
            "Agents",
            "",
            ("agent", "about"),
            tuple((f"`{a.name}`", a.description) for a in app.agents),
        ),
        Section(
            "Infra",
            "",
            ("contract", "category"),
            tuple((f"`{i.name}`", f"`{i.category}`") for i in app.infra),
        ),
    )
    return Page(app.domain, f"{app.summary()}.", tuple(s for s in sections if s.rows))


def _entity(app: Application, entity: Entity) -> tuple[str, ...]:
    targets = dict.fromkeys(key.entity for key in entity.all_foreign_keys())
    routes = [route.base_path for route in app.routes if route.entity == entity.fqn]
    return (
        f"`{entity.name}`",
        str(len(entity.fields)),
        listed(target.rpartition("/")[2] for target in targets),
        f"`{entity.workflow_fqn}`" if entity.workflow_fqn else "",
        listed(routes),
    )
