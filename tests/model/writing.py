"""What writes do to what is stored: the middle of the reference model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from forge.ir.application import Application, Endpoint, Fill, Route
from forge.ir.bodies import accepted
from forge.ir.entities import Entity
from forge.ir.types import ComputedKind, FieldType, Operation
from forge.ir.workflows import Effect, EmitEvent, SetField
from tests.model.answers import Answer, Problem, Row, not_found, told
from tests.model.expressions import evaluate
from tests.model.shown import steps
from tests.model.store import Event, Store, fingerprint
from tests.model.unknown import Unknown, same
from tests.model.values import of_time, stored
from tests.model.words import key_of


class Writes:
    """The records of a service, and how they change."""

    def __init__(self, ir: Application) -> None:
        self.ir = ir
        self.store = Store.empty(ir)
        self.tags: dict[str, str] = {}
        """What the record held that an ETag stands for."""
        self.cursors: dict[str, Any] = {}
        """What each cursor is bound to, and the row that it stands behind."""
        self.moment = Unknown("moment")
        self.kept: dict[str, tuple[str, Answer]] = {}
        """By idempotency key, what was asked and what was answered."""
        self.turn = 0
        """How many requests have been answered."""

    def find(self, entity: Entity, key: str, among: list[Row] | None = None) -> Row:
        """The record of a key, among the live ones or others. Raises `Problem`."""
        wanted = key_of(entity, key)
        for row in self.store.seen(entity) if among is None else among:
            if (
                wanted is not None
                and tuple(row[n] for n in entity.primary_key) == wanted
            ):
                return row
        raise not_found()

    def new_moment(self) -> None:
        """Begin another write, at a time of its own."""
        self.moment = Unknown("moment")

    def demand_condition(self, route: Route) -> None:
        """Raise `Problem` where a change has to name the version that it is about."""
        if route.global_behaviors.if_match_required:
            raise Problem(told(428, "precondition-required"))

    def create(self, endpoint: Endpoint, entity: Entity, data: Row) -> Row:
        """Store a new record."""
        blank = {f.name: stored(f, f.default) for f in entity.fields}
        if entity.state_machine is not None:
            blank[entity.state_field] = entity.state_machine.initial
        if entity.tenant:
            blank[entity.tenant] = self.store.tenant
        if endpoint.validation:
            wanted = blank | data
            self._apply(entity, wanted, _without_numbers(endpoint.fills))
            self._check_rules(endpoint, wanted)
        row = blank | data
        for field in entity.fields:
            if field.computed is not None:
                row[field.name] = self._made_up(entity, field.name)
        if entity.soft_delete:
            row[entity.soft_delete] = None
        self._apply(entity, row, endpoint.fills)
        self._express(entity, row)
        events = self._apply(entity, row, endpoint.effects)
        self._express(entity, row)
        self._keep(entity, None, row)
        self._emit(entity, row, events)
        return row

    def _made_up(self, entity: Entity, name: str) -> Any:
        field = entity.field(name)
        assert field is not None
        assert field.computed is not None
        match field.computed.kind:
            case ComputedKind.NOW | ComputedKind.NOW_ON_UPDATE:
                return of_time(field, self.moment)
            case ComputedKind.UUID:
                return Unknown("uuid")
            case ComputedKind.IDENTITY:
                return Unknown(
                    "identity", above=self.store.identities.get(entity.fqn, 0)
                )
            case ComputedKind.SEQUENCE:
                form = field.computed.sequence
                assert form is not None
                return self.store.next_number(entity, name, form, datetime.now(UTC))
        return None

    def change(
        self,
        endpoint: Endpoint,
        entity: Entity,
        key: str,
        data: Row,
        version: str | None,
    ) -> Row:
        """Store values in the record of a key."""
        before = self.find(entity, key)
        if endpoint.operation is Operation.REPLACE:
            data = _cleared(entity, endpoint) | data
        else:
            data = _merged(entity, before, data)
        self._check_rules(endpoint, before | data)
        self._demand(entity, before, version)
        after = before | data
        self._apply(entity, after, endpoint.fills)
        if not _changed(before, after):
            return before
        events = self._apply(entity, after, endpoint.effects)
        self._touch(entity, after)
        self._keep(entity, before, after)
        self._emit(entity, after, events)
        return after

    def remove(
        self, endpoint: Endpoint, entity: Entity, key: str, version: str | None
    ) -> None:
        """Delete the record of a key and what goes with it."""
        row = self.find(entity, key)
        self._check_rules(endpoint, dict(row))
        self._demand(entity, row, version)
        last = dict(row)
        self._apply(entity, last, endpoint.fills)
        events = self._apply(entity, last, endpoint.effects)
        if entity.soft_delete and _changed(row, last):
            self._touch(entity, last)
            self._keep(entity, row, last)
            row = last
        self.store.delete(entity, row, self.moment)
        mark = {entity.soft_delete: self.moment} if entity.soft_delete else {}
        self._emit(entity, last | mark, events)

    def restore(self, entity: Entity, key: str, version: str | None) -> Row:
        """Take back the deletion of the record of a key."""
        mark, wanted = entity.soft_delete, key_of(entity, key)
        for row in self.store.rows[entity.fqn]:
            own = tuple(row[name] for name in entity.primary_key)
            gone = mark is not None and row[mark] is not None
            if gone and own == wanted and self.store.is_own(entity, row):
                self._demand(entity, row, version)
                after = row | {mark: None}
                self._touch(entity, after)
                self._keep(entity, row, after, anew=True)
                return after
        raise not_found()

    def step(
        self,
        endpoint: Endpoint,
        entity: Entity,
        key: str,
        data: Row,
        version: str | None,
    ) -> Row:
        """Take one step of the workflow, and store values with it."""
        flow, field = entity.state_machine, entity.state_field
        assert flow is not None
        wanted = data.pop("state")
        before = self.find(entity, key)
        self._check_rules(endpoint, before | data | {field: wanted})
        if flow.state(wanted) is not None:
            # What is no state at all is wrong in every version of the record.
            self._demand(entity, before, version)
        after = before | data
        self._apply(entity, after, endpoint.fills)
        self._admit(entity, after, wanted)
        effects = flow.effects(before[field], wanted)
        after[field] = wanted
        events = self._apply(entity, after, effects)
        events += self._apply(entity, after, endpoint.effects)
        self._touch(entity, after)
        if not _changed(before, after):
            after = before
        else:
            self._keep(entity, before, after)
        self._emit(entity, after, events)
        return after

    def _admit(self, entity: Entity, row: Row, wanted: str) -> None:
        """Raise `Problem` where the record may not take this step."""
        flow, state = entity.state_machine, row[entity.state_field]
        assert flow is not None
        open_now = steps(entity, row)
        if wanted not in open_now:
            raise Problem(
                told(
                    400,
                    "illegal-transition",
                    ("/state", "illegal-transition"),
                    state=state,
                    allowed_states=list(open_now),
                )
            )
        unmet = []
        for guard in flow.guards_of(state, wanted):
            unmet += [
                (f"/{n}", "required")
                for n in guard.require_fields
                if row[n] in (None, "")
            ]
            condition = guard.condition
            tree = condition.expression if condition is not None else None
            if tree is not None and evaluate(tree, row) is not True:
                unmet.append(("", "condition"))
        if unmet:
            raise Problem(told(422, "guard-unmet", *dict.fromkeys(unmet)))

    # ---- What every write has in common

    def _demand(self, entity: Entity, row: Row, version: str | None) -> None:
        if (
            version is not None
            and version != "*"
            and not self._is_version(entity, row, version)
        ):
            raise Problem(told(412, "stale-version"))

    def _is_version(self, entity: Entity, row: Row, tag: str) -> bool:
        return tag in self.tags and self.tags[tag] == fingerprint(entity, row)

    def _check_rules(self, endpoint: Endpoint, row: Row) -> None:
        broken = [
            rule
            for rule in endpoint.validation
            if rule.condition.expression is not None
            and not evaluate(rule.condition.expression, row)
        ]
        if broken:
            first = broken[0].status
            errors = [
                (f"/{rule.field}" if rule.field else "", rule.code)
                for rule in broken
                if rule.status == first
            ]
            code = "invalid" if first == 422 else "about:blank"
            raise Problem(told(first, code, *errors))

    def _apply(self, entity: Entity, row: Row, effects: Sequence[Effect]) -> list[str]:
        """Set in a row, in order, what effects set; the names of their events."""
        events: list[str] = []
        for effect in effects:
            match effect:
                case EmitEvent(name=name):
                    events.append(name)
                case SetField():
                    row[effect.field] = self._set(entity, row, effect)
        return events

    def _set(self, entity: Entity, row: Row, effect: SetField) -> Any:
        field = entity.field(effect.field)
        assert field is not None
        if isinstance(effect, Fill) and effect.sequence is not None:
            now = datetime.now(UTC)
            return self.store.next_number(entity, field.name, effect.sequence, now)
        if effect.expression is not None:
            return stored(field, evaluate(effect.expression, row))
        match effect.keyword:
            case "now" | "today":
                return of_time(field, self.moment)
            case "current_user":
                return None
            case "uuid":
                return Unknown("uuid")
        return stored(field, effect.value)

    def _touch(self, entity: Entity, row: Row) -> None:
        """Fill what every write fills anew."""
        for field in entity.fields:
            kind = field.computed.kind if field.computed else None
            if kind is ComputedKind.NOW_ON_UPDATE:
                row[field.name] = of_time(field, self.moment)
            if kind is ComputedKind.CURRENT_USER and not field.immutable:
                row[field.name] = None
        self._express(entity, row)

    def _express(self, entity: Entity, row: Row) -> None:
        for field in entity.expressions:
            assert field.computed is not None
            assert field.computed.expression is not None
            row[field.name] = stored(field, evaluate(field.computed.expression, row))

    def _keep(
        self, entity: Entity, before: Row | None, after: Row, *, anew: bool = False
    ) -> None:
        """Store a row. Raises `Problem` with all that is wrong with it."""
        faults = list(self.store.faults(entity, before, after, anew=anew))
        if faults:
            raise Problem(*faults)
        self.store.put(entity, before, after)

    def _emit(self, entity: Entity, row: Row, names: Sequence[str]) -> None:
        self.store.events += (Event(entity, name, row, self.turn) for name in names)


def _cleared(entity: Entity, endpoint: Endpoint) -> Row:
    """What a replacement stores where its body says nothing."""
    return {
        f.name: stored(f, f.default)
        for f in accepted(entity, endpoint)
        if not f.sensitive
    }


def _merged(entity: Entity, before: Row, data: Row) -> Row:
    """What a JSON merge patch makes of the objects that a record holds."""
    open_ = {
        f.name for f in entity.fields if f.type in (FieldType.OBJECT, FieldType.JSON)
    }
    return {
        name: merge(before[name], value)
        if name in open_ and isinstance(value, dict)
        else value
        for name, value in data.items()
    }


def merge(target: Any, patch: Any) -> Any:
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        found.pop(name, None) if value is None else None
        if value is not None:
            found[name] = merge(found.get(name), value)
    return found


def _without_numbers(fills: Sequence[Fill]) -> list[Fill]:
    return [fill for fill in fills if fill.sequence is None]


def _changed(before: Row, after: Row) -> bool:
    return any(not same(before[name], after[name]) for name in before)
