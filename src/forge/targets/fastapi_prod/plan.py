"""What a generated backend consists of."""

from __future__ import annotations

from dataclasses import dataclass

from forge.ir.application import Application
from forge.targets.fastapi_prod.assembly import (
    Entities,
    Models,
    assemble_entities,
    assemble_models,
)
from forge.targets.fastapi_prod.plan_app import (
    AppPlan,
    ConfigPlan,
    plan_app,
    plan_config,
)
from forge.targets.fastapi_prod.plan_auth import AuthPlan, plan_auth
from forge.targets.fastapi_prod.plan_behaviors import BehaviorsPlan, plan_behaviors
from forge.targets.fastapi_prod.plan_names import plan_names
from forge.targets.fastapi_prod.plan_repositories import (
    RepositoriesPlan,
    plan_repositories,
)
from forge.targets.fastapi_prod.plan_routes import RouteModule, plan_routes


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole backend: one part for each module or package."""

    config: ConfigPlan
    entities: Entities
    models: Models
    repositories: RepositoriesPlan
    behaviors: BehaviorsPlan | None
    routes: tuple[RouteModule, ...]
    auth: AuthPlan | None
    app: AppPlan


def plan(ir: Application) -> Plan:
    """Decide everything."""
    names = plan_names(ir)
    models = assemble_models(ir, names)
    routes = plan_routes(ir, names, models.bodies)
    return Plan(
        config=plan_config(ir),
        entities=assemble_entities(ir, names),
        models=models,
        repositories=plan_repositories(ir, names),
        behaviors=plan_behaviors(ir, names),
        routes=routes,
        auth=plan_auth(ir, names),
        app=plan_app(ir, routes),
    )
