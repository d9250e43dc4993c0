"""Limits on failed logins, per identity and per address, in memory."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MAX_KEYS: Final = 50_000
"""Bounds the memory; the key that is silent for longest goes first."""


class TooManyAttempts(Exception):
    """A limit is reached."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        """Seconds until an attempt is taken again."""
        super().__init__(f"too many attempts; retry in {retry_after} s")


@dataclass(slots=True)
class AttemptLimit:
    """At most `limit` failures of one key in `window` seconds.

    An attempt counts when it starts, because a hundred of them in parallel must not all
    pass before the first one fails; one that succeeds is given back.
    """

    limit: int
    window: float
    clock: Callable[[], float] = time.monotonic
    _started: OrderedDict[str, list[float]] = field(default_factory=OrderedDict)

    def start(self, key: str) -> None:
        """Count an attempt. Raises `TooManyAttempts`."""
        now = self.clock()
        attempts = [at for at in self._started.get(key, ()) if at > now - self.window]
        if len(attempts) >= self.limit:
            raise TooManyAttempts(max(1, math.ceil(attempts[0] + self.window - now)))
        attempts.append(now)
        self._started[key] = attempts
        self._started.move_to_end(key)
        if len(self._started) > MAX_KEYS:
            self._started.popitem(last=False)

    def give_back(self, key: str) -> None:
        """Take the latest attempt out of the count."""
        attempts = self._started.get(key)
        if attempts:
            attempts.pop()

    def forget(self, key: str) -> None:
        """Start over with `key`: its owner has come."""
        self._started.pop(key, None)


class LoginLimits:
    """The limits that one login has to pass."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.identity = AttemptLimit(10, 300.0, clock)
        self.address = AttemptLimit(50, 300.0, clock)

    def start(self, identity: str, address: str) -> None:
        """Count an attempt. Raises `TooManyAttempts`."""
        address = network_of(address)
        self.address.start(address)
        try:
            self.identity.start(_identity(identity))
        except TooManyAttempts:
            self.address.give_back(address)
            raise

    def succeeded(self, identity: str, address: str) -> None:
        """Take the attempt back: the password is right."""
        self.identity.forget(_identity(identity))
        self.address.give_back(network_of(address))


def network_of(address: str) -> str:
    """What one client can choose addresses from: all of an IPv6 /64 is one caller.

    >>> network_of("2001:db8::1")
    '2001:db8::/64'
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _identity(identity: str) -> str:
    # Bounded, so that long names cannot fill the memory that MAX_KEYS is meant to bound.
    return identity.casefold()[:320]
