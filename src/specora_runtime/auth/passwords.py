"""Passwords: argon2id, computed off the event loop, a bounded number at a time."""

from __future__ import annotations

import asyncio
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from ..entity import Entity
from ..errors import FieldError, Invalid

MIN_LENGTH: Final = 8
MAX_LENGTH: Final = 1024
"""Code points. The upper bound keeps one request from hashing megabytes."""

PARALLEL_HASHES: Final = min(4, os.cpu_count() or 1)
"""Each one holds 64 MiB and a core while it runs."""

_HASHES: Final = re.compile(
    r"""\A(?:
        \$(?:argon2(?:id|i|d)|2[abxy]?|[156y7]|gy|sha1|apr1|scrypt|bcrypt[-\w]*|pbkdf2[-\w]*)\$
      | \{[A-Za-z0-9_.-]+\}[A-Za-z0-9+/=$.]{16,}
      | (?:pbkdf2_\w+|argon2|bcrypt(?:_\w+)?|scrypt|sha1|md5)\$\S*\$
      | SCRAM-SHA-256\$
    )""",
    re.VERBOSE,
)
"""The forms in which hashes are stored: crypt, LDAP, Django and PostgreSQL."""

_HASHER: Final = PasswordHash((Argon2Hasher(),))

T = TypeVar("T")


class HashedPassword(str):
    """A hash that this module made. No request can hold one, whatever its text."""

    __slots__ = ()


async def hash_password(password: str) -> HashedPassword:
    """The argon2id hash of a password that `check_password` has let pass."""
    return HashedPassword(await _in_thread(lambda: _HASHER.hash(_normal(password))))


@dataclass(frozen=True, slots=True)
class PasswordField:
    """Turns the password in a field into its hash: what `Repository.prepare` does."""

    field: str

    async def __call__(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """`data` as it is stored. Raises `Invalid`, naming the field."""
        password = data.get(self.field)
        if password is None or isinstance(password, HashedPassword):
            return data
        hashed = await hash_password(check_password(password, self.field))
        return {**data, self.field: hashed}


def hash_password_field(entity: Entity, field: str) -> PasswordField:
    """The `prepare` of a repository whose records hold a password in `field`."""
    if not entity.by_name[field].sensitive:
        where = f"{entity.name}.{field}"
        raise ValueError(f"`{where}` holds passwords and is not sensitive")
    return PasswordField(field)


async def matches(password: str, stored: str | None) -> bool:
    """Whether `password` is the one `stored` was made of.

    Takes the same work where nothing is stored, or no argon2 hash, so that the time of
    an answer does not tell who has an account.
    """
    if fault_of(password) in ("bad-text", "too-long"):
        return False
    text = _normal(password)
    if stored is None or not Argon2Hasher.identify(stored):
        await _in_thread(lambda: _HASHER.hash(text))
        return False
    return await _in_thread(lambda: _HASHER.verify(text, stored))


def fault_of(password: str) -> str | None:
    """The code of what is wrong with a new password, or `None`."""
    if "\0" in password or any("\ud800" <= c <= "\udfff" for c in password):
        return "bad-text"
    if len(password) < MIN_LENGTH:
        return "too-short"
    if len(password) > MAX_LENGTH:
        return "too-long"
    if _HASHES.match(password):
        return "hashed"
    return None


def check_password(password: object, field: str) -> str:
    """`password` where it may be hashed and stored. Raises `Invalid`, naming `field`."""
    if not isinstance(password, str):
        raise Invalid((FieldError(field, "wrong-type", "must be a string"),))
    code = fault_of(password)
    if code is not None:
        raise Invalid((FieldError(field, code, _DETAILS[code]),))
    return password


_DETAILS: Final = {
    "bad-text": "must not hold NUL characters or lone surrogates",
    "too-short": f"must have at least {MIN_LENGTH} characters",
    "too-long": f"must have at most {MAX_LENGTH} characters",
    "hashed": "must be the password itself: the service hashes it",
}


def _normal(password: str) -> bytes:
    """One form for what keyboards write in several."""
    return unicodedata.normalize("NFKC", password).encode("utf-8")


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_pool(), work)


@cache
def _pool() -> ThreadPoolExecutor:
    # Threads of their own: waiting for hashes takes none from the default pool.
    return ThreadPoolExecutor(PARALLEL_HASHES, thread_name_prefix="argon2")
