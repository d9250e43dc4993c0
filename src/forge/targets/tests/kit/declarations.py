"""What the contracts say of a collection, as the tests know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from dataclasses import field as attribute
from typing import Any


class Marker:
    """A value that stands for others."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


ANY = Marker("ANY")
"""Any legal value."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record."""

    name: str
    type: str
    _: KW_ONLY
    required: bool = False
    immutable: bool = False
    sensitive: bool = False
    computed: str = ""
    """How the service fills it; empty where clients do."""
    examples: tuple[tuple[Mapping[str, Any], Any], ...] = ()
    """Values of other fields, and what the service computes from them."""
    managed: bool = False
    """Changed by transitions and deletes alone."""
    form: str = ""
    """Regular expression of a number that the service counts."""
    default: Any = None
    enum: tuple[Any, ...] = ()
    items: str = ""
    """Type of the elements of an array; empty for any JSON value."""
    bits: int = 64
    min: Any = None
    max: Any = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    pattern: str = ""
    example: str = ""
    """A text that matches the pattern."""
    precision: int | None = None
    scale: int | None = None
    untestable: str = ""
    """Why no legal value was found."""

    @property
    def settable(self) -> bool:
        """Whether a create may hold it."""
        return not self.computed and not self.managed

    @property
    def demanded(self) -> bool:
        """Whether a create has to hold it."""
        return self.required and self.settable and self.default is None


