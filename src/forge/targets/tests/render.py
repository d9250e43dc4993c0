"""Plans as files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from forge.emit import Code, File, Templates
from forge.emit.headers import hash_header
from forge.emit.literals import name
from forge.emit.memo import Slice, memo
from forge.ir.application import Route
from forge.targets.tests.kit.declarations import Service
from forge.targets.tests.plan import (
    ModulePlan,
    Plan,
    Surroundings,
    plan_resource,
    plan_suites,
)
from forge.targets.tests.printing import call

_TEMPLATES = Templates(__package__)
_KIT = Path(__file__).parent / "kit"


def render(plan: Plan) -> Iterator[File]:
    """Every file of the package `tests`."""
    domain = f"domain {plan.domain}"
    for path in ("__init__.py", "conftest.py", "test_service.py", "pytest.ini"):
        text = memo(_service_text, f"{path}.jinja", plan.service)
        yield File(f"tests/{path}", hash_header(domain) + text, plan.origins)
    for module in plan.modules:
        yield _module(module)
    for path, text in _kit():
        yield File(f"tests/kit/{path}", text, is_formatted=True)


def _module(plan: ModulePlan) -> File:
    text = memo(_module_text, plan.route, plan.piece, plan.surroundings)
    path = f"tests/test_{plan.module}.py"
    return File(path, hash_header(*plan.fqns) + text, plan.origins)


def _module_text(route: Route, piece: Slice, surroundings: Surroundings) -> str:
    used: set[str] = set()
    resource = call(plan_resource(route, piece, surroundings), used.add)
    return _TEMPLATES.render(
        "test_route.py.jinja",
        path=route.base_path,
        resource=Code(resource),
        imports=[name(one) for one in sorted(used, key=lambda n: (not n.isupper(), n))],
        suites=[name(suite) for suite in plan_suites(route, piece)],
    )


def _service_text(template: str, service: Service) -> str:
    return _TEMPLATES.render(template, service=call(service, set[str]().add))


@cache
def _kit() -> tuple[tuple[str, str], ...]:
    """The code that every service's tests share, verbatim, by path."""
    found = sorted(p for p in _KIT.rglob("*.py") if "__pycache__" not in p.parts)
    return tuple(
        (path.relative_to(_KIT).as_posix(), path.read_bytes().decode())
        for path in found
    )
