"""Four records of known values, over which lists are filtered, sorted and paged."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from .declarations import Field, Resource
from .desk import Desk, Record, key_of, resource_of
from .unique import keys_of, scarce, tied
from .values import NoValue, distinct

COUNT = 4


def exhibits(desk: Desk, resource: Resource) -> list[Record]:
    """The records of a collection, created on first use; no test changes them."""
    found = desk.shelf.exhibits.get(resource.path)
    fault = desk.shelf.faults.get(resource.path)
    if fault is not None:
        raise fault
    if found is None:
        try:
            found = _create(desk, resource)
        except (AssertionError, NoValue, pytest.skip.Exception) as reason:
            # Every test that needs the records says the same, without trying again.
            desk.shelf.faults[resource.path] = reason
            raise
        desk.shelf.exhibits[resource.path] = found
    return found


def attempt(desk: Desk, resource: Resource, body: Any) -> httpx.Response:
    """The answer to a change of a record that all tests share, which has to be refused."""
    key = key_of(resource, exhibits(desk, resource)[0])
    answer = desk.patch(resource, key, body)
    if answer.is_success:
        # What is changed all the same is of no use to the tests that follow.
        del desk.shelf.exhibits[resource.path]
    return answer


def _create(desk: Desk, resource: Resource) -> list[Record]:
    if resource.untestable:
        pytest.skip(resource.untestable)
    # Records that all tests share are not tidied up with the first test.
    lasting = desk.shelf.keeper
    columns = {f.name: _column(lasting, resource, f) for f in _varied(resource)}
    records = []
    writable = {f.name for f in resource.writable}
    for number in range(COUNT):
        row = {name: values[number] for name, values in columns.items()}
        fixed = {name: value for name, value in row.items() if name in writable}
        late = {name: value for name, value in row.items() if name not in writable}
        record = lasting.create(resource, fixed, optional=True)
        if late:
            answer = lasting.patch(resource, key_of(resource, record), late)
            record = lasting.answered(resource, "update", answer, record)
        records.append(record)
    if len(records) > 1:
        records[1] = _moved(lasting, resource, records[1])
    return records


def _varied(resource: Resource) -> list[Field]:
    """The fields whose values can be chosen freely."""
    fixed = tied(resource) | {name for key in scarce(resource) for name in key}
    several = {n for r in resource.references if len(r.fields) > 1 for n in r.fields}
    late = resource.free_to_change if resource.update is not None else ()
    every = {f.name: f for f in (*resource.free, *late)}
    return [f for name, f in every.items() if name not in fixed | several]


def _column(desk: Desk, resource: Resource, field: Field) -> list[Any]:
    """Values of a field: three that differ where there are three, and null at last."""
    reference = resource.reference_of(field.name)
    demanded = resource.create is not None and field.name in resource.create.requires
    nullable = not field.required and not demanded
    unique = (field.name,) in keys_of(resource)
    shared = any(field.name in key for key in keys_of(resource))
    if reference is not None:
        values = _targets(desk, reference.route, reference.target_fields[0])
    else:
        values = distinct(field, COUNT)
    if not values:
        return [None] * COUNT
    if unique and len(values) < COUNT:
        pytest.skip(f"`{field.name}` has too few values")
    column = [values[number % len(values)] for number in range(COUNT)]
    if not shared:
        # A tie, which sorting and paging have to put in one order all the same.
        column[2] = column[0]
    if nullable:
        column[3] = None
    return column


def _targets(desk: Desk, route: str, field: str) -> list[Any]:
    if not route:
        return []
    target = resource_of(route)
    if target.untestable:
        return []
    return [desk.create(target)[field], desk.parent(target)[field]]


def _moved(desk: Desk, resource: Resource, record: Record) -> Record:
    """The record in another state, so that states differ."""
    workflow = resource.workflow
    if workflow is None or resource.transition is None:
        return record
    for state in workflow.steps.get(workflow.initial, ()):
        if (workflow.initial, state) not in workflow.guards:
            answer = desk.step(resource, key_of(resource, record), state)
            return answer.json() if answer.status_code == 200 else record
    return record
