"""Drafts to contracts: names, references, routes and pages, as plain values by file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, count
from typing import Any

from factory.importers.drafts import (
    EntityDraft,
    FieldDraft,
    Imported,
    Reference,
    RouteDraft,
    Unmapped,
)
from factory.importers.naming import Names, singular, snake
from factory.proposals.places import contract_file
from forge.checks.entity.name_collision import SUFFIXES, pascal
from forge.checks.route.path_collision import RESERVED, is_reserved
from forge.contracts.envelope import API_VERSION, Kind
from forge.contracts.fields import FIELD
from forge.ir.application import Application
from forge.ir.entities import Entity
from forge.ir.naming import plural

_ORDER = [key.name for key in FIELD.keys]
COLUMNS = 6
"""A page shows so many fields at first."""


@dataclass(slots=True)
class Written:
    """One contract as values, and the drafts' names behind its fields."""

    kind: Kind
    name: str
    contract: dict[str, Any]
    places: dict[tuple[str, ...], Unmapped] = field(default_factory=dict)
    """Where each field comes from, for what has to be taken away again."""

    @property
    def file(self) -> str:
        """The path below the domain's folder."""
        return contract_file(self.kind, self.name)


@dataclass(slots=True)
class Composition:
    """All contracts of an import, and what could not be said."""

    contracts: list[Written]
    unmapped: list[Unmapped]


@dataclass(slots=True)
class _Entity:
    draft: EntityDraft
    name: str
    fields: dict[str, str]
    """Field names by the source's."""
    known: Entity | None
    """What a contract says of it already."""


def compose(imported: Imported, domain: str, known: Application) -> Composition:
    """The contracts that say what was found, under the names that `known` gave before."""
    return _Composer(imported, domain, known).compose()


