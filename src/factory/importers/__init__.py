"""From schemas, documents and descriptions that exist to contracts."""

from factory.importers.migration import FORMATS, Migration, migrate

__all__ = ["FORMATS", "Migration", "migrate"]
