"""Fields, references and operations as the tests declare them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from forge.expressions import names
from forge.ir.application import Application, Endpoint, Route
from forge.ir.bodies import accepted, changeable, demanded, fills, writable
from forge.ir.entities import Entity, SequenceFormat
from forge.ir.entities import Field as IrField
from forge.ir.formats import PATTERNS, has_format
from forge.ir.types import ComputedKind, FieldType, InfraCategory, Operation
from forge.targets.tests.conditions import solve
from forge.targets.tests.evaluation import breaks, examples
from forge.targets.tests.kit import declarations as kit
from forge.targets.tests.kit.patterns import example
from forge.targets.tests.plan_workflows import effects_of

_BITS = {"int16": 16, "int32": 32}
_WITH_A_BODY = frozenset(
    {Operation.CREATE, Operation.UPDATE, Operation.REPLACE, Operation.TRANSITION}
)
_STATUS = {Operation.CREATE: 201, Operation.DELETE: 204}
_IDS = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.UUID})
"""Types that can hold the id of a caller of the tests."""

_PLACEHOLDER = re.compile(r"\\\{(?:year|month|day)\\\}")


def plan_fields(entity: Entity, ir: Application) -> dict[str, kit.Field]:
    """The declarations of an entity's fields, by name."""
    found = {field.name: _field(field, entity, ir) for field in entity.fields}
    for field in entity.fields:
        if field.computed is not None and field.computed.expression is not None:
            known = examples(field.computed.expression, found)
            found[field.name] = replace(found[field.name], examples=known)
    return found


def without_refused(
    fields: Mapping[str, kit.Field], route: Route
) -> dict[str, kit.Field]:
    """The fields, without examples that a rule of the route refuses."""
    rules = [
        rule.condition.expression
        for endpoint in route.endpoints
        for rule in endpoint.validation
        if rule.condition.expression is not None
    ]
    if not rules:
        return dict(fields)
    return {
        name: replace(
            field,
            examples=tuple(
                (values, wanted)
                for values, wanted in field.examples
                if not any(breaks(values, rule) for rule in rules)
            ),
        )
        for name, field in fields.items()
    }


def _field(field: IrField, entity: Entity, ir: Application) -> kit.Field:
    limits = field.constraints
    sample = _example(field)
    computed = field.computed
    return kit.Field(
        field.name,
        field.type.value,
        required=field.required,
        immutable=field.immutable,
        sensitive=field.sensitive,
        computed=computed.kind.value if computed else "",
        managed=_managed(field, entity),
        form=_form(computed.sequence) if computed and computed.sequence else "",
        default=field.default,
        enum=tuple(field.enum),
        items=field.items_type.value if field.items_type else "",
        bits=_BITS.get(field.format or "", 64)
        if field.type is FieldType.INTEGER
        else 64,
        min=limits.min,
        max=limits.max,
        min_length=limits.min_length,
        max_length=limits.max_length,
        min_items=limits.min_items,
        max_items=limits.max_items,
        pattern=_pattern(field) or "",
        example=sample or "",
        precision=limits.precision,
        scale=limits.scale,
        untestable=_untestable(field, sample, ir),
    )


def _managed(field: IrField, entity: Entity) -> bool:
    state = entity.state_field if entity.state_machine is not None else None
    return field.managed or field.name in (state, entity.soft_delete)


def _example(field: IrField) -> str | None:
    """A text for the field's pattern, the same one every time."""
    limits = field.constraints
    pattern = _pattern(field)
    if pattern is None or field.enum:
        return None
    found = example(pattern, limits.min_length or 0, limits.max_length, _Steps())
    fits = found is None or has_format(field.format or "", found)
    return found if fits else None


def _pattern(field: IrField) -> str | None:
    """What a text has to match: a pattern of its own, or that of its format."""
    if field.type not in (FieldType.STRING, FieldType.TEXT):
        return field.constraints.pattern
    return field.constraints.pattern or PATTERNS.get(field.format or "")


class _Steps:
    """Makes the same choices on every machine and in every version of Python."""

    def __init__(self) -> None:
        self._state = 20_240_229

    def _below(self, bound: int) -> int:
        self._state = (self._state * 1_103_515_245 + 12_345) % 2**31
        return (self._state >> 8) % bound

    def choice(self, seq: Sequence[str], /) -> str:
        return seq[self._below(len(seq))]

    def randint(self, a: int, b: int, /) -> int:
        return a + self._below(b - a + 1)


