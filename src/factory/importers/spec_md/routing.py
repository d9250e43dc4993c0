"""Operations as routes: collections of entities, actions below them, and the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from factory.importers.drafts import EndpointDraft, RouteDraft, Unmapped
from factory.importers.naming import Names, singular, snake, words
from factory.importers.spec_md.operations import Operation
from factory.importers.spec_md.shapes import Member, Shape, all_members, typed
from forge.checks.route.path_collision import is_reserved
from forge.ir.lowering.routes import standard_operation
from forge.ir.types import Operation as Standard

MAX_FIELDS = 60
"""Members of a body that are written as fields; more is a document to store."""
MAX_SAMPLE = 4000
"""Characters of a sample that the documentation repeats."""
OPEN = "open: the text does not say how, so the function `{}` has to"
_SERVED = frozenset({"limit", "offset", "sort", "q", "cursor"})
_USUAL = {Standard.CREATE: 201, Standard.DELETE: 204}
_VERSION = re.compile(r"v\d+\Z")
_SAMPLES = Mapping[str, list[Member]]


@dataclass(slots=True)
class Group:
    """The operations below one path."""

    base: str
    operations: list[Operation] = field(default_factory=list)
    entity: str = ""

    @property
    def depth(self) -> int:
        """Steps of the base path."""
        return len([step for step in self.base.split("/") if step])

    @property
    def noun(self) -> str:
        """What its records are called."""
        return singular(snake(self.base.rpartition("/")[2], "root"))

    def rest(self, operation: Operation) -> list[str]:
        """The steps of an operation behind the base path."""
        return operation.steps[self.depth :]

    @property
    def key(self) -> str:
        """The parameter that names one record; empty where none does."""
        firsts = [
            r[0][1:-1]
            for o in self.operations
            if (r := self.rest(o)) and r[0][0] == "{"
        ]
        return firsts[0] if firsts else ""

    @property
    def is_collection(self) -> bool:
        """Whether its paths lead to records, and not to what the service does as a whole."""
        plain = {o.method for o in self.operations if not self.rest(o)}
        return bool(self.key) or {"GET", "POST"} <= plain


def grouped(operations: Iterable[Operation]) -> list[Group]:
    """Operations by the first step of their paths that is a noun."""
    groups: dict[str, Group] = {}
    for operation in operations:
        steps: list[str] = []
        for step in operation.steps:
            if step.startswith("{"):
                break
            steps.append(step)
            if step != "api" and not _VERSION.match(step):
                break
        base = "/" + "/".join(steps)
        groups.setdefault(base, Group(base)).operations.append(operation)
    return list(groups.values())


def entity_of(group: Group, members: _SAMPLES, known: Iterable[str]) -> str:
    """The model whose records a group is about; empty where none fits."""
    names = list(known)
    by_name = {singular(snake(name)): name for name in reversed(names)}
    if group.noun in by_name:
        return by_name[group.noun]
    for ending in ("response", "out", "read", "model", "record", "base", "in_db"):
        if f"{group.noun}_{ending}" in by_name:
            return by_name[f"{group.noun}_{ending}"]
    shown = {m.name for o in group.operations for m in _shown(o, members)}
    wanted = set(words(group.noun))
    scored = []
    for number, name in enumerate(names):
        own = {m.name for m in members[name]}
        has_key = bool(group.key) and group.key in own and group.key != "id"
        shares = wanted <= {singular(word) for word in words(name)}
        fits = len(shown & own) * 2 >= len(own)
        if has_key or (shares and (group.is_collection or fits)):
            scored.append((has_key, shares, len(shown & own), -number, name))
    return max(scored)[-1] if scored else ""


def _shown(operation: Operation, members: _SAMPLES) -> Iterable[Member]:
    """What an answer shows of a record: its members, or those of its elements."""
    answer = operation.answer
    found = list(all_members(answer, members))
    lists = [m for m in found if m.is_list and m.members]
    return (
        lists[0].members
        if len(lists) == 1 and not (answer and answer.is_list)
        else found
    )


def modelled(operation: Operation, members: _SAMPLES) -> None:
    """Take the one model that has every member of a request's sample for the request."""
    shape = operation.request
    if shape is None or shape.model or shape.is_list or len(shape.members) < 2:
        return
    fitting = [n for n, own in members.items() if shape.names <= {m.name for m in own}]
    close = [n for n in fitting if len(shape.members) * 2 >= len(members[n])]
    if len(close) == 1:
        operation.request = Shape([], shape.place, model=close[0], sample=shape.sample)
        operation.request.members = shape.members


