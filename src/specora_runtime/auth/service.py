"""Authentication of one service, assembled from what its contract declares."""

from __future__ import annotations

import logging
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from fastapi import APIRouter

from ..database import Database
from ..errors import Unavailable
from ..repository import Repository
from ..settings import Settings, SettingsError
from .attempts import LoginLimits
from .authenticator import BearerAuthenticator
from .bootstrap import bootstrap
from .config import AuthConfig, Provider
from .external import BadPublicKey, ExternalProvider
from .interface import AuthProvider
from .provider import JWTProvider
from .refresh import Sessions
from .routes import AuthRoutes, me
from .schema import Tables
from .tokens import Tokens
from .users import UserStore, built_in_users

_log = logging.getLogger(__name__)


class Auth:
    """Who may use a service: the `Authenticator`, the endpoints and the first users."""

    def __init__(
        self,
        config: AuthConfig,
        *,
        settings: Settings,
        database: Database,
        users: Callable[[], Repository] | None = None,
        environ: Mapping[str, str] = os.environ,
        limits: LoginLimits | None = None,
    ) -> None:
        """`users` gives the repository of the contract's user entity, if it names one.

        Raises `SettingsError`.
        """
        if settings.production and not settings.auth_enabled:
            raise SettingsError(("AUTH_ENABLED must be true with APP_ENV=production",))
        self.config = config
        self._settings = settings
        self._database = database
        self._environ = environ
        self._bootstrapped = False
        self._limits = limits or LoginLimits()
        self.external = _provider(config, environ) is Provider.EXTERNAL
        self.users: UserStore | None = None
        self._tables = Tables(database)
        repository = users
        if repository is None and not self.external:
            repository = built_in_users(database)
        if repository is not None:
            self.users = UserStore(repository, config.fields, self._tables)
        self.provider: AuthProvider = self._external() if self.external else self._jwt()
        self.authenticator = BearerAuthenticator(
            self.provider, enabled=settings.auth_enabled
        )

    def router(self) -> APIRouter:
        """The endpoints below `/auth`; on its start the first users are created."""
        router = APIRouter(lifespan=self._lifespan)
        router.add_route("/auth/me", me(self.authenticator), ["GET"])
        if isinstance(self.provider, JWTProvider):
            routes = AuthRoutes(
                self.provider,
                identity=self.config.fields.identity,
                roles=self.config.roles,
                max_body_bytes=self._settings.max_body_bytes,
                limits=self._limits,
                before_login=self._bootstrap_once,
            )
            router.add_route("/auth/login", routes.login, ["POST"])
            router.add_route("/auth/refresh", routes.refresh, ["POST"])
            router.add_route("/auth/logout", routes.logout, ["POST"])
        return router

    @asynccontextmanager
    async def _lifespan(self, _app: object) -> AsyncIterator[None]:
        await self.start()
        try:
            yield
        finally:
            # The service closes the database, and one in memory is empty afterwards.
            self._bootstrapped = False
            self._tables.forget()

    async def start(self) -> None:
        """Create the first users. Raises `SettingsError`.

        A database that is not reached is none of this start's faults: the first login
        tries again.
        """
        if self.external or self.users is None:
            return
        try:
            await bootstrap(
                self.users,
                self._database,
                self.config.bootstrap,
                self._environ,
                production=self._settings.production,
            )
        except Unavailable as fault:
            _log.error("the first users are not created: %s", fault)
        else:
            self._bootstrapped = True

    async def _bootstrap_once(self) -> None:
        """`start` for a server that does not announce its own start."""
        if not self._bootstrapped:
            try:
                await self.start()
            except SettingsError as fault:
                # Too late to refuse the start; whoever is stored can still log in.
                _log.error("the first users are not created: %s", fault)

    def _jwt(self) -> JWTProvider:
        settings, config = self._settings, self.config
        assert self.users is not None
        return JWTProvider(
            Tokens(
                settings.auth_secret,
                config.domain,
                settings.auth_token_expire_minutes,
            ),
            self.users,
            Sessions(self._tables, self._database.dialect),
            roles=config.roles,
            development=settings.auth_dev_login and not settings.production,
        )

    def _external(self) -> ExternalProvider:
        settings = self._settings
        keys = self._environ.get("AUTH_PUBLIC_KEY", "").strip()
        if not keys and settings.auth_enabled and settings.production:
            raise SettingsError(
                ("AUTH_PUBLIC_KEY must hold the issuer's public key (PEM or JWKS)",)
            )
        if not keys and settings.auth_enabled:
            _log.warning("AUTH_PUBLIC_KEY is not set: no token holds")
        try:
            return ExternalProvider(
                keys,
                audience=self._environ.get("AUTH_AUDIENCE") or self.config.domain,
                issuer=self._environ.get("AUTH_ISSUER") or None,
                roles=self.config.roles,
                role_claim=self.config.fields.role,
                users=self.users,
            )
        except BadPublicKey as fault:
            raise SettingsError((f"AUTH_PUBLIC_KEY is {fault}",)) from None


def _provider(config: AuthConfig, environ: Mapping[str, str]) -> Provider:
    chosen = environ.get("AUTH_PROVIDER", "").strip().lower()
    return Provider(chosen) if chosen in set(Provider) else config.provider
