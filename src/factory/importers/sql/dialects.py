"""Which database a text of SQL is written for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from factory.importers.reading import Text

_SIGNS = {
    "postgres": (
        r"\bpg_catalog\b",
        r"::\w",
        r"\b(?:big|small)?serial\b",
        r"\bjsonb\b",
        r"\btimestamptz\b",
        r"\bALTER TABLE ONLY\b",
        r"\bCREATE EXTENSION\b",
        r"\bnextval\(",
        r"\$\$",
        r"\bcharacter varying\b",
        r"\bCREATE TYPE\b",
        r"\bbytea\b",
        r"\bGENERATED (?:BY DEFAULT|ALWAYS) AS IDENTITY\b",
        r"\btimestamp with(?:out)? time zone\b",
    ),
    "mysql": (
        r"`\w+`",
        r"\bENGINE\s*=",
        r"\bAUTO_INCREMENT\b",
        r"\bUNSIGNED\b",
        r"\bCHARSET\b",
        r"/\*!\d{5}",
        r"\bON UPDATE CURRENT_TIMESTAMP\b",
        r"\btinyint\(1\)",
        r"\bLONGTEXT\b",
        r"\bMEDIUMINT\b",
        r"\benum\s*\(''",
        r"\bDELIMITER\b",
    ),
    "tsql": (
        r"\[\w+\]\s+(?:\[|\w)",
        r"^[ \t]*GO[ \t]*$",
        r"\bIDENTITY\s*\(",
        r"\bNVARCHAR\b",
        r"\bUNIQUEIDENTIFIER\b",
        r"\[dbo\]|\bdbo\.",
        r"\bCLUSTERED\b",
        r"\bDATETIME2\b",
        r"\bGETDATE\(\)",
        r"\bNONCLUSTERED\b",
    ),
    "sqlite": (
        r"\bAUTOINCREMENT\b",
        r"\bPRAGMA\b",
        r"\bWITHOUT\s+ROWID\b",
        r"\bstrftime\(",
        r"\bsqlite_",
        r"\[\w+\]\s+(?:INTEGER|TEXT|REAL)\b",
    ),
}
_COMPILED = {
    name: [re.compile(sign, re.IGNORECASE | re.MULTILINE) for sign in signs]
    for name, signs in _SIGNS.items()
}
_HEAD = 400_000
_DATA = re.compile(
    r"^[ \t]*(?:INSERT\b|VALUES\b|,?[ \t]*\(N?'|\(\d|N?').*$",
    re.IGNORECASE | re.MULTILINE,
)
_TEXT = re.compile(r"'(?:[^'\n]|'')*'")


def dialects_of(texts: Sequence[Text]) -> dict[str, str]:
    """The dialect of each file by name. Files without a sign of their own follow the others;
    PostgreSQL's, which is close to the standard, is taken where there is no sign at all."""
    found = {text.name: _signed(text) for text in texts}
    known = Counter(dialect for dialect in found.values() if dialect)
    usual = known.most_common(1)[0][0] if known else "postgres"
    return {name: dialect or usual for name, dialect in found.items()}


def _signed(text: Text) -> str:
    head = _DATA.sub("", text.content[:_HEAD])
    # Values of an enum are a sign of MySQL, and all that is kept of texts.
    head = _TEXT.sub("''", head)
    counts = {
        name: sum(1 for sign in signs if sign.search(head))
        for name, signs in _COMPILED.items()
    }
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""
