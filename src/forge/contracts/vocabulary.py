"""The closed sets of the language."""

from __future__ import annotations

from enum import StrEnum


class FieldType(StrEnum):
    """What a field holds."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    TEXT = "text"
    ARRAY = "array"
    OBJECT = "object"
    JSON = "json"
    DATETIME = "datetime"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    UUID = "uuid"
    EMAIL = "email"
    BINARY = "binary"


TEXTUAL = frozenset({FieldType.STRING, FieldType.TEXT, FieldType.EMAIL})
FORMATS = frozenset({"hostname", "ipv4", "ipv6", "slug", "uri"})
"""Forms of texts that services check."""
NUMERIC = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.DECIMAL})
TEMPORAL = frozenset(
    {FieldType.DATETIME, FieldType.DATE, FieldType.TIME, FieldType.DURATION}
)
STRUCTURED = frozenset({FieldType.ARRAY, FieldType.OBJECT, FieldType.JSON})


class ComputedKind(StrEnum):
    """How the service fills a field."""

    NOW = "now"
    NOW_ON_UPDATE = "now_on_update"
    UUID = "uuid"
    IDENTITY = "identity"
    CURRENT_USER = "current_user"
    SEQUENCE = "sequence"
    EXPRESSION = "expression"


class OnDelete(StrEnum):
    """What happens to a record when the one it refers to is deleted."""

    RESTRICT = "restrict"
    CASCADE = "cascade"
    SET_NULL = "set_null"


class GraphDirection(StrEnum):
    """Which way a graph edge points."""

    FORWARD = "forward"
    REVERSE = "reverse"


class Category(StrEnum):
    """Where a state stands in the life of a record."""

    OPEN = "open"
    HOLD = "hold"
    CLOSED = "closed"


class Operation(StrEnum):
    """The standard operations of a collection, and what a handler does."""

    LIST = "list"
    CREATE = "create"
    READ = "read"
    GRAPH = "graph"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    TRANSITION = "transition"
    BULK = "bulk"
    RESTORE = "restore"
    CUSTOM = "custom"


class ViewType(StrEnum):
    """How a page shows records."""

    TABLE = "table"
    KANBAN = "kanban"
    LIST = "list"
    CARD = "card"
    TIMELINE = "timeline"
    CALENDAR = "calendar"
    CHART = "chart"
    CUSTOM = "custom"


class InfraCategory(StrEnum):
    """What an infra contract is about."""

    AUTH = "auth"
    TENANCY = "tenancy"
    DATABASE = "database"
    DEPLOYMENT = "deployment"
    EVENTS = "events"
    MESH = "mesh"
    MIDDLEWARE = "middleware"
    MONITORING = "monitoring"
    SEARCH = "search"
    GRAPH = "graph"
    COMPONENTS = "components"
