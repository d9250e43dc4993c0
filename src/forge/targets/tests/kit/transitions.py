"""The state machine: every step that is possible works, and no other one does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from . import expect
from .collecting import Suite, each, needs
from .declarations import ANY, Guard, Resource, Workflow
from .desk import NOTHING_FIXED, Desk, Record, key_of
from .effects import stored
from .reading import unknown_key


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of the workflow, possible or not."""

    source: str
    target: str
    variant: str = ""

    def __str__(self) -> str:
        variant = f"{self.variant}: " if self.variant else ""
        return f"{variant}{self.source} -> {self.target}"


def _legal(resource: Resource) -> list[_Step]:
    workflow = resource.workflow
    if workflow is None:
        return []
    return [_Step(s, t) for s, targets in workflow.steps.items() for t in targets]


def _illegal(resource: Resource) -> list[_Step]:
    workflow = resource.workflow
    if workflow is None:
        return []
    states = list(workflow.steps)
    return [
        _Step(source, target)
        for source in states
        for target in states
        if target not in workflow.steps[source]
    ]


def _guarded(resource: Resource) -> list[_Step]:
    guards = resource.workflow.guards if resource.workflow else {}
    return [s for s in _legal(resource) if (s.source, s.target) in guards]


def _varied(resource: Resource) -> list[_Step]:
    workflow = resource.workflow
    if workflow is None or not workflow.variant_field:
        return []
    return [
        _Step(workflow.initial, target, value)
        for value, steps in workflow.variants.items()
        for target in workflow.steps
        if workflow.initial in steps
    ]


