"""The provider of a service whose users log in elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from .interface import AuthProvider, AuthUser, UnknownUser
from .tokens import MAX_TOKEN_LENGTH, verified
from .users import UserStore

_CURVES: Final = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_REQUIRED: Final = ("aud", "sub", "exp")


class BadPublicKey(ValueError):
    """The text is neither a public key in PEM form nor a JSON Web Key Set."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key of the issuer and the one algorithm that it verifies."""

    key: Any
    algorithm: str
    id: str | None = None


class ExternalProvider(AuthProvider):
    """Tokens of another issuer, verified with its public key.

    With a `UserStore`, the role is that of the stored user with the token's identity;
    without one it is the claim that the issuer signed.
    """

    def __init__(
        self,
        public_keys: str,
        *,
        audience: str,
        issuer: str | None,
        roles: tuple[str, ...],
        role_claim: str = "role",
        users: UserStore | None = None,
    ) -> None:
        self._keys = read_keys(public_keys)
        self._audience = audience
        self._issuer = issuer
        self._roles = roles
        self._role_claim = role_claim
        self._users = users

    async def authenticate(self, token: str) -> AuthUser | None:
        """The user that a token of the issuer stands for."""
        key = self._key_of(token)
        if key is None:
            return None
        claims = verified(
            token, key.key, key.algorithm, self._issuer, self._audience, _REQUIRED
        )
        if claims is None:
            return None
        return (
            self._claimed(claims) if self._users is None else await self._stored(claims)
        )

    async def create_token(self, user_data: Mapping[str, Any]) -> str:
        """Raises `UnknownUser`: only the issuer creates tokens."""
        raise UnknownUser("tokens come from the external issuer")

    async def refresh_token(self, token: str) -> str | None:
        """`None`: only the issuer creates tokens."""
        return None

    def _key_of(self, token: str) -> PublicKey | None:
        if len(token) > MAX_TOKEN_LENGTH:
            return None
        try:
            named = jwt.get_unverified_header(token).get("kid")
        except (jwt.PyJWTError, ValueError, RecursionError):
            return None
        # A header without `kid` is good only where there is one key to mean.
        found = [key for key in self._keys if key.id == named or len(self._keys) == 1]
        return found[0] if found else None

    def _claimed(self, claims: Mapping[str, Any]) -> AuthUser | None:
        held = claims.get(self._role_claim)
        named = held if isinstance(held, list) else [held]
        role = next((role for role in self._roles if role in named), None)
        if role is None:
            return None
        return AuthUser(
            id=claims["sub"], email=str(claims.get("email") or ""), role=role
        )

    async def _stored(self, claims: Mapping[str, Any]) -> AuthUser | None:
        assert self._users is not None
        name = self._users.fields.identity
        identity = claims.get(name)
        # An address that the issuer has not verified may be anybody's.
        if not isinstance(identity, str) or claims.get(f"{name}_verified") is False:
            return None
        user = await self._users.by_identity(identity)
        if user is None or not user.active:
            return None
        return AuthUser(id=user.id, email=user.email, role=user.role)


def read_keys(text: str) -> Sequence[PublicKey]:
    """The keys in a PEM text or a JSON Web Key Set; none in an empty text.

    Raises `BadPublicKey`.
    """
    text = text.strip().replace("\\n", "\n")
    if not text:
        return ()
    try:
        if text.startswith("{"):
            found = jwt.PyJWKSet.from_dict(json.loads(text)).keys
            keys = [PublicKey(k.key, _algorithm(k.key), k.key_id) for k in found]
        else:
            key = load_pem_public_key(text.encode())
            keys = [PublicKey(key, _algorithm(key))]
    except (
        ValueError,
        TypeError,
        KeyError,
        jwt.PyJWTError,
        UnsupportedAlgorithm,
    ) as fault:
        raise BadPublicKey(f"neither a PEM public key nor a JWKS: {fault}") from None
    return keys


def _algorithm(key: object) -> str:
    """The algorithm follows from the key, never from a token's header."""
    match key:
        case rsa.RSAPublicKey() if key.key_size >= 2048:
            return "RS256"
        case ec.EllipticCurvePublicKey() if key.curve.name in _CURVES:
            return _CURVES[key.curve.name]
        case ed25519.Ed25519PublicKey():
            return "EdDSA"
    raise BadPublicKey(f"a {type(key).__name__} of this size verifies no tokens here")
