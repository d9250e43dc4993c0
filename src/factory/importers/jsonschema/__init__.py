"""JSON Schema, draft-04 to 2020-12, in JSON or YAML: a file, or a folder of files."""

from factory.importers.jsonschema.mapping import read

__all__ = ["read"]
