"""What has collections."""

from typing import Generic, TypeVar

C = TypeVar("C")


class Collections(Generic[C]):
    """The collections of a service over a connection."""

    def open(self, connection: C) -> None:
        """Make every collection."""
