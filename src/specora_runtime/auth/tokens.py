"""Access tokens: JWTs signed with HS256 and a key derived from the secret."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import jwt

ALGORITHM: Final = "HS256"
LEEWAY_SECONDS: Final = 5
"""How far the clocks of two instances of a service may differ."""

MAX_TOKEN_LENGTH: Final = 8192
_REQUIRED: Final = ("iss", "aud", "sub", "jti", "iat", "exp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a verified access token says."""

    subject: str
    """The user's id."""
    session: str = ""
    """The session that the token belongs to; empty for none."""
    stamp: str = ""
    """Fingerprint of the password at the time of issue; a changed one ends the token."""
    development: bool = False
    """Issued by the development login: `email` and `role` are what the client said."""
    email: str = ""
    role: str = ""


class Tokens:
    """Signs and verifies the access tokens of one domain."""

    def __init__(self, secret: str, domain: str, minutes: int) -> None:
        self._domain = domain
        self._key = derived_key(secret, f"access-token:{domain}")
        self._stamp_key = derived_key(secret, f"password-stamp:{domain}")
        self.lifetime: Final = minutes * 60
        """Seconds until a token expires."""

    def issue(self, claims: Claims) -> str:
        """A signed token."""
        issued = int(time.time())
        payload: dict[str, Any] = {
            "iss": self._domain,
            "aud": self._domain,
            "sub": claims.subject,
            "role": claims.role,
            "jti": secrets.token_urlsafe(16),
            "iat": issued,
            "exp": issued + self.lifetime,
        }
        if claims.session:
            payload["sid"] = claims.session
        if claims.stamp:
            payload["stamp"] = claims.stamp
        if claims.development:
            payload |= {"dev": True, "email": claims.email}
        return jwt.encode(payload, self._key, algorithm=ALGORITHM)

    def read(self, token: str) -> Claims | None:
        """What `token` says, or `None` where it is not one of ours or not valid now."""
        payload = verified(
            token, self._key, ALGORITHM, self._domain, self._domain, _REQUIRED
        )
        if payload is None or not all(
            isinstance(payload[c], str) for c in ("sub", "jti")
        ):
            return None
        return Claims(
            subject=payload["sub"],
            session=_text(payload, "sid"),
            stamp=_text(payload, "stamp"),
            development=payload.get("dev") is True,
            email=_text(payload, "email"),
            role=_text(payload, "role"),
        )

    def stamp(self, password_hash: str | None) -> str:
        """A fingerprint of a stored password that tells nothing about it."""
        if not password_hash:
            return ""
        digest = hmac.digest(self._stamp_key, password_hash.encode(), "sha256")
        return digest[:12].hex()


def verified(
    token: str,
    key: Any,
    algorithm: str,
    issuer: str | None,
    audience: str,
    required: Sequence[str],
) -> dict[str, Any] | None:
    """The claims of a token whose signature, issuer, audience and times are right."""
    if len(token) > MAX_TOKEN_LENGTH:
        return None
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_SECONDS,
            options={"require": list(required)},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError, OverflowError):
        # PyJWT parses the header of a forged token before it knows that it is forged, so
        # whatever hostile JSON can raise means the same: not a token of ours.
        return None


def derived_key(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose: no key signs what another one verifies."""
    # The environment may hold bytes that are no UTF-8.
    held = secret.encode("utf-8", "surrogateescape")
    return hmac.digest(held, f"specora:{purpose}".encode(), hashlib.sha256)


def _text(payload: dict[str, Any], claim: str) -> str:
    value = payload.get(claim)
    return value if isinstance(value, str) else ""
