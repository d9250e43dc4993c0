"""The faults that the runtime raises, as one tree.

Fault
├── UniqueViolation       values that may occur once occur twice
├── ForeignKeyViolation   a reference leads nowhere, or its target is about to go
├── CheckViolation        a value that the database itself refuses
├── NotNullViolation      a column that must hold a value holds none
├── Unavailable           the database does not answer
├── Retry                 the transaction lost a race and may be repeated
├── BadStatement          a statement that the database does not understand: a bug
├── UniqueConflict        another record holds these values
├── InUse                 other records refer to this one
├── UnknownReference      a reference leads to no live record
├── IllegalTransition     the state machine has no such step from here
├── GuardUnmet            the step exists but its guard does not hold
├── RoleRequired          the caller's role may not take this step
├── TenantRequired        a record would be written for no tenant
├── StaleVersion          the record is not the version that the caller names
├── VersionRequired       the caller has to name the version of the record
├── BadHeader             a header that cannot be answered as written
├── Invalid               values that break the contract
│   └── RuleBroken        values that break a rule of the operation, which names the status
├── KeyReused             an `Idempotency-Key` is that of another request
├── KeyInFlight           a request with this `Idempotency-Key` is being answered
├── NotOffered            a bulk asks for an operation that the collection does not offer
├── ItemFailed            an operation of a bulk failed, and with it the others
└── BadQuery              a query string that cannot be answered as written
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


class Fault(Exception):
    """Root of everything that the runtime raises on purpose."""

    elsewhere: bool = False
    """Whether it is about a record that a hook wrote, which no place in the request holds."""


class UniqueViolation(Fault):
    """Two rows would hold the same values of a unique key."""

    def __init__(self, constraint: str | None, columns: tuple[str, ...] = ()) -> None:
        super().__init__(f"unique constraint {constraint or columns}")
        self.constraint = constraint
        """Name of the constraint or index; PostgreSQL reports it, SQLite does not."""
        self.columns = columns
        """Columns of the key; SQLite reports them, PostgreSQL does not."""


class ForeignKeyViolation(Fault):
    """A reference leads to a missing row, or a row that others refer to would go."""

    def __init__(self, constraint: str | None) -> None:
        super().__init__(f"foreign key {constraint or '(unnamed)'}")
        self.constraint = constraint
        """Name of the constraint; SQLite does not report it."""


class CheckViolation(Fault):
    """A value that a CHECK or the type of the column refuses."""

    def __init__(self, constraint: str | None, detail: str = "") -> None:
        super().__init__(detail or f"check {constraint or '(unnamed)'}")
        self.constraint = constraint
        """Name of the constraint; `None` where the column's type refuses the value."""


class NotNullViolation(Fault):
    """A required column would hold no value."""

    def __init__(self, column: str) -> None:
        super().__init__(f"column {column} must hold a value")
        self.column = column


VIOLATIONS: Final = (
    UniqueViolation,
    ForeignKeyViolation,
    CheckViolation,
    NotNullViolation,
)
"""What a database refuses of the values in a row."""


class Unavailable(Fault):
    """The database does not answer, or its schema is not this service's."""


class Retry(Fault):
    """The transaction lost a race (deadlock, busy, serialization); try it again."""


class BadStatement(Fault):
    """A statement does not fit the database: a bug, or a schema changed by hand."""


# ---- Faults of the domain (raised by repositories) go below this line ----


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a record."""

    field: str
    """Name of the field; empty where the fault is the record's as a whole."""
    code: str
    """Kebab-case name of the fault: `required`, `unknown-field`, `immutable` ..."""
    detail: str


class UniqueConflict(Fault):
    """Another record holds the same values of `fields`."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        self.fields = fields
        self.detail = f"another record has the same {_names(fields) or 'values'}"
        super().__init__(self.detail)


class InUse(Fault):
    """Records of `entity` refer to the record, which therefore stays."""

    def __init__(self, entity: str, count: int | None = None) -> None:
        self.entity = entity
        """Name of the referring entity; empty where the database does not tell."""
        self.count = count
        """How many records refer to it; `None` where nobody counted."""
        by = f" by `{entity}`" if entity else ""
        self.detail = f"the record is in use{by}"
        super().__init__(self.detail)


class UnknownReference(Fault):
    """The value of `field` leads to no live record."""

    def __init__(self, field: str, target: str = "") -> None:
        self.field = field
        """First field of the reference; empty where the database does not tell."""
        self.target = target
        """Name of the entity referred to."""
        self.detail = f"`{field}` refers to no existing {target or 'record'}"
        super().__init__(self.detail)


class IllegalTransition(Fault):
    """The record's state machine has no step from `state` to `wanted`."""

    def __init__(self, state: str, wanted: str, allowed: tuple[str, ...]) -> None:
        self.state = state
        self.wanted = wanted
        self.allowed = allowed
        """The states that the record may go to, in the contract's order."""
        self.detail = f"no transition from `{state}` to `{wanted}`"
        super().__init__(self.detail)


