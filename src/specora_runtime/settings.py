"""Configuration from the environment, checked as a whole before anything starts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

DEFAULT_SECRET: Final = "change-me-in-production"
DEFAULT_DATABASE_URL: Final = "postgresql://specora:specora@localhost:5432/specora"
MIN_SECRET: Final = 32
"""Characters of a secret that production accepts."""

_KNOWN_SECRETS: Final = frozenset({DEFAULT_SECRET, "change-me"})
_BACKENDS: Final = ("postgres", "sqlite", "memory")
_PROVIDERS: Final = ("jwt", "external")
_LEVELS: Final = ("debug", "info", "warning", "error", "critical")
_TRUE: Final = frozenset({"true", "1", "yes", "on"})
_FALSE: Final = frozenset({"false", "0", "no", "off"})
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(SystemExit):
    """The environment does not describe a service that may start; lists every fault.

    Where nobody catches it, the process ends with the message and without a traceback.
    """

    def __init__(self, faults: tuple[str, ...]) -> None:
        self.faults = faults
        lines = "".join(f"\n  {fault}" for fault in faults)
        super().__init__(f"the configuration cannot be used:{lines}")


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable that an infra contract declares for the service's own code."""

    name: str
    description: str = ""
    default: str | None = None
    required: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The configuration of one process."""

    domain: str
    database_url: str = DEFAULT_DATABASE_URL
    """For `sqlite` the path of the file; empty for `memory`."""
    database_backend: str = "postgres"
    port: int = 8000
    host: str = "127.0.0.1"
    cors_origins: tuple[str, ...] = ("*",)
    max_body_bytes: int = 1024 * 1024
    app_env: str = "development"
    has_auth: bool = False
    """Whether the contracts ask for authentication."""
    auth_enabled: bool = False
    auth_provider: str = "jwt"
    auth_secret: str = field(default=DEFAULT_SECRET, repr=False)
    auth_token_expire_minutes: int = 60
    auth_dev_login: bool = False
    healer_url: str = ""
    healer_token: str = field(default="", repr=False)
    log_level: str = "info"
    trusted_proxies: tuple[str, ...] = ()
    cursor_secret: bytes | None = field(default=None, repr=False)
    """Seals page cursors; `None` for a random one that this process alone knows."""
    drain_seconds: float = 0.0
    """How long readiness fails before the process stops accepting connections."""
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Values of the declared `Variable`s that are set or have a default."""
    warnings: tuple[str, ...] = ()
    """What is acceptable in development only."""

    @property
    def production(self) -> bool:
        """Whether the strict rules hold."""
        return self.app_env == "production"

    @property
    def cors_credentials(self) -> bool:
        """Whether browsers may send credentials from other origins."""
        return self.auth_enabled and "*" not in self.cors_origins

    @staticmethod
    def load(
        environ: Mapping[str, str],
        *,
        domain: str,
        has_auth: bool = False,
        variables: tuple[Variable, ...] = (),
        root: Path | None = None,
    ) -> Settings:
        """Read and check `environ`. Raises `SettingsError` with every fault.

        `root` is the app's own folder, in which an SQLite file without a given path lies.
        """
        read = _Reader(environ)
        backend = read.choice("DATABASE_BACKEND", _BACKENDS, "postgres")
        settings = Settings(
            domain=domain,
            database_backend=backend,
            database_url=_database_url(read, backend, root, domain),
            port=read.integer("PORT", 8000, 0, 65535),
            host=read.text("HOST", "127.0.0.1"),
            cors_origins=read.words("CORS_ORIGINS", "*"),
            max_body_bytes=read.integer("MAX_BODY_BYTES", 1024 * 1024, 1, 2**31),
            app_env=read.text("APP_ENV", "development").lower(),
            has_auth=has_auth,
            auth_enabled=read.boolean("AUTH_ENABLED", default=has_auth),
            auth_provider=read.choice("AUTH_PROVIDER", _PROVIDERS, "jwt"),
            auth_secret=read.text("AUTH_SECRET", DEFAULT_SECRET),
            auth_token_expire_minutes=read.integer(
                "AUTH_TOKEN_EXPIRE_MINUTES", 60, 1, 60 * 24 * 366
            ),
            auth_dev_login=read.boolean("AUTH_DEV_LOGIN", default=False),
            healer_url=read.url("SPECORA_HEALER_URL"),
            healer_token=read.text("SPECORA_HEALER_TOKEN", ""),
            log_level=read.choice("LOG_LEVEL", _LEVELS, "info"),
            trusted_proxies=read.words("TRUSTED_PROXIES", ""),
            cursor_secret=_cursor_secret(read),
            drain_seconds=read.integer("DRAIN_SECONDS", 0, 0, 3600),
            variables=read.declared(variables),
        )
        faults, warnings = _judge(settings)
        faults += _known_defaults(settings, variables)
        if read.faults or faults:
            raise SettingsError((*read.faults, *faults))
        return replace(settings, warnings=tuple(warnings))