def _untestable(field: IrField, sample: str | None, ir: Application) -> str:
    if _pattern(field) is not None and sample is None and not field.enum:
        return f"no text was found that matches the pattern of `{field.name}`"
    computed = field.computed
    if computed is None or computed.kind is not ComputedKind.CURRENT_USER:
        return ""
    has_auth = ir.infra_of(InfraCategory.AUTH) is not None
    if field.required and not has_auth:
        return f"`{field.name}` needs a caller, and the service has no authentication"
    if has_auth and (field.reference is not None or field.type not in _IDS):
        return f"`{field.name}` refers to the caller, who is not stored"
    return ""


def _form(sequence: SequenceFormat) -> str:
    """A regular expression with the number as its group."""
    before, after = (
        _PLACEHOLDER.sub(r"\\d+", re.escape(text))
        for text in (sequence.prefix, sequence.suffix)
    )
    return rf"{before}(\d{{{max(sequence.width, 1)},}}){after}"


def plan_operation(
    route: Route, kind: Operation, entity: Entity, fields: Mapping[str, kit.Field]
) -> kit.Operation | None:
    """What the route says of a standard operation."""
    endpoint = route.endpoint(kind)
    if endpoint is None:
        return None
    return kit.Operation(
        status=endpoint.response.status or _STATUS.get(kind, 200),
        roles=endpoint.roles,
        requires=_requires(endpoint, entity),
        accepts=_accepts(endpoint, entity),
        rules=tuple(_rules(endpoint, entity, fields)),
        fills=effects_of(fills(entity, endpoint)),
        effects=effects_of(endpoint.effects),
        filters=endpoint.filters if kind is Operation.LIST else None,
    )


def _requires(endpoint: Endpoint, entity: Entity) -> tuple[str, ...]:
    """Fields that only this endpoint's body has to hold."""
    if endpoint.operation not in _WITH_A_BODY:
        return ()
    must = demanded(entity, endpoint)
    whole = endpoint.operation in (Operation.CREATE, Operation.REPLACE)
    return tuple(
        f.name
        for f in entity.fields
        if f.name in must and not (whole and f.required and f.default is None)
    )


def _accepts(endpoint: Endpoint, entity: Entity) -> tuple[str, ...] | None:
    """The only fields that the endpoint's body may hold; `None` for the usual ones."""
    if endpoint.operation not in _WITH_A_BODY:
        return None
    usual = (
        writable(entity)
        if endpoint.operation is Operation.CREATE
        else changeable(entity)
    )
    if endpoint.operation is Operation.TRANSITION:
        usual = ()
    fields = accepted(entity, endpoint)
    return None if fields == usual else tuple(f.name for f in fields)


def _sendable(
    endpoint: Endpoint, entity: Entity, fields: Mapping[str, kit.Field]
) -> dict[str, kit.Field]:
    """What a body of the endpoint may hold; fields that it must hold as required ones."""
    must = demanded(entity, endpoint)
    return {
        f.name: replace(fields[f.name], required=True)
        if f.name in must
        else fields[f.name]
        for f in accepted(entity, endpoint)
    }


def _rules(
    endpoint: Endpoint, entity: Entity, fields: Mapping[str, kit.Field]
) -> Iterable[kit.Rule]:
    settable = _sendable(endpoint, entity, fields)
    for rule in endpoint.validation:
        condition = rule.condition.expression
        if condition is None:
            continue
        holds = solve(condition, True, settable)
        yield kit.Rule(
            detail=rule.message,
            field=rule.field or "",
            status=rule.status,
            code=rule.code,
            reads=names(condition),
            holds=holds or {},
            fails=solve(condition, False, settable) if holds is not None else None,
        )


def unmet_rule(route: Route, entity: Entity, fields: Mapping[str, kit.Field]) -> str:
    """Why the tests cannot meet a rule of the route; empty where they can."""
    for endpoint in route.endpoints:
        if endpoint.operation is Operation.CUSTOM:
            continue
        settable = _sendable(endpoint, entity, fields)
        for rule in endpoint.validation:
            condition = rule.condition.expression
            if condition is not None and solve(condition, True, settable) is None:
                return f"no values were found that meet `{rule.condition.text}`"
    return ""
