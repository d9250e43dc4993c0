"""The package as files."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from forge.emit import Code, File, Templates
from forge.emit.headers import hash_header
from forge.emit.literals import name, py
from forge.emit.memo import Slice, memo, slices
from forge.emit.names import pascal
from forge.ir.application import Application
from forge.ir.origin import Origin
from forge.ir.types import InfraCategory
from forge.targets.clients.calls import Beside, beside, collections, tenant_header
from forge.targets.fastapi_prod.docstrings import WIDTH
from forge.targets.fastapi_prod.printing import Import, import_order, natural
from forge.targets.python_client.plan import Module, plan_module

FOLDER = "clients/python"

_TEMPLATES = Templates(__package__)
_OWN = frozenset({"service", "auth", "open", "close", "tenant_header"})
"""What clients have beside their collections."""
_LOCAL = frozenset({"self", "connection", "super"})
"""Names that mean something else where modules are used."""
_KNOWN = ("AuthUser", "Links", "Options", "Page", "Problem", "ProblemDetail", "Tokens")

_Part = tuple[str, list[str], list[str], bool]
"""The text of an entity's module, its types, the classes of its routes, whether it is formatted."""


@dataclass(frozen=True, slots=True)
class Collection:
    """An attribute of the clients."""

    name: Code
    module: Code
    type: Code


@dataclass(frozen=True, slots=True)
class Login:
    """The member by which a login names the user."""

    identity: str

    @property
    def is_class(self) -> bool:
        """Whether it can be a name in a class body."""
        return not keyword.iskeyword(self.identity) and self.identity != "str"

    @property
    def key(self) -> Code:
        """The name."""
        return name(self.identity)

    @property
    def text(self) -> Code:
        """The name as a literal."""
        return py(self.identity)


@dataclass(frozen=True, slots=True)
class ClientPlan:
    """What `client.py` says."""

    domain: str
    modules: tuple[Code, ...]
    collections: tuple[Collection, ...]
    login: Login | None
    external: bool
    tenant_header: Code | None


def render(ir: Application) -> Iterator[File]:
    """Every file of the package."""
    package = f"{FOLDER}/{ir.domain}_client"
    pieces = slices(ir)
    modules = _modules(pieces)
    shown = _beside(ir, modules)
    parts = [memo(_part, *one) for one in zip(pieces, shown, strict=True)]
    domain = f"domain {ir.domain}"
    origins = tuple(entity.origin for entity in ir.entities)
    for module, piece, part in zip(modules, pieces, parts, strict=True):
        (entity,) = piece.entities
        routes = tuple(route.origin for route in piece.routes)
        text = hash_header(entity.fqn) + part[0]
        path = f"{package}/entities/{module}.py"
        yield File(path, text, (entity.origin, *routes), is_formatted=part[3])
    for path, text in (
        ("entities/__init__.py", _TEMPLATES.render("entities.py.jinja")),
        ("client.py", _client(ir, modules, parts)),
        ("types.py", memo(_types, " ".join(modules), [" ".join(p[1]) for p in parts])),
        ("__init__.py", _TEMPLATES.render("package.py.jinja", domain=ir.domain)),
    ):
        yield File(f"{package}/{path}", hash_header(domain) + text, origins)
    for path, text in kit():
        yield File(f"{package}/{path}", text, is_formatted=True)
    yield _project(ir, origins)


def _modules(pieces: tuple[Slice, ...]) -> list[str]:
    """The name of each entity's module."""
    names = (piece.entities[0].name for piece in pieces)
    return [
        f"{one}_" if keyword.iskeyword(one) or one in _LOCAL else one for one in names
    ]


def _beside(ir: Application, modules: list[str]) -> Iterator[Beside]:
    """What can be shown beside the records of each entity, by module and type."""
    places = {
        entity.fqn: (module, pascal(entity.name) or "Unnamed")
        for entity, module in zip(ir.entities, modules, strict=True)
    }
    found = beside(ir)
    for entity, module in zip(ir.entities, modules, strict=True):
        about = found.get(entity.fqn, Beside())
        members = (
            (shown, ".".join(places[fqn]).removeprefix(module), many)
            if places[fqn][0] == module
            else (shown, ".".join(places[fqn]), many)
            for shown, fqn, many in about.members
        )
        yield Beside(tuple(members), about.edges)


def _part(piece: Slice, about: Beside) -> _Part:
    planned = plan_module(piece, piece.entities[0], about)
    others = [name(one) for one in sorted(planned.others, key=natural)]
    text = _TEMPLATES.render("entity.py.jinja", module=planned, others=others)
    classes = [str(one.name) for one in planned.resources]
    return text, planned.types(), classes, _is_formatted(planned, text)


def _is_formatted(module: Module, text: str) -> bool:
    """Whether the formatter would leave the text alone, which is made the way it likes it.

    What is too long for the layout of the template, or wider than its characters, it decides.
    """
    fits = all(len(line) <= WIDTH for line in text.splitlines())
    return fits and text.isascii() and all(one.is_class for one in module.objects)


def _client(ir: Application, modules: list[str], parts: list[_Part]) -> str:
    classes: dict[str, tuple[str, str]] = {}
    for piece, module, part in zip(slices(ir), modules, parts, strict=True):
        for route, wanted in zip(piece.routes, part[2], strict=True):
            classes[route.fqn] = (module, wanted)
    served = [route for route, _ in collections(ir)]
    used = sorted({classes[route.fqn][0] for route in served}, key=import_order)
    auth, header = ir.infra_of(InfraCategory.AUTH), tenant_header(ir)
    external = auth is not None and auth.config.get("provider") == "external"
    identity = str(auth.config.get("identity_field") or "email") if auth else ""
    plan = ClientPlan(
        domain=ir.domain,
        modules=tuple(map(name, used)),
        collections=tuple(
            Collection(name(_attribute(route.name)), *map(name, classes[route.fqn]))
            for route in served
        ),
        login=Login(identity) if auth is not None and not external else None,
        external=external,
        tenant_header=None if header is None else py(header),
    )
    return _TEMPLATES.render("client.py.jinja", plan=plan)


def _attribute(route: str) -> str:
    return f"{route}_" if keyword.iskeyword(route) or route in _OWN else route


def _types(modules: str, types_of: list[str]) -> str:
    """All types in one module; of two with one name, the first."""
    taken = set(_KNOWN)
    imports = []
    for module, types in zip(modules.split(), types_of, strict=True):
        new = [one for one in types.split() if one not in taken]
        taken.update(new)
        names = tuple(map(name, sorted(new, key=import_order)))
        imports.append(Import(name(module), names))
    return _TEMPLATES.render(
        "types.py.jinja",
        imports=sorted(
            (one for one in imports if one.names), key=lambda i: natural(i.module)
        ),
        names=sorted(taken, key=natural),
    )


def _project(ir: Application, origins: tuple[Origin, ...]) -> File:
    text = _TEMPLATES.render(
        "pyproject.toml.jinja",
        distribution=f"{ir.domain}_client".replace("_", "-"),
        package=f"{ir.domain}_client",
    )
    path = f"{FOLDER}/pyproject.toml"
    return File(path, hash_header(f"domain {ir.domain}") + text, origins)


@cache
def kit() -> tuple[tuple[str, str], ...]:
    """The code that every client shares, verbatim, by path."""
    (folder,) = import_module(f"{__package__}.kit").__path__
    found = sorted(p for p in Path(folder).glob("_*.py") if p.name != "__init__.py")
    texts = ((path.name, path.read_bytes().decode()) for path in found)
    return (*texts, ("py.typed", ""))
