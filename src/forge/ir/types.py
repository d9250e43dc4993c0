"""The closed sets of the language, as IR values use them."""

from forge.contracts.vocabulary import (
    NUMERIC,
    STRUCTURED,
    TEMPORAL,
    TEXTUAL,
    Category,
    ComputedKind,
    FieldType,
    GraphDirection,
    InfraCategory,
    OnDelete,
    Operation,
    ViewType,
)

__all__ = [
    "NUMERIC",
    "STRUCTURED",
    "TEMPORAL",
    "TEXTUAL",
    "Category",
    "ComputedKind",
    "FieldType",
    "GraphDirection",
    "InfraCategory",
    "OnDelete",
    "Operation",
    "ViewType",
]
