"""Entities as targets see them: mixins expanded, state and number fields in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from dataclasses import fields as declared
from functools import cached_property
from typing import Any

from forge.expressions import Expression, names
from forge.ir.origin import BUILT_IN, Origin
from forge.ir.types import ComputedKind, FieldType, GraphDirection, OnDelete
from forge.ir.workflows import Workflow

Literal = Any
"""A JSON value of a contract: the one place where the IR holds what the author chose."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """Bounds on a field's value. `None` means unbounded."""

    min: int | float | str | None = None
    max: int | float | str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    pattern: str | None = None
    precision: int | None = None
    """Total digits of a decimal."""
    scale: int | None = None
    """Digits of a decimal after the point."""


UNCONSTRAINED = Constraints()


@dataclass(frozen=True, slots=True)
class SequenceFormat:
    """`TKT-{n:06}`: the text around a gapless number. The text may hold `{year} {month} {day}`."""

    prefix: str
    width: int
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Computed:
    """How a field is filled. No client may set it."""

    kind: ComputedKind
    sequence: SequenceFormat | None = None
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A field that holds the key of another record."""

    entity: str
    """FQN of the entity referred to."""
    field: str = "id"
    display: str | None = None
    graph_edge: str | None = None
    graph_direction: GraphDirection = GraphDirection.FORWARD
    on_delete: OnDelete = OnDelete.RESTRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of an entity."""

    name: str
    type: FieldType
    column: str
    description: str = ""
    required: bool = False
    """NOT NULL in the database; must be sent on create unless there is a default."""
    immutable: bool = False
    sensitive: bool = False
    managed: bool = False
    """Changed by the service alone: the state of a record, the time of its deletion."""
    unique: bool = False
    default: Literal = None
    """JSON form; `None` means no default."""
    format: str | None = None
    enum: tuple[str | int | float, ...] = ()
    enum_name: str | None = None
    items_type: FieldType | None = None
    """Type of an array's elements; `None` for any JSON value."""
    computed: Computed | None = None
    constraints: Constraints = UNCONSTRAINED
    reference: Reference | None = None
    renamed_from: tuple[str, ...] = ()
    """Former names, the latest first."""
    origin: Origin = field(default=BUILT_IN, compare=False, repr=False)

    @property
    def settable(self) -> bool:
        """Whether a client may send it on create."""
        return self.computed is None and not self.managed

    @property
    def updatable(self) -> bool:
        """Whether a client may change it."""
        return self.settable and not self.immutable


def reads(field: Field) -> tuple[str, ...]:
    """The fields that a field's expression reads; none where it has no expression."""
    computed = field.computed
    return names(computed.expression) if computed and computed.expression else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A reference of one or several fields together."""

    fields: tuple[str, ...]
    entity: str
    """FQN of the entity referred to."""
    references: tuple[str, ...]
    on_delete: OnDelete = OnDelete.RESTRICT
    graph_edge: str | None = None
    graph_direction: GraphDirection = GraphDirection.FORWARD
    origin: Origin = field(default=BUILT_IN, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A row policy as written. Carried by a later target; checked for form."""

    spec: Literal
    origin: Origin = field(default=BUILT_IN, compare=False, repr=False)


class Fields(tuple[Field, ...]):
    """Fields in order, which can also be asked for by name: `"id" in fields`, `fields["id"]`."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        if isinstance(item, str):
            return any(f.name == item for f in self)
        return super().__contains__(item)

    def __getitem__(self, item: Any) -> Any:
        """The field called `item`, or what a tuple has there. Raises `KeyError`."""
        if not isinstance(item, str):
            return super().__getitem__(item)
        found = self.get(item)
        if found is None:
            raise KeyError(item)
        return found

    def has(self, name: str) -> bool:
        """Whether there is a field called `name`."""
        return name in self.names()

    def names(self) -> Iterator[str]:
        """The names, in order."""
        return (f.name for f in self)

    def get(self, name: str) -> Field | None:
        """The field called `name`."""
        return next((f for f in self if f.name == name), None)


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A kind of record."""

    fqn: str
    name: str
    domain: str
    description: str = ""
    icon: str | None = None
    table: str
    fields: Fields
    """All fields: own, from mixins, the state, the number."""
    own_fields: tuple[str, ...] = ()
    """Names of the fields that the contract itself declares."""
    mixins: tuple[str, ...] = ()
    """FQNs as applied, those that mixins require included."""
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    """Declared keys of several fields; single references are on the fields."""
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    search: tuple[str, ...] = ()
    tenant_scoped: bool = False
    policies: tuple[Policy, ...] = ()
    renamed_from: tuple[str, ...] = ()
    """Former names, the latest first."""
    number_prefix: str | None = None
    workflow_fqn: str | None = None
    """The workflow the contract names, also where it does not exist."""
    state_machine: Workflow | None = None
    state_field: str = "state"
    soft_delete: str | None = None
    """The field that holds the time of deletion, if deleting only marks."""
    hooks: tuple[str, ...] = ()
    """The functions of `behaviors/<entity>.py` that run around writes: `before_create` ..."""
    tenant: str | None = None
    """The field that holds the tenant, if records belong to one."""
    tenant_header: str | None = None
    """The header by which a request names the tenant."""
    origin: Origin = field(default=BUILT_IN, compare=False, repr=False)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {f.name: f for f in reversed(self.fields)}

    def field(self, name: str) -> Field | None:
        """The field called `name`."""
        return self._by_name.get(name)

    @property
    def kept(self) -> tuple[str | None, ...]:
        """The fields that only a transition, a deletion or the tenant's request sets."""
        state = self.state_field if self.state_machine is not None else None
        return (state, self.soft_delete, self.tenant)

    @cached_property
    def writable(self) -> tuple[Field, ...]:
        """The fields that a client may send on create."""
        return tuple(f for f in self.fields if f.settable and f.name not in self.kept)

    @cached_property
    def changeable(self) -> tuple[Field, ...]:
        """The fields that a client may change."""
        kept = (*self.kept, *self.primary_key)
        return tuple(f for f in self.fields if f.updatable and f.name not in kept)

    @cached_property
    def expressions(self) -> tuple[Field, ...]:
        """The fields with an expression, each behind those that it reads, else as declared."""
        waiting = [f for f in self.fields if f.computed and f.computed.expression]
        found: list[Field] = []
        while waiting:
            unknown = {f.name for f in waiting}
            ready = (f for f in waiting if unknown.isdisjoint(reads(f)))
            # In a circle none is ready; a rule refuses it.
            chosen = next(ready, waiting[0])
            waiting.remove(chosen)
            found.append(chosen)
        return tuple(found)

    def __getstate__(self) -> dict[str, Any]:
        """What the contract says, without what was looked up since."""
        return {f.name: getattr(self, f.name) for f in declared(self)}

    @property
    def table_name(self) -> str:
        """The table's name."""
        return self.table

    def all_foreign_keys(self) -> tuple[ForeignKey, ...]:
        """References of one field and of several, in the order of the contract."""
        return self._all_foreign_keys

    @cached_property
    def _all_foreign_keys(self) -> tuple[ForeignKey, ...]:
        single = tuple(
            ForeignKey(
                fields=(f.name,),
                entity=f.reference.entity,
                references=(f.reference.field,),
                on_delete=f.reference.on_delete,
                graph_edge=f.reference.graph_edge,
                graph_direction=f.reference.graph_direction,
                origin=f.origin,
            )
            for f in self.fields
            if f.reference is not None
        )
        return single + self.foreign_keys
