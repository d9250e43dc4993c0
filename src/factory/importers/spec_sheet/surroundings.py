"""What a sheet says of the world around a service: tenants, tokens, variables, containers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from factory.importers.documents import Document
from factory.importers.drafts import ContractDraft, Evidence, Unmapped
from factory.importers.spec_sheet.endpoints import Listed
from factory.importers.spec_sheet.events import WAYS
from factory.importers.spec_sheet.splitting import shortened, size_of
from forge.ir.tenants import HEADER

TENANCY = ("tenant_aware", "tenant_scoped", "multi_tenant")
VARIABLES = ("environment", "env", "env_vars", "environment_variables")
_KEPT = {
    "events": ("events",),
    "container": ("deployment",),
    "components": ("components",),
    "database": ("database",),
}
"""Keys that an infra contract keeps, with its category."""
_READ = frozenset(
    {
        "service_name", "service", "name", "description", "tables", "api_endpoints", "endpoints",
        "api", "security", "version", *TENANCY, *VARIABLES, *_KEPT,
    }
)  # fmt: skip
KEPT = 2000
"""Values that an infra contract keeps."""
EVENTS = frozenset(name for names in WAYS.values() for name in names)
_HEALTH = "/health"


def is_tenant_scoped(document: Document) -> bool:
    """Whether records belong to tenants: they do, unless the sheet says otherwise."""
    return not any(document.value.get(key) is False for key in TENANCY)


def about_of(document: Document) -> str:
    """What the sheet says of the whole service."""
    about = document.value.get("description")
    return shortened(about) if isinstance(about, str) else ""


def surroundings(
    document: Document, listed: tuple[Listed, ...], unmapped: list[Unmapped]
) -> Iterator[ContractDraft]:
    """The infra contracts of a service; what has no effect goes to `unmapped` too."""
    if is_tenant_scoped(document):
        place = document.place(
            next((key for key in TENANCY if key in document.value), "")
        )
        config = {"source": "header", "header": HEADER}
        spec = {"category": "tenancy", "config": config}
        evidence = Evidence(place, "spec-sheet/tenancy")
        yield ContractDraft(kind="Infra", name="tenancy", spec=spec, evidence=evidence)
    yield from _security(document, listed, unmapped)
    yield from _kept(document, unmapped)
    for key, value in document.value.items():
        if key == "version":
            what = f"version {shortened(value)}"
            reason = "a contract has no version of the service"
            unmapped.append(Unmapped(document.place(key), what, reason))
        elif key in VARIABLES and not isinstance(value, dict | list | None):
            what = f"{key}: {shortened(value)}"
            unmapped.append(Unmapped(document.place(key), what, "names no variables"))
        elif key not in _READ:
            what = f"{shortened(key)}: {shortened(value)}"
            unmapped.append(Unmapped(document.place(key), what, "no contract says it"))


def _kept(document: Document, unmapped: list[Unmapped]) -> Iterator[ContractDraft]:
    for key, (category,) in _KEPT.items():
        config = _config(document, key)
        variables = dict(_variables(document)) if category == "deployment" else {}
        about = about_of(document) if category == "deployment" else ""
        if size_of((config, variables), KEPT) > KEPT:
            reason = f"holds more than {KEPT} values, too many to keep"
            unmapped.append(Unmapped(document.place(key), key, reason))
            continue
        if not config and not variables:
            if about:
                what = f"description: {about}"
                reason = "no contract describes a whole service"
                unmapped.append(Unmapped(document.place("description"), what, reason))
            continue
        spec: dict[str, Any] = {"category": category}
        place = document.place(key)
        if config:
            spec["config"] = config
            for name in config:
                _told(document, key, name, config[name], category, unmapped)
        if variables:
            spec["env_vars"] = variables
        evidence = Evidence(place, f"spec-sheet/{key}")
        yield ContractDraft(
            kind="Infra", name=category, spec=spec, evidence=evidence, description=about
        )


def _config(document: Document, key: str) -> dict[str, Any]:
    value = document.value.get(key)
    if isinstance(value, list):
        named = [one for one in value if isinstance(one, dict) and _name(one)]
        if len({_name(one) for one in named}) == len(value):
            return {
                _name(one): {k: v for k, v in one.items() if k != "name"}
                for one in named
            }
        return {key: value} if value else {}
    if not isinstance(value, dict):
        return {} if value is None else {key: value}
    left = ("tables",) if key == "database" else VARIABLES
    return {k: v for k, v in value.items() if k not in left and v is not None}


def _name(value: Mapping[str, Any]) -> str:
    name = value.get("name")
    return name if isinstance(name, str) else ""


def _told(
    document: Document,
    key: str,
    name: str,
    value: Any,
    category: str,
    unmapped: list[Unmapped],
) -> None:
    """Say what of a setting has no effect; events are told one by one elsewhere."""
    if key == "events" and name in EVENTS:
        return
    if name == "health_check" and isinstance(value, dict):
        if value.get("path") == _HEALTH:
            return
        reason = f"every service answers `{_HEALTH}`, `/livez` and `/readyz` instead"
    else:
        reason = f"kept in `infra/{category}`; nothing carries it out yet"
    place = document.place(key, name)
    if isinstance(document.value.get(key), list):
        place = next(
            (
                document.place(key, str(number), "name")
                for number, one in enumerate(document.value[key])
                if isinstance(one, dict) and one.get("name") == name
            ),
            place,
        )
    unmapped.append(Unmapped(place, f"{key}.{shortened(name)}", reason))


def _variables(document: Document) -> Iterator[tuple[str, Any]]:
    container = document.value.get("container")
    inner = container if isinstance(container, dict) else {}
    for source in (document.value, inner):
        for key in VARIABLES:
            yield from _listed(source.get(key))


def _listed(value: Any) -> Iterator[tuple[str, Any]]:
    """Variables by name: mappings, lists of names, and lists of `NAME=value`."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield name, _variable(one)
    for one in value if isinstance(value, list) else ():
        if isinstance(one, str):
            name, sign, given = one.partition("=")
            yield name.strip(), {"default": given.strip()} if sign else {}
        elif isinstance(one, dict) and _name(one):
            yield _name(one), _variable({k: v for k, v in one.items() if k != "name"})