class _Composer:
    def __init__(self, imported: Imported, domain: str, known: Application) -> None:
        self.imported = imported
        self.domain = domain
        self.known = known
        self.unmapped: list[Unmapped] = list(imported.unmapped)
        self.entities = self._named()

    def compose(self) -> Composition:
        contracts = [self._entity(one) for one in self.entities.values()]
        others = [self._other(draft) for draft in self.imported.contracts]
        routes = list(self._routes())
        return Composition(
            [*contracts, *others, *routes, *self._pages(routes)], self.unmapped
        )

    def _named(self) -> dict[str, _Entity]:
        by_table = {entity.table: entity for entity in self.known.entities}
        by_name = {entity.name: entity for entity in self.known.entities}
        names = EntityNames(by_name)
        wanted = {d.name: _wanted(d) for d in self.imported.entities}
        given: dict[str, tuple[str, Entity | None]] = {}
        # A short name first: what generated code adds to it must not be another's name.
        for draft in sorted(self.imported.entities, key=lambda d: len(wanted[d.name])):
            name = wanted[draft.name]
            known = by_table.get(draft.table or draft.name)
            if known is None and not draft.table:
                known = by_name.get(name)
            full = singular(snake(draft.name.replace(".", "_"), "entity"))
            given[draft.name] = (
                known.name if known else names.claim(name, full),
                known,
            )
        return {
            draft.name: _Entity(draft, name, _field_names(draft, known), known)
            for draft in self.imported.entities
            for name, known in (given[draft.name],)
        }

    def fqn(self, one: _Entity) -> str:
        return f"entity/{self.domain}/{one.name}"

    def _entity(self, one: _Entity) -> Written:
        draft = one.draft
        spec: dict[str, Any] = {}
        table = draft.table or draft.name
        if table != plural(one.name):
            spec["table"] = table
        spec |= draft.keys
        if draft.workflow:
            spec["state_machine"] = f"workflow/{self.domain}/{draft.workflow}"
        key = tuple(one.fields.get(name, name) for name in draft.primary_key)
        if key and key != ("id",):
            spec["primary_key"] = key[0] if len(key) == 1 else list(key)
        written = Written(Kind.ENTITY, one.name, {})
        alone = {names[0] for names in draft.unique_indexes if len(names) == 1}
        spec["fields"] = {
            one.fields[f.name]: self._field(one, f, written, unique=f.name in alone)
            for f in draft.fields
        }
        lists = {
            "foreign_keys": list(self._foreign_keys(one)),
            "unique": [self._names(one, names) for names in _several(draft)],
            "indexes": [self._names(one, names) for names in draft.indexes],
        }
        spec |= {name: value for name, value in lists.items() if value}
        written.contract = self._contract(
            Kind.ENTITY, one.name, spec, draft.description
        )
        return written

    def _names(self, one: _Entity, names: Iterable[str]) -> list[str]:
        return [one.fields.get(name, name) for name in names]

    def _field(
        self, one: _Entity, draft: FieldDraft, written: Written, *, unique: bool
    ) -> dict[str, Any]:
        name = one.fields[draft.name]
        keys = {**draft.keys, **({"unique": True} if unique else {})}
        if (column := draft.column or draft.name) != name:
            keys["column"] = column
        place = draft.evidence.place
        path = ("spec", "fields", name)
        written.places[path] = Unmapped(place, draft.name, "", one.draft.name)
        if draft.reference is not None:
            reference = self._reference(one, draft, draft.reference)
            if reference:
                keys["references"] = reference
        return {key: keys[key] for key in sorted(keys, key=_rank)}

    def _reference(
        self, one: _Entity, draft: FieldDraft, reference: Reference
    ) -> dict[str, Any]:
        target = self.entities.get(reference.entity)
        if target is None:
            self._missing(one, draft.evidence.place, draft.name, reference.entity)
            return {}
        found: dict[str, Any] = {"entity": self.fqn(target)}
        wanted = reference.field
        if wanted and target.draft.primary_key != (wanted,):
            found["field"] = target.fields.get(wanted, wanted)
        if reference.on_delete and reference.on_delete != "restrict":
            found["on_delete"] = reference.on_delete
        return found

    def _missing(self, one: _Entity, place: Any, what: str, target: str) -> None:
        reason = f"refers to `{target}`, which the source does not hold"
        self.unmapped.append(Unmapped(place, what, reason, one.draft.name))

    def _foreign_keys(self, one: _Entity) -> Iterator[dict[str, Any]]:
        for key in one.draft.foreign_keys:
            target = self.entities.get(key.entity)
            if target is None:
                self._missing(
                    one, one.draft.evidence.place, ",".join(key.fields), key.entity
                )
                continue
            found: dict[str, Any] = {
                "fields": self._names(one, key.fields),
                "entity": self.fqn(target),
            }
            if key.references and key.references != target.draft.primary_key:
                found["references"] = self._names(target, key.references)
            if key.on_delete and key.on_delete != "restrict":
                found["on_delete"] = key.on_delete
            yield found

    def _routes(self) -> Iterator[Written]:
        routed: set[str] = set()
        known = {route.entity: route for route in self.known.routes}
        names, paths = Names(), Names(RESERVED)
        for whole in self.imported.routes:
            one = self.entities.get(whole.entity)
            if one is None:
                continue
            routed.add(whole.entity)
            draft = self._served(whole)
            if draft is None:
                continue
            name = draft.name or snake(draft.base_path, plural(one.name))
            yield self._route(
                names.claim(name), paths.claim(draft.base_path), one, draft
            )
        for source, one in self.entities.items():
            if self.imported.routed and source not in routed:
                before = known.get(self.fqn(one))
                name = before.name if before else names.claim(plural(one.name))
                made = paths.claim(f"/{name}", f"/{name}_records")
                path = before.base_path if before else made
                yield self._route(name, path, one, None)

    def _served(self, draft: RouteDraft) -> RouteDraft | None:
        """A route without what every service answers by itself, which is listed; or nothing."""
        kept = []
        # Without an infra contract for it, nothing below `/auth` is answered.
        signs_in = any(
            c.spec.get("category") == "auth" for c in self.imported.contracts
        )
        signs_in = signs_in or any(one.category == "auth" for one in self.known.infra)
        for endpoint in draft.endpoints:
            path = f"{draft.base_path.rstrip('/')}{endpoint.path}".rstrip("/")
            is_free = path.startswith("/auth/") and not signs_in
            if is_reserved(draft.base_path) or (is_reserved(path) and not is_free):
                what = f"{endpoint.method} {path}"
                reason = "the path is the service's own"
                self.unmapped.append(Unmapped(endpoint.evidence.place, what, reason))
            else:
                kept.append(endpoint)
        if not kept and (draft.endpoints or is_reserved(draft.base_path)):
            return None
        return replace(draft, endpoints=tuple(kept))

    def _route(
        self, name: str, path: str, one: _Entity, draft: RouteDraft | None
    ) -> Written:
        spec: dict[str, Any] = {"entity": self.fqn(one), "base_path": path}
        written = Written(Kind.ROUTE, name, {})
        if draft is not None and draft.endpoints:
            spec["endpoints"] = [
                {"method": e.method, "path": e.path, **e.keys} for e in draft.endpoints
            ]
            for endpoint in draft.endpoints:
                what = f"{endpoint.method} {path.rstrip('/')}{endpoint.path}"
                place = Unmapped(endpoint.evidence.place, what, "", one.draft.name)
                own = f"{endpoint.method} {endpoint.path}"
                written.places["spec", "endpoints", own] = place
        about = draft.description if draft else ""
        written.contract = self._contract(Kind.ROUTE, name, spec, about)
        return written

    def _pages(self, routes: Iterable[Written]) -> Iterator[Written]:
        by_fqn = {self.fqn(one): one for one in self.entities.values()}
        seen: set[str] = set()
        for route in routes:
            spec = route.contract["spec"]
            one = by_fqn.get(spec["entity"])
            if one is None or one.name in seen or not one.draft.paged:
                continue
            seen.add(one.name)
            shown = [
                one.fields[f.name]
                for f in one.draft.fields
                if not f.keys.get("sensitive")
            ]
            page = {
                "route": f"/{plural(one.name)}"
                if spec["base_path"] == "/"
                else spec["base_path"],
                "title": route.name.replace("_", " ").capitalize(),
                "entity": spec["entity"],
                "views": [
                    {"type": "table", "default": True, "columns": shown[:COLUMNS]}
                ],
            }
            if shown:
                contract = self._contract(Kind.PAGE, route.name, page, "")
                yield Written(Kind.PAGE, route.name, contract)

    def _other(self, draft: Any) -> Written:
        kind = Kind(draft.kind)
        contract = self._contract(kind, draft.name, dict(draft.spec), draft.description)
        return Written(kind, draft.name, contract)

    def _contract(
        self, kind: Kind, name: str, spec: dict[str, Any], description: str
    ) -> dict[str, Any]:
        metadata: dict[str, Any] = {"name": name, "domain": self.domain}
        if description:
            metadata["description"] = description
        return {
            "apiVersion": API_VERSION,
            "kind": kind.value,
            "metadata": metadata,
            "spec": spec,
        }