@dataclass(frozen=True, slots=True)
class Reference:
    """Fields that hold the key of another record."""

    fields: tuple[str, ...]
    route: str
    """The route whose test module declares the target; empty where none creates it."""
    _: KW_ONLY
    target_fields: tuple[str, ...] = ("id",)
    on_delete: str = "restrict"
    link: str = ""
    """Name in `_links`; empty where the target is not linked to."""
    expand: str = ""
    """Name of the target in `expand`; empty where that does not show it."""
    inverse: str = ""
    """Name of what refers in `expand` of the target; empty where that does not show it."""
    edge: str = ""
    """Name in the graph; empty where it is no part of it."""
    reversed: bool = False
    """Whether the edge points from the target."""

    @property
    def field(self) -> str:
        """The field that errors point to."""
        return self.fields[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A condition on a body, with values that meet it and values that break it."""

    detail: str
    field: str = ""
    status: int = 422
    code: str = "rule"
    reads: tuple[str, ...] = ()
    """The fields that it is about."""
    holds: Mapping[str, Any] = attribute(default_factory=dict)
    fails: Mapping[str, Any] | None = None
    """`None` where no breaking values were found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that may be done to a collection or a record."""

    status: int = 200
    roles: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    """Fields that its body has to hold besides those of the entity."""
    accepts: tuple[str, ...] | None = None
    """The only fields that its body may hold; `None` for all."""
    rules: tuple[Rule, ...] = ()
    fills: tuple[tuple[str, Any], ...] = ()
    """Fields that the service fills here, and with what."""
    effects: tuple[tuple[str, Any], ...] = ()
    """Fields that the service sets besides, and to what."""
    filters: tuple[str, ...] | None = None
    """The only fields that a list is filtered by; `None` for all."""

    @property
    def sets(self) -> Mapping[str, Any]:
        """What the service stores of its own accord; `now` and `today` are times."""
        return {**dict(self.fills), **dict(self.effects)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What must hold before a step."""

    requires: tuple[str, ...] = ()
    holds: Mapping[str, Any] = attribute(default_factory=dict)
    """Values under which the condition holds."""
    fails: Mapping[str, Any] | None = None
    """Values under which it does not; `None` where none were found."""
    roles: tuple[str, ...] = ()
    untestable: str = ""
    """Why the tests cannot meet it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """A state machine, and how to bring a record into each of its states."""

    field: str
    initial: str
    steps: Mapping[str, tuple[str, ...]]
    """State -> the states it may go to, in the contract's order."""
    paths: Mapping[str, tuple[str, ...]]
    """State -> the states to pass on the way from the initial one, itself last."""
    guards: Mapping[tuple[str, str], Guard] = attribute(default_factory=dict)
    effects: Mapping[tuple[str, str], tuple[tuple[str, Any], ...]] = attribute(
        default_factory=dict
    )
    """Step -> fields and what it stores in them."""
    variant_field: str = ""
    variants: Mapping[str, Mapping[str, tuple[str, ...]]] = attribute(
        default_factory=dict
    )
    """Value of `variant_field` -> the steps that hold instead, by state."""
    usual: Any = None
    """Value of `variant_field` of a record without such steps; `None` for no value."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A collection: its records and what may be done to them."""

    entity: str
    path: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ("id",)
    references: tuple[Reference, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    search: tuple[str, ...] = ()
    """The fields that `q` looks at."""
    soft_delete: str = ""
    tenant: str = ""
    """The field that holds the tenant; empty where records belong to none."""
    tenant_header: str = ""
    """The header that names the tenant of a request."""
    workflow: Workflow | None = None
    list: Operation | None = None
    create: Operation | None = None
    read: Operation | None = None
    graph: Operation | None = None
    update: Operation | None = None
    replace: Operation | None = None
    delete: Operation | None = None
    transition: Operation | None = None
    bulk: Operation | None = None
    restore: Operation | None = None
    handlers: tuple[str, ...] = ()
    """What functions of the domain's own answer below: `GET /{}`."""
    if_match_required: bool = False
    """Whether a change has to name the version of the record."""
    untestable: str = ""
    """Why no record can be created."""

    def field(self, name: str) -> Field:
        """The field called `name`."""
        return next(one for one in self.fields if one.name == name)

    def operation(self, name: str) -> Operation | None:
        """The operation called `name`, where the collection offers it."""
        found: Operation | None = getattr(self, name, None)
        return found

    @property
    def narrows(self) -> bool:
        """Whether a list can be limited to records whose keys are known."""
        filters = self.list.filters if self.list else ()
        return filters is None or set(filters).issuperset(self.key)

    @property
    def filterable(self) -> tuple[Field, ...]:
        """The fields that a list is filtered by."""
        filters = self.list.filters if self.list else ()
        return tuple(f for f in self.visible if filters is None or f.name in filters)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules of every operation."""
        operations = (self.create, self.update, self.replace, self.transition)
        return tuple(rule for one in operations if one for rule in one.rules)

    @property
    def free(self) -> tuple[Field, ...]:
        """The fields of `writable` that no rule is about."""
        ruled = self._ruled()
        return tuple(f for f in self.writable if f.name not in ruled)

    @property
    def free_to_change(self) -> tuple[Field, ...]:
        """The fields of `changeable` that no rule is about."""
        ruled = self._ruled()
        return tuple(f for f in self.changeable if f.name not in ruled)

    def _ruled(self) -> set[str]:
        return {name for rule in self.rules for name in rule.reads}

    @property
    def visible(self) -> tuple[Field, ...]:
        """The fields of a representation."""
        return tuple(one for one in self.fields if not one.sensitive)

    @property
    def writable(self) -> tuple[Field, ...]:
        """The fields that a create may hold and the tests have values for."""
        return _accepted(
            self.create, (f for f in self.fields if f.settable and not f.untestable)
        )

    @property
    def changeable(self) -> tuple[Field, ...]:
        """The fields that an update may hold and the tests have values for."""
        return _accepted(self.update, self._mutable())

    @property
    def replaceable(self) -> tuple[Field, ...]:
        """The fields that a replacement may hold and the tests have values for."""
        return _accepted(self.replace, self._mutable())

    def _mutable(self) -> Any:
        return (
            f
            for f in self.fields
            if f.settable
            and not f.immutable
            and not f.untestable
            and f.name not in self.key
        )

    def reference_of(self, name: str) -> Reference | None:
        """The reference that the field `name` is a part of."""
        return next((r for r in self.references if name in r.fields), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The service as a whole."""

    domain: str
    roles: tuple[str, ...] = ()
    """Of an infra/auth contract."""
    has_auth: bool = False
    auth_enabled: bool = True
    """Whether authentication is on where the environment does not say."""
    max_body_bytes: int = 1024 * 1024
    environment: Mapping[str, str] = attribute(default_factory=dict)
    """Variables without which the service does not start."""


def _accepted(operation: Operation | None, fields: Any) -> tuple[Field, ...]:
    if operation is None or operation.accepts is None:
        return tuple(fields)
    return tuple(f for f in fields if f.name in operation.accepts)
