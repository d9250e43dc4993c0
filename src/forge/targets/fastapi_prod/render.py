"""The plan as files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forge.emit import File, Templates
from forge.emit.headers import hash_header
from forge.emit.memo import memo
from forge.ir.application import Application, Route
from forge.ir.entities import Entity
from forge.ir.origin import Origin
from forge.targets.fastapi_prod.assembly import Entities, Models
from forge.targets.fastapi_prod.gen_auth import render_auth
from forge.targets.fastapi_prod.plan import Plan
from forge.targets.fastapi_prod.plan_app import AppPlan, ConfigPlan
from forge.targets.fastapi_prod.plan_behaviors import BehaviorsPlan
from forge.targets.fastapi_prod.plan_names import EntityNames
from forge.targets.fastapi_prod.plan_repositories import RepositoriesPlan
from forge.targets.fastapi_prod.plan_routes import RouteModule, plan_route
from forge.targets.fastapi_prod.runtime_files import runtime_files

_TEMPLATES = Templates("forge.targets.fastapi_prod")


def render(ir: Application, plan: Plan) -> Iterator[File]:
    """Every file of the backend, by the parts of the plan."""
    yield from render_config(ir, plan.config)
    yield from render_entities(ir, plan.entities)
    yield from render_models(ir, plan.models)
    yield from render_repositories(ir, plan.repositories)
    if plan.behaviors is not None:
        yield from render_behaviors(ir, plan.behaviors)
    yield from render_routes(plan.routes)
    if plan.auth is not None:
        yield from render_auth(plan.auth)
    yield from render_app(ir, plan.app)
    yield from runtime_files(auth=plan.auth is not None)


def render_config(ir: Application, plan: ConfigPlan) -> Iterator[File]:
    """`config.py`."""
    origins = tuple(infra.origin for infra in ir.infra)
    yield _file("config.py", "config.py.jinja", plan, _fqns(origins, ir), origins)


def render_entities(ir: Application, plan: Entities) -> Iterator[File]:
    """`entities.py`."""
    yield _of_entities("entities.py", "entities.py.jinja", plan, ir)


def render_models(ir: Application, plan: Models) -> Iterator[File]:
    """`models.py`."""
    yield _of_entities("models.py", "models.py.jinja", plan, ir)


def render_repositories(ir: Application, plan: RepositoriesPlan) -> Iterator[File]:
    """The package `repositories`."""
    yield _package("repositories/__init__.py", "The records of the service.", ir)
    for module in ("base", "memory", "sqlite", "postgres"):
        path = f"repositories/{module}.py"
        yield _of_entities(path, f"{path}.jinja", plan, ir)


def render_behaviors(ir: Application, plan: BehaviorsPlan) -> Iterator[File]:
    """What binds the functions of `behaviors/`, which stand beside as they are."""
    yield _of_entities("bindings.py", "bindings.py.jinja", plan, ir)
    yield _of_entities("context.py", "context.py.jinja", plan, ir)
    if plan.own:
        yield _of_entities("functions.py", "own_functions.py.jinja", plan, ir)
    for path, text in plan.files:
        yield File(f"backend/behaviors/{path}", text, is_formatted=True)
    if plan.needs_package:
        yield _package("behaviors/__init__.py", "Code of the domain's own.", ir)


def render_routes(modules: tuple[RouteModule, ...]) -> Iterator[File]:
    """One module for each route."""
    for one in modules:
        text = memo(
            _route_text, one.constant, one.route, one.entity, one.own, one.bodies
        )
        yield File(
            f"backend/{one.module}.py", hash_header(one.route.fqn) + text, one.origins
        )


def _route_text(
    constant: str,
    route: Route,
    entity: Entity,
    own: EntityNames,
    bodies: Mapping[str, str],
) -> str:
    plan = plan_route(constant, route, entity, own, bodies)
    return _TEMPLATES.render("routes.py.jinja", plan=plan)


def render_app(ir: Application, plan: AppPlan) -> Iterator[File]:
    """`app.py` and what makes the folder a package that runs."""
    origins = tuple(route.origin for route in ir.routes)
    fqns = _fqns(origins, ir)
    yield _package("__init__.py", f"The service {ir.domain}.", ir)
    yield _file("__main__.py", "main.py.jinja", plan, fqns, origins)
    yield _file("app.py", "app.py.jinja", plan, fqns, origins)


def _of_entities(path: str, template: str, plan: Any, ir: Application) -> File:
    origins = tuple(entity.origin for entity in ir.entities)
    return _file(path, template, plan, _fqns(origins, ir), origins)


def _package(path: str, purpose: str, ir: Application) -> File:
    origins = tuple(entity.origin for entity in ir.entities)
    text = memo(_package_text, purpose)
    return File(f"backend/{path}", hash_header(*_fqns(origins, ir)) + text, origins)


def _package_text(purpose: str) -> str:
    return _TEMPLATES.render("package.py.jinja", purpose=purpose)


def _file(
    path: str,
    template: str,
    plan: Any,
    fqns: tuple[str, ...],
    origins: tuple[Origin, ...],
) -> File:
    # What an assembled module holds is known by its parts.
    whole = isinstance(plan, Entities | Models)
    text = _text(template, plan) if whole else memo(_text, template, plan)
    return File(f"backend/{path}", hash_header(*fqns) + text, origins)


def _text(template: str, plan: Any) -> str:
    return _TEMPLATES.render(template, plan=plan)


def _fqns(origins: tuple[Origin, ...], ir: Application) -> tuple[str, ...]:
    """What a header names: the contracts, or the domain where no contract matters."""
    return tuple(origin.contract for origin in origins) or (f"domain {ir.domain}",)
