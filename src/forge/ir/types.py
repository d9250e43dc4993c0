"""The closed sets of the language, as IR values use them."""

from forge.contracts.vocabulary import (
    FORMATS,
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
    "FORMATS",
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
