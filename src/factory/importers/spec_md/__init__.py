"""SPEC.md: a service described in Markdown."""

from factory.importers.spec_md.mapping import read

__all__ = ["read"]
