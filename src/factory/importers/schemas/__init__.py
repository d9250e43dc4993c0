"""JSON Schema as drafts, for every format that is made of it."""

from factory.importers.schemas.entities import Entities
from factory.importers.schemas.fields import Named, Read, Schemas
from factory.importers.schemas.references import References

__all__ = ["Entities", "Named", "Read", "References", "Schemas"]
