"""Operations as routes: collections of entities, actions below them, and the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from factory.importers.drafts import EndpointDraft, RouteDraft, Unmapped
from factory.importers.naming import Names, snake
from factory.importers.spec_md.groups import SAMPLES, VERSION, Group, shown_of
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


class Routes:
    """Makes routes of groups whose entities are known."""

    def __init__(
        self,
        members: SAMPLES,
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
        answered = {m.name for m in shown_of(operation, self.members)}
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
    literal = [s for s in rest if s[0] != "{" and s != "api" and not VERSION.match(s)]
    noun = group.noun if group.base != "/" else ""
    verb = operation.method.lower()
    if noun and literal and operation.method == "POST":
        last = "_".join(literal)
        return snake(f"{last}_{noun}", "handle")
    below = [noun] if noun else []
    return snake("_".join([verb, *below, *literal]), "handle")
