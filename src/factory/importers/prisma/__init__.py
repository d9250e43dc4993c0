"""Prisma schemas, of one file or several, for any database."""

from factory.importers.prisma.mapping import read

__all__ = ["read"]
