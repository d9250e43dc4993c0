"""Plans as files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from forge.emit import Code, File, Templates
from forge.emit.headers import hash_header
from forge.emit.literals import name
from forge.targets.tests.plan import ModulePlan, Plan
from forge.targets.tests.printing import call

_TEMPLATES = Templates(__package__)
_KIT = Path(__file__).parent / "kit"


def render(plan: Plan) -> Iterator[File]:
    """Every file of the package `tests`."""
    domain = f"domain {plan.domain}"
    for path in ("__init__.py", "conftest.py", "test_service.py", "pytest.ini"):
        used: set[str] = set()
        service = call(plan.service, used.add)
        text = _TEMPLATES.render(f"{path}.jinja", service=service)
        yield File(f"tests/{path}", hash_header(domain) + text, plan.origins)
    for module in plan.modules:
        yield _module(module)
    for path, text in _kit():
        yield File(f"tests/kit/{path}", text, is_formatted=True)


def _module(plan: ModulePlan) -> File:
    used: set[str] = set()
    resource = call(plan.resource, used.add)
    text = _TEMPLATES.render(
        "test_route.py.jinja",
        plan=plan,
        resource=Code(resource),
        imports=[name(one) for one in sorted(used, key=lambda n: (not n.isupper(), n))],
        suites=[name(suite) for suite in plan.suites],
    )
    path = f"tests/test_{plan.module}.py"
    return File(path, hash_header(*plan.fqns) + text, plan.origins)


@cache
def _kit() -> tuple[tuple[str, str], ...]:
    """The code that every service's tests share, verbatim, by path."""
    found = sorted(p for p in _KIT.rglob("*.py") if "__pycache__" not in p.parts)
    return tuple(
        (path.relative_to(_KIT).as_posix(), path.read_bytes().decode())
        for path in found
    )
