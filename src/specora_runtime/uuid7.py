"""UUIDv7: identifiers that sort by the time they were made."""

from __future__ import annotations

import os
import threading
import time

_lock = threading.Lock()
_last = 0
"""The 48 bits of the time and 74 bits of the rest that were given last, as one number."""

_RANDOM_BITS = 74
# A step that keeps the rest of the number hard to guess within one millisecond.
_STEP_BITS = 32


def uuid7() -> str:
    """A UUIDv7 in lower case, greater than every one that this process made before.

    >>> uuid7() < uuid7()
    True
    """
    random = int.from_bytes(os.urandom(10), "big") >> (80 - _RANDOM_BITS)
    # The highest random bit stays free for steps within the millisecond.
    value = time.time_ns() // 1_000_000 << _RANDOM_BITS | random >> 1
    global _last
    with _lock:
        if value >> _RANDOM_BITS <= _last >> _RANDOM_BITS:
            value = _last + 1 + (random & ((1 << _STEP_BITS) - 1))
        _last = value
    return _text(value)


def _text(value: int) -> str:
    millis, rest = value >> _RANDOM_BITS, value & ((1 << _RANDOM_BITS) - 1)
    high, low = rest >> 62, rest & ((1 << 62) - 1)
    text = f"{millis << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
