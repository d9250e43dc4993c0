"""Authentication: tokens, passwords, sessions and the endpoints below `/auth`."""

from .authenticator import ANONYMOUS_ADMIN, BearerAuthenticator, require
from .config import AuthConfig, BootstrapUser, Provider, UserFields
from .interface import AuthProvider, AuthUser, UnknownUser
from .provider import JWTProvider
from .service import Auth

__all__ = [
    "ANONYMOUS_ADMIN",
    "Auth",
    "AuthConfig",
    "AuthProvider",
    "AuthUser",
    "BearerAuthenticator",
    "BootstrapUser",
    "JWTProvider",
    "Provider",
    "UnknownUser",
    "UserFields",
    "require",
]
