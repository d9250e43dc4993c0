"""OpenAPI 3.0 and 3.1, and Swagger 2, in JSON or YAML."""

from factory.importers.openapi.mapping import read

__all__ = ["read"]