def _rank(key: str) -> int:
    """Where a key of a field stands; notes stand last."""
    return _ORDER.index(key) if key in _ORDER else len(_ORDER)


class EntityNames:
    """Names of entities whose classes in generated code do not meet either."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._classes: set[str] = set()
        for name in taken:
            self._add(name)

    def claim(self, *wanted: str) -> str:
        """The first name that is free, or one that is made of the first."""
        first = wanted[0]
        numbered = (f"{first}_record_{number}" for number in count(2))
        for name in chain(wanted, (f"{first}_record",), numbered):
            if pascal(name) not in self._classes:
                self._add(name)
                return name
        raise AssertionError("numbers do not end")

    def _add(self, name: str) -> None:
        self._classes |= {pascal(name) + suffix for suffix in SUFFIXES}


def _wanted(draft: EntityDraft) -> str:
    return singular(snake(draft.name.rpartition(".")[2], "entity"))


def _several(draft: EntityDraft) -> Iterator[tuple[str, ...]]:
    yield from draft.unique
    yield from (names for names in draft.unique_indexes if len(names) > 1)


def _field_names(draft: EntityDraft, known: Entity | None) -> dict[str, str]:
    fields = known.fields if known else ()
    by_column = {f.column: f.name for f in fields}
    # A column's name that no contract can hold was left out of it.
    unnamed = {f.name for f in fields if f.column == f.name}
    names = Names(by_column.values())
    return {
        field.name: by_column.get(field.column or field.name)
        or names.claim(field.called or snake(field.name, "field"), again=unnamed)
        for field in draft.fields
    }
