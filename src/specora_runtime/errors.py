"""The faults that the runtime raises, as one tree.

Fault
├── UniqueViolation       values that may occur once occur twice
├── ForeignKeyViolation   a reference leads nowhere, or its target is about to go
├── CheckViolation        a value that the database itself refuses
├── NotNullViolation      a column that must hold a value holds none
├── Unavailable           the database does not answer
└── Retry                 the transaction lost a race and may be repeated
"""

from __future__ import annotations


class Fault(Exception):
    """Root of everything that the runtime raises on purpose."""


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


class Unavailable(Fault):
    """The database cannot be reached, or its schema is not the one this service needs."""


class Retry(Fault):
    """The transaction lost a race (serialization, deadlock, busy) and may be repeated."""


# ---- Faults of the domain (raised by repositories) go below this line ----
