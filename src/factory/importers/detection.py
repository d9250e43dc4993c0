"""Which format a source is written in, by its content; names only decide where that is silent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from factory.importers.reading import Text

_HEAD = 200_000
"""Characters that are looked at."""
_SQL = re.compile(
    r"^[ \t]*(?:create\s+(?:\w+\s+){0,4}(?:table|type|domain|view)|alter\s+table|insert\s+into)\b",
    re.IGNORECASE | re.MULTILINE,
)
_PRISMA = re.compile(
    r"^[ \t]*(?:model|enum|datasource|generator|type|view)\s+\w+\s*\{", re.MULTILINE
)
_OPENAPI = re.compile(
    r"""^[ \t]*\{?[ \t]*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]""", re.MULTILINE
)
_JSON_SCHEMA = re.compile(
    r"""["']?\$schema["']?\s*:|["']?(?:\$defs|definitions|properties)["']?\s*:\s*[{\n]"""
)
_SHEET = re.compile(r"^[ \t]*(?:yaml)?[ \t]*(?:service|service_name)\s*:", re.MULTILINE)
_TABLES = re.compile(r"^[ \t]*(?:tables|(?:api_)?endpoints|database)\s*:", re.MULTILINE)

_ENDPOINTS = re.compile(
    r"^#{1,6} .*\b(?:GET|POST|PUT|PATCH|DELETE)\b[^\n]*/", re.MULTILINE
)


def detect(texts: Sequence[Text]) -> str:
    """The format of most files; empty where none is known."""
    found = Counter(form for text in texts if (form := _of(text)))
    return found.most_common(1)[0][0] if found else ""


def _of(text: Text) -> str:
    head = text.content[:_HEAD]
    if text.suffix == ".prisma":
        return "prisma"
    if text.suffix == ".md":
        sheet = _SHEET.search(head) and _TABLES.search(head)
        return "spec-sheet" if sheet and not _ENDPOINTS.search(head) else "spec-md"
    if _OPENAPI.search(head):
        return "openapi"
    if _PRISMA.search(head) and "@id" in head:
        return "prisma"
    if text.suffix == ".sql" or _SQL.search(head):
        return "sql"
    if _SHEET.search(head) and _TABLES.search(head):
        return "spec-sheet"
    return "jsonschema" if _JSON_SCHEMA.search(head) else ""