class _Reader:
    """Reads single variables and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[str] = []

    def text(self, name: str, default: str) -> str:
        """A value; one that is empty counts as not set, as in a compose file."""
        return self.environ.get(name, "").strip() or default

    def boolean(self, name: str, *, default: bool) -> bool:
        """`true` or `false`, or what else people write for them."""
        text = self.text(name, "true" if default else "false").lower()
        if text not in _TRUE | _FALSE:
            self.faults.append(f"{name} must be `true` or `false`, not `{text}`")
        return text in _TRUE

    def integer(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number in a range."""
        text = self.text(name, str(default))
        if text.isascii() and text.isdecimal() and least <= int(text[:12]) <= most:
            return int(text)
        self.faults.append(
            f"{name} must be a whole number from {least} to {most}, not `{text}`"
        )
        return default

    def choice(self, name: str, legal: tuple[str, ...], default: str) -> str:
        """One of a few words."""
        text = self.text(name, default).lower()
        if text not in legal:
            words = ", ".join(f"`{word}`" for word in legal)
            self.faults.append(f"{name} must be one of {words}, not `{text}`")
        return text

    def words(self, name: str, default: str) -> tuple[str, ...]:
        """A comma list."""
        pieces = self.text(name, default).split(",")
        return tuple(piece.strip() for piece in pieces if piece.strip())

    def url(self, name: str) -> str:
        """An HTTP address without its last slash, or nothing."""
        text = self.text(name, "").rstrip("/")
        if text and not _is_url(text, ("http", "https")):
            self.faults.append(f"{name} must be an http:// or https:// address")
        return text

    def declared(self, variables: tuple[Variable, ...]) -> dict[str, str]:
        """The values of the contracts' own variables."""
        found: dict[str, str] = {}
        for variable in variables:
            value = self.text(variable.name, variable.default or "")
            if value:
                found[variable.name] = value
            elif variable.required:
                about = f" ({variable.description})" if variable.description else ""
                self.faults.append(f"{variable.name} is required{about}")
        return found


def _is_url(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.netloc)


def _database_url(read: _Reader, backend: str, root: Path | None, domain: str) -> str:
    given = read.text("DATABASE_URL", "")
    if backend == "memory":
        return ""
    if backend == "sqlite":
        if "://" in given and not given.startswith("sqlite:///"):
            read.faults.append(
                "DATABASE_URL must be a path or `sqlite:///path` "
                "with DATABASE_BACKEND=sqlite"
            )
        home = root or Path(__file__).resolve().parents[2]
        return given.removeprefix("sqlite:///") or str(home / "data" / f"{domain}.db")
    url = given or DEFAULT_DATABASE_URL
    if not _is_postgres(url):
        read.faults.append(
            "DATABASE_URL must start with `postgresql://` "
            "unless DATABASE_BACKEND is `sqlite` or `memory`"
        )
    return url


def _is_postgres(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("postgresql", "postgres")
    except ValueError:
        return False


def _cursor_secret(read: _Reader) -> bytes | None:
    """The secret of cursors: its own variable, else derived from the token secret."""
    own = read.text("CURSOR_SECRET", "")
    if own:
        if len(own) < MIN_SECRET:
            read.faults.append(
                f"CURSOR_SECRET must have at least {MIN_SECRET} characters"
            )
        return own.encode()
    shared = read.text("AUTH_SECRET", DEFAULT_SECRET)
    if shared in _KNOWN_SECRETS:
        return None
    return hashlib.blake2b(shared.encode(), person=b"specora cursors").digest()


def _judge(settings: Settings) -> tuple[list[str], list[str]]:
    """What production refuses, and what is worth a warning elsewhere."""
    known = settings.auth_secret in _KNOWN_SECRETS
    exposed = settings.host not in _LOOPBACK
    if not settings.production:
        warnings = []
        if exposed and settings.has_auth and not settings.auth_enabled:
            warnings.append(f"AUTH_ENABLED is false and HOST is {settings.host}")
        if exposed and settings.auth_enabled and known:
            warnings.append(f"AUTH_SECRET is the default and HOST is {settings.host}")
        return [], warnings
    faults = []
    if settings.has_auth and not settings.auth_enabled:
        faults.append("AUTH_ENABLED must not be false with APP_ENV=production")
    if settings.auth_enabled and (known or len(settings.auth_secret) < MIN_SECRET):
        faults.append(
            f"AUTH_SECRET must be a secret of at least {MIN_SECRET} characters "
            "with APP_ENV=production"
        )
    if settings.auth_enabled and "*" in settings.cors_origins:
        faults.append(
            "CORS_ORIGINS must list the origins instead of `*`, because requests carry "
            "credentials, with APP_ENV=production"
        )
    if settings.auth_dev_login:
        faults.append("AUTH_DEV_LOGIN must not be true with APP_ENV=production")
    return faults, []


def _known_defaults(
    settings: Settings, variables: tuple[Variable, ...]
) -> Iterable[str]:
    """Secrets of the contracts' own that anyone can read in the contracts."""
    for variable in variables:
        value = settings.variables.get(variable.name, "")
        if settings.production and variable.secret and value == variable.default:
            yield f"{variable.name} must not be the default with APP_ENV=production"
