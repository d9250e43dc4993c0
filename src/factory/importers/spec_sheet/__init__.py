"""Spec sheets: services in YAML, alone or as blocks of a Markdown document."""

from factory.importers.spec_sheet.mapping import read

__all__ = ["read"]