class Transitions(Suite):
    """`PUT` of a record's state."""

    @needs("create", "transition")
    @each(_legal)
    def test_legal_step(self, desk: Desk, case: _Step) -> None:
        workflow, record = _ready(desk, self.resource, case)
        key = key_of(self.resource, record)
        answer = _take(desk, self.resource, key, case)
        after = desk.answered(self.resource, "transition", answer, record)
        assert after[workflow.field] == case.target
        assert desk.current(self.resource, record) == after
        _has_effects(self.resource, workflow, case, record, after)
        _has_links(self.resource, workflow, after)

    @needs("create", "transition")
    @each(_illegal)
    def test_illegal_step(self, desk: Desk, case: _Step) -> None:
        workflow, record = _ready(desk, self.resource, case)
        key = key_of(self.resource, record)
        found = expect.problem(desk.step(self.resource, key, case.target), 400)
        assert found["allowed_states"] == list(workflow.steps[case.source])
        assert desk.current(self.resource, record) == record

    @needs("create", "transition")
    @each(_varied)
    def test_step_of_a_variant(self, desk: Desk, case: _Step) -> None:
        workflow = _workflow(self.resource)
        allowed = workflow.variants[case.variant][case.source]
        guard = workflow.guards.get((case.source, case.target), Guard())
        fixed = {workflow.variant_field: case.variant}
        record = desk.create(self.resource, fixed, optional=True)
        answer = _take(desk, self.resource, key_of(self.resource, record), case)
        if case.target not in allowed:
            assert expect.problem(answer, 400)["allowed_states"] == list(allowed)
        elif guard == Guard():
            desk.answered(self.resource, "transition", answer, record)

    @needs("create", "transition")
    @each(lambda resource: [s for s in _guarded(resource) if _requires(resource, s)])
    def test_guard_requires_fields(self, desk: Desk, case: _Step) -> None:
        workflow, record = _ready(desk, self.resource, case, meet=False)
        guard = workflow.guards[case.source, case.target]
        record = _cleared(desk, self.resource, record, guard)
        missing = [n for n in guard.requires if record.get(n) in (None, "")]
        if not missing:
            pytest.skip("a field that the guard requires always has a value")
        answer = _take(desk, self.resource, key_of(self.resource, record), case)
        for name in missing:
            expect.problem(answer, 422, pointer=expect.escaped(name))
        assert desk.current(self.resource, record) == record

    @needs("create", "transition")
    @each(lambda resource: [s for s in _guarded(resource) if _fails(resource, s)])
    def test_guard_checks_the_condition(self, desk: Desk, case: _Step) -> None:
        guard = _workflow(self.resource).guards[case.source, case.target]
        fails = desk.given(self.resource, guard.fails or {})
        late = _for_create(self.resource, fails)
        if late and case.source != _workflow(self.resource).initial:
            pytest.skip("the fields of the condition cannot be changed")
        _, record = _ready(desk, self.resource, case, late=late)
        key = key_of(self.resource, record)
        _set(desk, self.resource, key, fails)
        before = desk.current(self.resource, record)
        expect.problem(_take(desk, self.resource, key, case), 422)
        assert desk.current(self.resource, record) == before

    @needs("create", "transition")
    @each(lambda resource: [s for s in _guarded(resource) if _roles(resource, s)])
    def test_guard_admits_roles_alone(self, desk: Desk, case: _Step) -> None:
        if not desk.client.enforces_roles:
            pytest.skip("the service does not enforce roles")
        workflow, record = _ready(desk, self.resource, case)
        roles = workflow.guards[case.source, case.target].roles
        key = key_of(self.resource, record)
        operation = self.resource.transition
        admitted = operation.roles if operation and operation.roles else None
        for role in desk.client.service.roles:
            if role not in roles and (admitted is None or role in admitted):
                answer = desk.step(self.resource, key, case.target, role=role)
                expect.problem(answer, 403)

    @needs("create", "transition")
    def test_unknown_state_is_refused(self, desk: Desk) -> None:
        workflow = _workflow(self.resource)
        record = desk.create(self.resource)
        key = key_of(self.resource, record)
        found = expect.problem(desk.step(self.resource, key, "no_such_state"), 400)
        assert found["allowed_states"] == list(_open(workflow, record))

    @needs("create", "transition")
    @pytest.mark.parametrize(
        "body",
        [{}, {"state": None}, {"state": 1}, {"state": "x", "more": 1}, []],
        ids=repr,
    )
    def test_broken_body_is_refused(self, desk: Desk, body: Any) -> None:
        key = key_of(self.resource, desk.create(self.resource))
        expect.problem(desk.step(self.resource, key, None, body=body), 422)

    @needs("transition")
    def test_step_of_an_unknown_key_is_not_found(self, desk: Desk) -> None:
        state = _workflow(self.resource).initial
        key = unknown_key(self.resource)
        expect.problem(desk.step(self.resource, key, state), 404)

    @needs("create", "transition")
    def test_step_of_a_stale_version_is_refused(self, desk: Desk) -> None:
        record = desk.create(self.resource)
        steps = _open(_workflow(self.resource), record)
        key = key_of(self.resource, record)
        for state in steps[:1]:
            stale = {"if-match": '"stale"'}
            answer = desk.step(self.resource, key, state, headers=stale)
            expect.problem(answer, 412)
            assert desk.current(self.resource, record) == record

    @needs("create", "transition")
    def test_links_show_the_open_steps(self, desk: Desk) -> None:
        record = desk.create(self.resource)
        _has_links(self.resource, _workflow(self.resource), record)


def _workflow(resource: Resource) -> Workflow:
    assert resource.workflow is not None  # only such collections offer transitions
    return resource.workflow


def _guard(resource: Resource, step: _Step) -> Guard:
    return _workflow(resource).guards[step.source, step.target]


def _requires(resource: Resource, step: _Step) -> bool:
    return bool(_guard(resource, step).requires)


def _fails(resource: Resource, step: _Step) -> bool:
    return _guard(resource, step).fails is not None


def _roles(resource: Resource, step: _Step) -> bool:
    return bool(_guard(resource, step).roles)


def _open(workflow: Workflow, record: Record) -> tuple[str, ...]:
    """The states that a record may go to."""
    state = record[workflow.field]
    variant = workflow.variants.get(str(record.get(workflow.variant_field)), {})
    return variant.get(state, workflow.steps[state])


