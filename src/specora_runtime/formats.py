"""The forms that a text may be asked for: `uri`, `hostname`, `ipv4`, `ipv6`, `slug`.

Each is one regular expression that means the same to Python and to ECMA-262, so that a
document can state it. No text takes more than linear time.
"""

from __future__ import annotations

import re
from typing import Final

_SLUG: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
_HOSTNAME: Final = rf"{_LABEL}(?:\.{_LABEL})*"

_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = rf"{_OCTET}(?:\.{_OCTET}){{3}}"

_H16 = r"[0-9A-Fa-f]{1,4}"
_LS32 = rf"(?:{_H16}:{_H16}|{_IPV4})"
_IPV6: Final = "|".join(
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
"""RFC 3986's grammar, which has no zones."""

_CHARACTER = r"A-Za-z0-9\-._~!$&'()*+,;="
_ESCAPED = r"%[0-9A-Fa-f]{2}"
_SEGMENT = rf"(?:[{_CHARACTER}:@]|{_ESCAPED})"
_AUTHORITY = (
    rf"(?:(?:[{_CHARACTER}:]|{_ESCAPED})*@)?"
    rf"(?:\[(?:{_IPV6})\]|(?:[{_CHARACTER}]|{_ESCAPED})*)(?::[0-9]*)?"
)
_PATH = rf"(?:/{_SEGMENT}*)*"
_REST = rf"(?:[{_CHARACTER}:@/?]|{_ESCAPED})*"
_URI: Final = (
    rf"[A-Za-z][A-Za-z0-9+.\-]*:"
    rf"(?://{_AUTHORITY}{_PATH}|/(?:{_SEGMENT}+{_PATH})?|{_SEGMENT}+{_PATH}|)"
    rf"(?:\?{_REST})?(?:#{_REST})?"
)
"""An absolute URI after RFC 3986."""

PATTERNS: Final = {
    "uri": f"^{_URI}$",
    "hostname": f"^{_HOSTNAME}$",
    "ipv4": f"^{_IPV4}$",
    "ipv6": f"^(?:{_IPV6})$",
    "slug": f"^{_SLUG}$",
}
"""The patterns by the names that contracts use."""

MAX_HOSTNAME: Final = 253
"""Characters that the name service takes."""

_COMPILED: Final = {
    name: re.compile(pattern.removeprefix("^").removesuffix("$"), re.ASCII)
    for name, pattern in PATTERNS.items()
}
_MEANING: Final = {
    "uri": "an absolute URI",
    "hostname": "a host name",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "slug": "a slug (lower case letters and digits, with single hyphens between)",
}


def check_format(name: str, text: str) -> str:
    """`text` where it has the form called `name`. Raises `ValueError`."""
    if name == "hostname" and len(text) > MAX_HOSTNAME:
        raise ValueError(f"must have at most {MAX_HOSTNAME} characters")
    if _COMPILED[name].fullmatch(text) is None:
        raise ValueError(f"must be {_MEANING[name]}")
    return text
