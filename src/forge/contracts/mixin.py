"""Mixin: fields to share."""

from __future__ import annotations

from forge.contracts.fields import FIELD, NAME
from forge.contracts.shapes import Key, MapOf, Record

SPEC = Record("a mixin", (Key("fields", MapOf(FIELD, NAME, 1), "The fields.", True),))