def _ready(
    desk: Desk,
    resource: Resource,
    case: _Step,
    *,
    meet: bool = True,
    late: Mapping[str, Any] = NOTHING_FIXED,
) -> tuple[Workflow, Record]:
    """A record in the state where the step begins, which meets its guard if wanted.

    `late` holds what it is created with instead.
    """
    workflow = _workflow(resource)
    path = workflow.paths.get(case.source)
    if path is None:
        pytest.skip(f"no way leads to `{case.source}` that the tests can take")
    steps = list(zip((workflow.initial, *path), path, strict=False))
    final = workflow.guards.get((case.source, case.target)) if meet else None
    if final is not None and final.untestable:
        pytest.skip(final.untestable)
    needed = [_wanted(desk, resource, workflow.guards.get(step)) for step in steps]
    wanted = _wanted(desk, resource, final)
    fixed: Record = {}
    if workflow.usual is not None:
        fixed[workflow.variant_field] = workflow.usual
    for values in (*needed, wanted):
        # What cannot be changed later has to be there from the start.
        fixed |= _for_create(resource, values)
    fixed |= late
    record = desk.create(resource, fixed)
    key = key_of(resource, record)
    for (source, target), values in zip(steps, needed, strict=True):
        _set(desk, resource, key, values)
        _walk(desk, resource, record, _Step(source, target))
    _set(desk, resource, key, wanted)
    return workflow, desk.current(resource, record)


def _wanted(desk: Desk, resource: Resource, guard: Guard | None) -> Record:
    """Values under which a guard lets a record pass."""
    if guard is None:
        return {}
    always = {f.name for f in resource.fields if f.required}
    settable = {f.name for f in resource.writable}
    required = {n: ANY for n in guard.requires if n in settable and n not in always}
    return desk.given(resource, {**required, **guard.holds})


def _for_create(resource: Resource, values: Record) -> Record:
    """Those of the values that only a create can set."""
    changeable = {f.name for f in resource.changeable} if resource.update else set()
    return {name: value for name, value in values.items() if name not in changeable}


def _set(desk: Desk, resource: Resource, key: str, values: Record) -> None:
    """Store those of the values in a record that an update can set."""
    changeable = {f.name for f in resource.changeable} if resource.update else set()
    late = {name: value for name, value in values.items() if name in changeable}
    if late:
        answer = desk.patch(resource, key, late)
        assert answer.is_success, expect.told(answer)


def _cleared(desk: Desk, resource: Resource, record: Record, guard: Guard) -> Record:
    """The record without values in the fields that a guard requires."""
    empty = {
        f.name: None
        for f in resource.changeable
        if f.name in guard.requires
        and not f.required
        and record.get(f.name) is not None
    }
    if not empty or resource.update is None:
        return record
    answer = desk.patch(resource, key_of(resource, record), empty)
    return desk.answered(resource, "update", answer, record)


def _walk(desk: Desk, resource: Resource, record: Record, step: _Step) -> None:
    """Take a step that has to succeed."""
    answer = _take(desk, resource, key_of(resource, record), step)
    desk.answered(resource, "transition", answer, record)


def _take(desk: Desk, resource: Resource, key: str, step: _Step) -> httpx.Response:
    """Ask for a step in a role that its guard admits."""
    guard = _workflow(resource).guards.get((step.source, step.target), Guard())
    role = desk.role(resource.transition, guard.roles)
    return desk.step(resource, key, step.target, role=role)


def _has_effects(
    resource: Resource, workflow: Workflow, step: _Step, before: Record, after: Record
) -> None:
    """Check what a step stores besides the state."""
    own = resource.transition.sets if resource.transition else {}
    effects = {**dict(workflow.effects.get((step.source, step.target), ())), **own}
    for name, value in effects.items():
        stored(resource.field(name), after.get(name), value)
    for field in resource.visible:
        sent = resource.transition.requires if resource.transition else ()
        touched = field.name in (*effects, *sent, workflow.field)
        if not touched and not field.computed:
            assert after[field.name] == before[field.name], f"{field.name} changed too"
        if field.computed == "now_on_update" and field.type == "datetime":
            assert after[field.name] > before[field.name], (
                f"{field.name} is not renewed"
            )


def _has_links(resource: Resource, workflow: Workflow, record: Record) -> None:
    """Check that the representation links to the steps that are open, and to no other."""
    shown = {n for n in record["_links"] if n.startswith("state:")}
    wanted = {f"state:{state}" for state in _open(workflow, record)}
    assert shown == wanted, f"links {sorted(shown)} instead of {sorted(wanted)}"
    for name in shown:
        assert record["_links"][name] == f"{record['_links']['self']}/state"
