"""Words that languages keep for themselves."""

from __future__ import annotations

import keyword

PYTHON = frozenset(word for word in keyword.kwlist if word.islower())

POSTGRESQL = frozenset(
    {
        "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric",
        "both", "case", "cast", "check", "collate", "column", "constraint", "create",
        "current_catalog", "current_date", "current_role", "current_time",
        "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct",
        "do", "else", "end", "except", "false", "fetch", "for", "foreign", "from", "grant",
        "group", "having", "in", "initially", "intersect", "into", "lateral", "leading",
        "limit", "localtime", "localtimestamp", "not", "null", "offset", "on", "only", "or",
        "order", "placing", "primary", "references", "returning", "select", "session_user",
        "some", "symmetric", "system_user", "table", "then", "to", "trailing", "true",
        "union", "unique", "using", "variadic", "when", "where", "window", "with",
    }
)  # fmt: skip
"""Fully reserved: not even a column may have such a name without quotes.

`user` is left out: everybody who names a field so knows.
"""
