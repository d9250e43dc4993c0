"""Endpoints of a sheet as routes: collections of tables, parts of records, and actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from factory.importers.documents import Document
from factory.importers.drafts import (
    EndpointDraft,
    EntityDraft,
    Evidence,
    FieldDraft,
    RouteDraft,
    Unmapped,
)
from factory.importers.naming import Names, singular, snake, words
from factory.importers.spec_sheet.paths import (
    DEEPEST,
    METHODS,
    deeper,
    entry_of,
    is_open,
    keyed,
    parameter_in,
    path_of,
    static_steps,
    steps_of,
)
from factory.importers.spec_sheet.splitting import shortened
from forge.checks.route.path_collision import is_reserved
from forge.ir.lowering.routes import standard_operation
from forge.ir.tenants import TENANT_ID
from forge.ir.types import Operation

WHERE = ("api_endpoints", "endpoints", "api")
"""Keys that may hold the endpoints."""
MOST = 3000
"""Operations of a service."""
LONGEST = 300
"""Characters of a path."""
_ENTRY = frozenset({"path", "methods", "method", "description", "summary"})
_OPEN = "the sheet does not say what it takes and answers, so its function has to"


@dataclass(frozen=True, slots=True)
class Listed:
    """A method on a path, as the sheet lists it."""

    method: str
    steps: tuple[str, ...]
    """Parameters in braces; `*` is the parameter `path`."""
    about: str
    evidence: Evidence
    spelled: str

    @property
    def what(self) -> str:
        """For people."""
        return f"{self.method} {self.spelled}"


@dataclass(frozen=True, slots=True)
class _Answer:
    """Where an endpoint goes: the entity, the path of the collection, and the rest."""

    entity: str
    base: str
    endpoint: EndpointDraft
    is_open: bool


class Endpoints:
    """Reads the endpoints of a service with its tables."""

    def __init__(
        self,
        document: Document,
        entities: Sequence[EntityDraft],
        carrier: str,
        unmapped: list[Unmapped],
    ) -> None:
        """`carrier` names the entity of actions that are about no table."""
        self.document = document
        self.entities = {entity.name: entity for entity in entities}
        self.carrier = carrier
        self.unmapped = unmapped
        self.handlers = Names()
        self.nouns, self.endings = _nouns(self.entities)
        self.columns = {e.name: {f.name for f in e.fields} for e in entities}
        self.tables_by_word: dict[str, list[str]] = {}
        self.tables_by_words: dict[tuple[str, ...], list[str]] = {}
        for name in self.entities:
            own = words(name)
            self.tables_by_words.setdefault(tuple(own), []).append(name)
            for word in {singular(word) for word in own}:
                self.tables_by_word.setdefault(word, []).append(name)
        self.known: dict[str, str] = {}
        self.listed = tuple(self._listed())
        self.methods = Counter(one.steps for one in self.listed)

    def routes(self, events: Mapping[Listed, list[str]]) -> Iterator[RouteDraft]:
        """A route for each collection; what stands at the root shares one."""
        answers = [self._answer(one, events.get(one, [])) for one in self.listed]
        groups: dict[str, list[_Answer]] = {}
        for answer in answers:
            groups.setdefault(answer.base, []).append(answer)
        for base, group in groups.items():
            # Paths at the root share one entity: a route has one, and no two the same path.
            owner = next(
                (a.entity for a in group if a.entity != self.carrier), self.carrier
            )
            name = snake(f"{owner}_operations", "operations") if base == "/" else ""
            endpoints = tuple(e for one in group for e in self._all_of(owner, one))
            yield RouteDraft(
                entity=owner, base_path=base, endpoints=endpoints, name=name
            )

    def _all_of(self, owner: str, answer: _Answer) -> Iterator[EndpointDraft]:
        """An endpoint; one for each number of steps where its path has no end."""
        first = self._of(owner, answer)
        yield first
        if answer.is_open and "handler" in first.keys:
            for number, path in deeper(first.path):
                # A function takes the parameters of its path, so it answers one length.
                name = self.handlers.claim(f"{first.keys['handler']}_{number}_steps")
                yield replace(first, path=path, keys={**first.keys, "handler": name})

    def _of(self, owner: str, answer: _Answer) -> EndpointDraft:
        """An endpoint of a route over `owner`, whose records alone it can be said to answer."""
        one = answer.endpoint
        if answer.entity in (owner, self.carrier):
            return one
        keys = {k: one.keys[k] for k in ("description", "handler") if k in one.keys}
        what = f"{one.method} {one.path}"
        self.unmapped.append(Unmapped(one.evidence.place, what, _OPEN))
        return replace(one, keys=keys)

    def table_of(self, noun: str) -> str:
        """The table that a noun of a path names, whole or by its last words; empty for none."""
        if noun not in self.known:
            self.known[noun] = self._table_of(singular(snake(noun, "?")))
        return self.known[noun]

    def _table_of(self, wanted: str) -> str:
        exact = self.nouns.get(wanted, "")
        ending = self.endings.get(wanted, ())
        return exact or (ending[0] if len(ending) == 1 else "")

    def place_of(self, one: Listed) -> tuple[str, int]:
        """The table of the collection that a path begins with, and how many steps it has."""
        static = static_steps(one.steps)
        for length in range(static, 0, -1):
            table = self.table_of(one.steps[length - 1])
            if table and not is_reserved(path_of(one.steps[:length])):
                return table, length
        return "", 0

    def standard(self, one: Listed) -> Operation | None:
        """What a service does with the endpoint without code of its own."""
        table, length = self.place_of(one)
        if not table or not self._is_collection(table, one, length):
            return None
        found = standard_operation(one.method, path_of(one.steps[length:]))
        usual = (Operation.CUSTOM, Operation.TRANSITION)
        return None if found in usual else found

    def _is_collection(self, table: str, one: Listed, length: int) -> bool:
        """Whether the first parameter behind a collection is the key of its records."""
        rest = one.steps[length:]
        first = parameter_in(rest[0]) if rest else ""
        if not first:
            return True
        entity = self.entities[table]
        if first in entity.primary_key or first == "id":
            return True
        noun = f"{singular(snake(one.steps[length - 1], '?'))}_id"
        return first == noun or first not in {f.name for f in entity.fields}

    def _listed(self) -> Iterator[Listed]:
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for path, spec in self._entries():
            place = self.document.place(*path, "path")
            spelled = str(spec.get("path"))
            steps = steps_of(spelled)
            about = spec.get("description") or spec.get("summary")
            methods = spec.get("methods", spec.get("method", "GET"))
            for written in methods if isinstance(methods, list) else [methods]:
                method = str(written).upper()
                evidence = Evidence(place, "spec-sheet/endpoint")
                text = shortened(about) if isinstance(about, str) else ""
                one = Listed(method, steps, text, evidence, shortened(spelled))
                shape = (method, tuple("{}" if parameter_in(s) else s for s in steps))
                fault = self._fault(one, shape in seen)
                if not fault and len(seen) >= MOST:
                    fault = f"a service has no more than {MOST} operations"
                if fault:
                    self.unmapped.append(Unmapped(place, one.what, fault))
                    continue
                if is_open(spelled):
                    reason = f"a parameter of a path is one step; it is served with up to {DEEPEST}"
                    self.unmapped.append(Unmapped(place, one.what, reason))
                seen.add(shape)
                yield one
            for key in spec:
                if key not in _ENTRY:
                    what = f"{shortened(spelled)} {key}"
                    where = self.document.place(*path, key)
                    self.unmapped.append(Unmapped(where, what, "no contract says it"))

    def _entries(self) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
        for key in WHERE:
            listed = self.document.value.get(key)
            if listed is not None and not isinstance(listed, dict | list):
                where = self.document.place(key)
                reason = "holds no endpoints"
                self.unmapped.append(Unmapped(where, shortened(listed), reason))
            for path, spec in listed.items() if isinstance(listed, dict) else ():
                yield (key, path), keyed(path, spec)
            for number, one in enumerate(listed if isinstance(listed, list) else ()):
                place = (key, str(number))
                found = entry_of(one)
                if found is not None:
                    yield place, found
                else:
                    reason = "is no endpoint with a path"
                    where = self.document.place(*place)
                    self.unmapped.append(Unmapped(where, shortened(one), reason))

    def _fault(self, one: Listed, is_known: bool) -> str:
        if is_known:
            return "is listed twice"
        if one.method not in METHODS:
            return "is no method of an endpoint"
        if len("".join(one.steps)) > LONGEST:
            return "is too long for a path"
        if not one.steps or any("{" in s and not parameter_in(s) for s in one.steps):
            return "is no path of an endpoint"
        served = one.steps[0] != "auth" and is_reserved(path_of(one.steps))
        return "every service answers it by itself" if served else ""

    def _answer(self, one: Listed, events: Sequence[str]) -> _Answer:
        table, length = self.place_of(one)
        part = self._part_of(one)
        if part and part != table:
            return self._at(part, (), one.steps, one, self._within(part, one))
        if table and self._is_collection(table, one, length):
            base, rest = one.steps[:length], one.steps[length:]
            if self.standard(one):
                return self._at(table, base, rest, one, _effects(events))
            return self._at(table, base, rest, one, self._below(table, rest, one))
        entity = self._scoped(one)
        if entity:
            return self._at(entity, (), one.steps, one, self._within(entity, one))
        entity = self._mentioned(one)
        is_static = static_steps(one.steps) == len(one.steps)
        if entity and is_static and not is_reserved(path_of(one.steps)):
            response = {"status": 200, "shape": "list"}
            keys = {**self._handled(one), "response": response}
            return self._at(entity, one.steps, (), one, keys)
        return self._at(self.carrier, (), one.steps, one, self._handled(one))

    def _at(
        self,
        entity: str,
        base: Sequence[str],
        rest: Sequence[str],
        one: Listed,
        keys: Mapping[str, Any],
    ) -> _Answer:
        named = {"description": one.about, **keys} if one.about else dict(keys)
        rule = "handler" if "handler" in keys else "endpoint"
        endpoint = EndpointDraft(
            method=one.method,
            path=path_of(rest),
            evidence=Evidence(one.evidence.place, f"spec-sheet/{rule}"),
            keys=named,
        )
        return _Answer(entity, path_of(base), endpoint, is_open(one.spelled))

    def _handled(self, one: Listed, *, is_open: bool = True) -> dict[str, Any]:
        if is_open:
            self.unmapped.append(Unmapped(one.evidence.place, one.what, _OPEN))
        nouns = [s for s in one.steps if not parameter_in(s)] or ["root"]
        alone = self.methods[one.steps] == 1
        verb = "" if one.method == "POST" and alone else f"{one.method.lower()} "
        return {"handler": self.handlers.claim(snake(verb + " ".join(nouns), "handle"))}

    def _below(self, table: str, rest: Sequence[str], one: Listed) -> dict[str, Any]:
        """Below a record: the column that the last step names, or an action."""
        entity = self.entities[table]
        column = next((f for f in entity.fields if f.name == rest[-1]), None)
        is_part = len(rest) == 2 and parameter_in(rest[0]) and column is not None
        if not is_part or column is None or one.method not in ("GET", "PUT", "PATCH"):
            return self._handled(one)
        part = {snake(column.name, "field"): _plain(column)}
        keys: dict[str, Any] = self._handled(one, is_open=False)
        if one.method != "GET":
            keys["request_body"] = {"fields": part}
        return {**keys, "response": {"status": 200, "fields": part}}

    def _scoped(self, one: Listed) -> str:
        """The only table with the path's parameter as a column whose name shares a word."""
        names = {p for s in one.steps if (p := parameter_in(s))}
        nouns = {
            singular(w) for s in one.steps if not parameter_in(s) for w in words(s)
        }
        near = {t for noun in nouns for t in self.tables_by_word.get(noun, ())}
        known = (table for table in near if names and names <= self.columns[table])
        found = list(islice(known, 2))
        return found[0] if len(found) == 1 else ""

    def _part_of(self, one: Listed) -> str:
        """The table that the last step names, where it has the path's parameters as columns."""
        names = {p for s in one.steps if (p := parameter_in(s))}
        table = self.table_of(one.steps[-1]) if names else ""
        known = {f.name for f in self.entities[table].fields} if table else set()
        return table if names <= known else ""

    def _within(self, entity: str, one: Listed) -> dict[str, Any]:
        """The records of a table that have the path's parameters as their values."""
        if one.method == "GET":
            keys = self._handled(one, is_open=False)
            return {**keys, "response": {"status": 200, "shape": "list"}}
        if one.method != "POST":
            return self._handled(one)
        draft = self.entities[entity]
        given = {p for s in one.steps if (p := parameter_in(s))} | {TENANT_ID}
        sent = [
            f for f in draft.fields if f.name not in given and "computed" not in f.keys
        ]
        must = [f for f in sent if f.keys.get("required") and "default" not in f.keys]
        body = {
            "required_fields": [snake(f.name, "field") for f in must],
            "optional_fields": [snake(f.name, "field") for f in sent if f not in must],
        }
        return {
            **self._handled(one, is_open=False),
            "request_body": {k: v for k, v in body.items() if v},
            "response": {"status": 201, "shape": "entity"},
        }

    def _mentioned(self, one: Listed) -> str:
        """The table whose records an endpoint's description speaks of."""
        about = words(one.about)
        found = {
            table
            for length in {len(name) for name in self.tables_by_words}
            for at in range(len(about) - length + 1)
            for table in self.tables_by_words.get(tuple(about[at : at + length]), ())
        }
        return found.pop() if len(found) == 1 else ""


def _effects(events: Iterable[str]) -> dict[str, Any]:
    found = [{"emit_event": event} for event in events]
    return {"side_effects": found} if found else {}


def _plain(column: FieldDraft) -> dict[str, Any]:
    """A column as a field of a body."""
    left = ("unique", "default", "computed", "enum_name", "immutable")
    return {k: v for k, v in column.keys.items() if k not in left}


def _nouns(names: Iterable[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Tables by their noun, and by each ending of it that begins with a word."""
    nouns: dict[str, str] = {}
    endings: dict[str, list[str]] = {}
    for name in names:
        noun = singular(snake(name, "?"))
        nouns.setdefault(noun, name)
        while (noun := noun.partition("_")[2]) != "":
            endings.setdefault(noun, []).append(name)
    return nouns, endings