def shown_members(group: Group, members: _SAMPLES) -> list[Member]:
    """Members of a record, from the samples of the operations that answer with one."""
    found: dict[str, Member] = {}
    # A single record is shown in full, the elements of a list are shortened.
    for operation in sorted(group.operations, key=_fullness(group)):
        rest = group.rest(operation)
        whole = not rest or (len(rest) == 1 and rest[0][0] == "{")
        answered = _shown(operation, members) if whole else ()
        sent = all_members(operation.request, members) if whole else ()
        for member in (*answered, *sent):
            known = found.setdefault(
                member.name, replace(member, keys=dict(member.keys))
            )
            if known.keys["type"] == member.keys["type"]:
                # A later sample may say more: that it must be there, which values are legal.
                known.keys.update(
                    {k: v for k, v in member.keys.items() if k not in known.keys}
                )
    return list(found.values())


def _fullness(group: Group) -> Any:
    order = {"GET": 0, "POST": 1, "PUT": 2, "PATCH": 3, "DELETE": 4}
    return lambda o: (not group.rest(o), order[o.method])


class Routes:
    """Makes routes of groups whose entities are known."""

    def __init__(
        self,
        members: _SAMPLES,
        stateful: Mapping[str, str],
        carrier: str,
        settable: set[str],
    ) -> None:
        """`stateful` names the source's field of states by entity, `settable` the entities that
        have anything to send."""
        self.members = members
        self.stateful = stateful
        self.carrier = carrier
        self.settable = settable
        self.unmapped: list[Unmapped] = []
        self.handlers = Names()

    def routes(self, groups: Sequence[Group]) -> tuple[RouteDraft, ...]:
        """A route for each collection, and one at the root for all that is about none."""
        made = []
        names = Names()
        root: list[EndpointDraft] = []
        for group in groups:
            if group.entity:
                endpoints = [self._endpoint(o, group) for o in group.operations]
                name = names.claim(
                    snake(group.base.rpartition("/")[2], "root"),
                    snake(group.base, "root"),
                )
                made.append(RouteDraft(entity=group.entity, base_path=group.base,
                                       endpoints=tuple(endpoints), name=name))  # fmt: skip
            else:
                here = Group("/", group.operations, self.carrier)
                root += [
                    self._endpoint(o, here) for o in group.operations if self._is_own(o)
                ]
        if root:
            name = names.claim(snake(f"{self.carrier}_operations"))
            made.append(
                RouteDraft(
                    entity=self.carrier, base_path="/", endpoints=tuple(root), name=name
                )
            )
        return tuple(made)

    def _is_own(self, operation: Operation) -> bool:
        if (
            operation.steps
            and operation.steps[0] != "auth"
            and is_reserved(operation.path)
        ):
            shown = [f"`{m.name}`" for m in all_members(operation.answer, self.members)]
            reason = "every service answers it by itself"
            if shown:
                reason += f"; its own answer does not have {', '.join(shown[:12])}"
            self._note(operation, operation.what, reason)
            return False
        return True

    def _note(self, operation: Operation, what: str, reason: str) -> None:
        self.unmapped.append(Unmapped(operation.evidence.place, what, reason))

    def _endpoint(self, operation: Operation, group: Group) -> EndpointDraft:
        rest = group.rest(operation)
        path = "/" + "/".join(rest)
        keys: dict[str, Any] = {}
        if operation.summary:
            keys["summary"] = operation.summary
        if operation.prose:
            keys["description"] = "\n".join(operation.prose)[:4000]
        if self._is_standard(operation, group, path):
            self._standard(operation, group, path, keys)
        else:
            self._handled(operation, group, keys)
        self._queries(operation, group, keys)
        for doubt in operation.doubts:
            self._note(operation, operation.what, doubt)
        return EndpointDraft(
            method=operation.method, path=path, evidence=operation.evidence, keys=keys
        )

    def _is_standard(self, operation: Operation, group: Group, path: str) -> bool:
        """Whether a service answers it as the text shows, without code of its own."""
        kind = standard_operation(operation.method, path)
        if kind is Standard.TRANSITION:
            return group.entity in self.stateful
        if kind in (Standard.CUSTOM, Standard.GRAPH, Standard.RESTORE, Standard.BULK):
            return False
        if group.entity == self.carrier:
            return False
        own = {m.name for m in self.members[group.entity]}
        sent = {m.name for m in all_members(operation.request, self.members)}
        answered = {m.name for m in _shown(operation, self.members)}
        if kind is Standard.DELETE:
            return not sent
        if kind in (Standard.LIST, Standard.READ):
            return not sent and (not answered or len(answered & own) * 2 >= len(answered)
                                 if kind is Standard.LIST else answered <= own)  # fmt: skip
        if group.entity not in self.settable:
            return False
        return sent <= own and answered <= own

    def _standard(
        self, operation: Operation, group: Group, path: str, keys: dict[str, Any]
    ) -> None:
        kind = standard_operation(operation.method, path)
        if operation.status and operation.status != _USUAL.get(kind, 200):
            keys["response"] = {"status": operation.status}
        if (
            kind is Standard.LIST
            and operation.answer is not None
            and not operation.answer.is_list
        ):
            names = [f"`{m.name}`" for m in all_members(operation.answer, self.members)]
            if names:
                reason = (
                    f"answered as every list is; the text shows {', '.join(names[:12])}"
                )
                self._note(operation, operation.what, reason)
        if kind is Standard.DELETE and operation.answer is not None:
            self._note(operation, operation.what, "a deletion answers with no body")

    def _handled(
        self, operation: Operation, group: Group, keys: dict[str, Any]
    ) -> None:
        name = self.handlers.claim(_handler(operation, group))
        keys["handler"] = name
        self._note(operation, operation.what, OPEN.format(name))
        sent = self._fields(operation, operation.request, "request")
        if sent and operation.method in ("POST", "PUT", "PATCH"):
            keys["request_body"] = {"fields": sent}
        response = self._response(operation, group)
        if response:
            keys["response"] = response

    def _response(self, operation: Operation, group: Group) -> dict[str, Any]:
        found: dict[str, Any] = {"status": operation.status} if operation.status else {}
        if operation.status == 204:
            return {**found, "shape": "empty"}
        answer = operation.answer
        if answer is None:
            return found
        if answer.model and answer.model == group.entity:
            return {**found, "shape": "list" if answer.is_list else "entity"}
        if answer.is_list:
            self._note(
                operation,
                operation.what,
                "answers a list of what is no record of the entity",
            )
            return {**found, "shape": "message"}
        fields = self._fields(operation, answer, "answer")
        if not fields:
            return found
        example = _example(answer.sample)
        return {
            **found,
            "fields": fields,
            **({"body_example": example} if example else {}),
        }

    def _fields(
        self, operation: Operation, shape: Shape | None, kind: str
    ) -> dict[str, Any]:
        found = list(all_members(shape, self.members))
        if len(found) > MAX_FIELDS:
            self._note(
                operation,
                operation.what,
                f"its {kind} has more than {MAX_FIELDS} members",
            )
            return {}
        names = Names()
        fields: dict[str, Any] = {}
        renamed = []
        for member in found:
            own = names.claim(snake(member.name, "field"))
            if own != member.name:
                renamed.append(f"`{member.name}` as `{own}`")
            fields[own] = plain_keys(member)
        nested = [f"`{m.name}`" for m in found if m.members or m.model]
        if nested and kind == "request":
            reason = f"what is inside of {', '.join(nested[:12])} is not checked"
            self._note(operation, operation.what, reason)
        if renamed:
            self._note(
                operation,
                f"{operation.what} names",
                f"its {kind} has {', '.join(renamed[:12])}",
            )
        return fields

    def _queries(
        self, operation: Operation, group: Group, keys: Mapping[str, Any]
    ) -> None:
        names = [q for q in operation.query if q not in _SERVED]
        own = {m.name for m in self.members.get(group.entity, ())}
        state = self.stateful.get(group.entity, "")
        if "handler" in keys:
            told = names
            reason = "a function is given no query string: {}"
        else:
            told = [q for q in names if q not in own]
            reason = "is no field of the entity, so no list is filtered by it: {}"
            if state in names and state != "state":
                self._note(
                    operation,
                    f"{operation.what}?{state}",
                    f"`{state}` is the field `state`",
                )
        if told:
            listed = ", ".join(f"`{name}`" for name in told[:12])
            self._note(operation, f"{operation.what} query", reason.format(listed))


def plain_keys(member: Member) -> dict[str, Any]:
    """A member as a field of a body."""
    left = ("unique", "computed", "enum_name", "immutable")
    return {k: v for k, v in member.keys.items() if k not in left}


def _example(sample: Any) -> Any:
    if not isinstance(sample, dict) or not sample:
        return None
    # The name of a type is no example of its values.
    shown = {k: v for k, v in sample.items() if not (isinstance(v, str) and typed(v))}
    return shown if len(json.dumps(shown)) <= MAX_SAMPLE else None


def _handler(operation: Operation, group: Group) -> str:
    """The name of a function: `approve_build`, `get_build_status`, `post_message`."""
    rest = group.rest(operation)
    literal = [s for s in rest if s[0] != "{" and s != "api" and not _VERSION.match(s)]
    noun = group.noun if group.base != "/" else ""
    verb = operation.method.lower()
    if noun and literal and operation.method == "POST":
        last = "_".join(literal)
        return snake(f"{last}_{noun}", "handle")
    below = [noun] if noun else []
    return snake("_".join([verb, *below, *literal]), "handle")