def _variable(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        found = {k: v for k, v in value.items() if v is not None}
        if "value" in found:
            found.setdefault("default", found.pop("value"))
        return found
    return {} if value is None else {"default": value}


def _security(
    document: Document, listed: tuple[Listed, ...], unmapped: list[Unmapped]
) -> Iterator[ContractDraft]:
    """Bearer tokens as authentication, unless the sheet has endpoints where it answers itself."""
    security = document.value.get("security")
    if security is not None and not isinstance(security, dict):
        what = f"security: {shortened(security)}"
        unmapped.append(
            Unmapped(document.place("security"), what, "no contract says it")
        )
    ways = security if isinstance(security, dict) else {}
    taken = any(one.steps[0] == "auth" for one in listed)
    found = False
    for kind, names in ways.items():
        place = document.place("security", kind)
        for name in names if isinstance(names, list) else [names]:
            is_token = kind == "authentication" and name in ("jwt", "bearer")
            if is_token and not taken and not found:
                found = True
                spec = {"category": "auth", "config": {"provider": "jwt"}}
                evidence = Evidence(place, "spec-sheet/security")
                yield ContractDraft(
                    kind="Infra", name="auth", spec=spec, evidence=evidence
                )
            else:
                what = f"security.{shortened(kind)} {shortened(name)}"
                reason = _refusal(kind, name, is_token=is_token, taken=taken)
                unmapped.append(Unmapped(place, what, reason))


def _refusal(kind: str, name: object, *, is_token: bool, taken: bool) -> str:
    if is_token and taken:
        return (
            "authentication of contracts answers below `/auth`, as the sheet's own endpoints do; "
            "add an infra contract of the category `auth` in place of them"
        )
    if kind == "authentication":
        return "services here know bearer tokens alone"
    if name == "tenant_isolation":
        return "each record belongs to a tenant; nothing more is said"
    return "the sheet names no roles and no rules"