class GuardUnmet(Fault):
    """The transition is legal, but what its guard asks for does not hold."""

    def __init__(self, missing: tuple[str, ...], condition: str = "") -> None:
        self.missing = missing
        """Required fields that hold nothing."""
        self.condition = condition
        """The condition as the contract writes it; empty where it holds."""
        unmet = [f"{_names(missing)} must be set"] if missing else []
        unmet += [f"`{condition}` must hold"] if condition else []
        self.detail = "; ".join(unmet) or "the guard of the transition does not hold"
        super().__init__(self.detail)


class RoleRequired(Fault):
    """The caller has none of `roles`."""

    def __init__(self, roles: tuple[str, ...]) -> None:
        self.roles = roles
        either = " or ".join(f"`{role}`" for role in roles)
        self.detail = f"this needs the role {either}"
        super().__init__(self.detail)


class TenantRequired(Fault):
    """A record that belongs to a tenant would be written for none."""

    def __init__(self, header: str = "") -> None:
        self.header = header
        """The header that names the tenant; empty where the caller is no request."""
        by = f" in the header `{header}`" if header else ""
        self.detail = f"name the one tenant that the record belongs to{by}"
        super().__init__(self.detail)


class StaleVersion(Fault):
    """The record changed since the caller read it (`If-Match`)."""

    def __init__(self) -> None:
        self.detail = "the record is not at the version that the request names"
        super().__init__(self.detail)


class VersionRequired(Fault):
    """The collection takes a change of a record only with its version (`If-Match`)."""

    def __init__(self) -> None:
        self.detail = "`If-Match` has to name the version of the record"
        super().__init__(self.detail)


class BadHeader(Fault):
    """A header of the request is ill-formed."""

    def __init__(self, name: str, detail: str, code: str) -> None:
        self.name = name
        self.detail = detail
        self.code = code
        """Kebab-case name of the fault."""
        super().__init__(detail)


class Invalid(Fault):
    """Values that break the contract."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        self.errors = errors
        details = "; ".join(error.detail for error in errors)
        self.detail = details or "the values break the contract"
        super().__init__(self.detail)


class RuleBroken(Invalid):
    """Values that break a rule of the operation; the rule says how that is answered."""

    def __init__(self, errors: tuple[FieldError, ...], status: int) -> None:
        self.status = status
        super().__init__(errors)


class KeyReused(Fault):
    """The key of a request belongs to another request."""

    def __init__(self, header: str) -> None:
        self.header = header
        self.detail = f"another request was sent with this `{header}`"
        super().__init__(self.detail)


class KeyInFlight(Fault):
    """A request with the same key is not answered yet."""

    def __init__(self, header: str) -> None:
        self.header = header
        self.detail = f"a request with this `{header}` is being answered"
        super().__init__(self.detail)


class NotOffered(Fault):
    """The collection does not offer an operation that a bulk asks for."""

    def __init__(self, operation: str) -> None:
        self.detail = f"this collection does not offer `{operation}`"
        super().__init__(self.detail)


class ItemFailed(Fault):
    """One operation of a bulk failed."""

    def __init__(self, place: str, fault: Fault) -> None:
        self.place = place
        """JSON pointer of the operation."""
        self.fault = fault
        super().__init__(str(fault))


class BadQuery(Fault):
    """A parameter of a query string is unknown, repeated or ill-formed."""

    def __init__(self, parameter: str, detail: str, code: str, help: str = "") -> None:
        self.parameter = parameter
        """Name of the parameter as the client wrote it."""
        self.detail = detail
        self.code = code
        """Kebab-case name of the fault."""
        self.help = help
        """What to write instead; empty where nothing is near."""
        super().__init__(detail)


def _names(fields: tuple[str, ...]) -> str:
    return ", ".join(f"`{field}`" for field in fields)
