"""The forms that `format` may ask of a text, as patterns that Python and ECMA-262 read alike."""

from __future__ import annotations

import re
from typing import Final

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_HOST_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_H16 = r"[0-9A-Fa-f]{1,4}"
_LS32 = rf"(?:{_H16}:{_H16}|{_IPV4})"
_IPV6 = "|".join(
    (
        rf"(?:{_H16}:){{6}}{_LS32}",
        rf"::(?:{_H16}:){{5}}{_LS32}",
        rf"(?:{_H16})?::(?:{_H16}:){{4}}{_LS32}",
        rf"(?:(?:{_H16}:){{0,1}}{_H16})?::(?:{_H16}:){{3}}{_LS32}",
        rf"(?:(?:{_H16}:){{0,2}}{_H16})?::(?:{_H16}:){{2}}{_LS32}",
        rf"(?:(?:{_H16}:){{0,3}}{_H16})?::{_H16}:{_LS32}",
        rf"(?:(?:{_H16}:){{0,4}}{_H16})?::{_LS32}",
        rf"(?:(?:{_H16}:){{0,5}}{_H16})?::{_H16}",
        rf"(?:(?:{_H16}:){{0,6}}{_H16})?::",
    )
)
_CHARACTER = r"A-Za-z0-9\-._~!$&'()*+,;="
_ESCAPED = r"%[0-9A-Fa-f]{2}"
_SEGMENT = rf"(?:[{_CHARACTER}:@]|{_ESCAPED})"
_AUTHORITY = (
    rf"(?:(?:[{_CHARACTER}:]|{_ESCAPED})*@)?"
    rf"(?:\[(?:{_IPV6})\]|(?:[{_CHARACTER}]|{_ESCAPED})*)(?::[0-9]*)?"
)
_PATH = rf"(?:/{_SEGMENT}*)*"
_REST = rf"(?:[{_CHARACTER}:@/?]|{_ESCAPED})*"
_URI = (
    rf"[A-Za-z][A-Za-z0-9+.\-]*:"
    rf"(?://{_AUTHORITY}{_PATH}|/(?:{_SEGMENT}+{_PATH})?|{_SEGMENT}+{_PATH}|)"
    rf"(?:\?{_REST})?(?:#{_REST})?"
)
PATTERNS: Final = {
    "uri": f"^{_URI}$",
    "hostname": rf"^{_HOST_LABEL}(?:\.{_HOST_LABEL})*$",
    "ipv4": f"^{_IPV4}$",
    "ipv6": f"^(?:{_IPV6})$",
    "slug": f"^{_SLUG}$",
}
"""By the names that contracts use."""
MAX_HOSTNAME: Final = 253
"""Characters that the name service takes."""


def has_format(name: str, text: str) -> bool:
    """Whether a text has the form called `name`; forms without a pattern allow every text."""
    pattern = PATTERNS.get(name)
    if pattern is None:
        return True
    fits = re.fullmatch(pattern.removesuffix("$"), text, re.ASCII) is not None
    return fits and not (name == "hostname" and len(text) > MAX_HOSTNAME)
