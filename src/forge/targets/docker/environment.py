"""`.env.example` as groups of variables."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forge.emit import Code
from forge.ir.application import Application
from forge.targets.fastapi_prod.variables import declared

BARE = re.compile(r"[A-Za-z0-9_./:@%+,*-]*\Z")
"""Values that need no quotes anywhere."""

PROVIDERS = {
    "SPECORA_AI_MODEL": "Forces a model; empty picks one by the first key below",
    "ANTHROPIC_API_KEY": "Anthropic (recommended)",
    "OPENAI_API_KEY": "OpenAI",
    "XAI_API_KEY": "xAI (Grok)",
    "ZAI_API_KEY": "Z.AI (GLM)",
    "GOOGLE_API_KEY": "Google Gemini",
    "OLLAMA_BASE_URL": "Address of an Ollama server",
    "LMSTUDIO_BASE_URL": "Address of an LM Studio server",
}
"""Variables of the model providers, for the healer."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable with its default."""

    name: str
    default: str
    description: str

    @property
    def value(self) -> Code:
        """The default as a dotenv value."""
        return dotenv(self.default)


@dataclass(frozen=True, slots=True)
class Group:
    """Variables under one heading."""

    title: str
    settings: tuple[Setting, ...]


def groups(ir: Application, *, auth: bool) -> tuple[Group, ...]:
    """Every variable that the containers read, by what it is about."""
    fixed = (
        _group("Database", DATABASE),
        _group("Server", SERVER),
        _group("Authentication", (("AUTH_ENABLED", str(auth).lower(), ENABLED), *AUTH)),
        _group("Healer", HEALER),
        _group(
            "AI / LLM providers",
            tuple((n, "", about) for n, about in PROVIDERS.items()),
        ),
        _group("Editor", EDITOR),
    )
    defaults = {v.name: v for v in declared(ir)}
    known = {s.name for group in fixed for s in group.settings}
    own = tuple(
        Setting(v.name, v.default or "", _about(v.description, v.required))
        for v in defaults.values()
        if v.name not in known
    )
    overridden = tuple(
        Group(
            group.title,
            tuple(
                _overridden(s, defaults[s.name].default) if s.name in defaults else s
                for s in group.settings
            ),
        )
        for group in fixed
    )
    return (*overridden, Group(f"Of {ir.domain}", own)) if own else overridden


def dotenv(text: str) -> Code:
    """A value as Compose reads it from `.env`, without interpolation."""
    if BARE.match(text):
        return Code(text)
    if not {"'", "\\"} & set(text) and text.isprintable():
        return Code(f"'{text}'")
    return Code('"' + text.translate(_ESCAPES) + '"')


_ESCAPES = {
    # Compose reads an octal number after `\\0`.
    **{code: f"\\0{code:03o}" for code in (*range(0x20), 0x7F)},
    **{ord(c): f"\\{c}" for c in '\\"$'},
    **{
        ord(c): f"\\{letter}"
        for c, letter in zip("\a\b\f\n\r\t\v", "abfnrtv", strict=True)
    },
}


def _group(title: str, rows: tuple[tuple[str, str, str], ...]) -> Group:
    return Group(title, tuple(Setting(*row) for row in rows))


def _overridden(setting: Setting, default: str | None) -> Setting:
    return (
        setting
        if default is None
        else Setting(setting.name, default, setting.description)
    )


def _about(description: str, required: bool) -> str:
    return " ".join((*description.split(), *(["(required)"] if required else [])))


DATABASE = (
    (
        "DATABASE_URL",
        "postgresql://specora:specora@localhost:5432/specora",
        "PostgreSQL connection string, or a path with the sqlite backend; Compose sets its own",
    ),
    ("DATABASE_BACKEND", "postgres", "postgres, sqlite or memory"),
    (
        "POSTGRES_PASSWORD",
        "specora",
        "Password of the Compose database: letters and digits",
    ),
    ("POSTGRES_PORT", "5432", "Port of the Compose database on this machine"),
)
SERVER = (
    ("PORT", "8000", "Port the app listens on"),
    (
        "BIND_ADDRESS",
        "127.0.0.1",
        "Address Compose publishes the app on; 0.0.0.0 for all",
    ),
    ("CORS_ORIGINS", "*", "Comma-separated CORS origins"),
    ("APP_ENV", "development", "production refuses unsafe settings"),
    ("LOG_LEVEL", "info", "debug, info, warning, error or critical"),
    ("MAX_BODY_BYTES", "1048576", "Largest request body"),
    (
        "TRUSTED_PROXIES",
        "",
        "Comma-separated addresses whose X-Forwarded-* headers count",
    ),
    ("CURSOR_SECRET", "", "Seals page cursors; several instances need a common one"),
    ("DRAIN_SECONDS", "0", "How long readiness fails before the app stops"),
)
ENABLED = "Enables authentication"
AUTH = (
    ("AUTH_PROVIDER", "jwt", "jwt or external"),
    (
        "AUTH_SECRET",
        "change-me-in-production",
        "JWT signing secret: `openssl rand -hex 32`; production refuses the default",
    ),
    ("AUTH_TOKEN_EXPIRE_MINUTES", "60", "Token expiration in minutes"),
    ("AUTH_DEV_LOGIN", "false", "Lets anyone log in as anyone; refused in production"),
    ("AUTH_BOOTSTRAP_PASSWORD", "", "Password of the first users"),
    (
        "AUTH_PUBLIC_KEY",
        "",
        "With AUTH_PROVIDER=external: key of the issuer (PEM or JWKS)",
    ),
    ("AUTH_AUDIENCE", "", "With AUTH_PROVIDER=external: audience of its tokens"),
    ("AUTH_ISSUER", "", "With AUTH_PROVIDER=external: issuer of its tokens"),
)
HEALER = (
    (
        "SPECORA_HEALER_URL",
        "",
        "Healer that errors are reported to; Compose sets its own",
    ),
    ("SPECORA_HEALER_PORT", "8083", "Port of the healer on this machine"),
    (
        "SPECORA_HEALER_TOKEN",
        "",
        "Token of the healer; set it before its port leaves loopback",
    ),
    ("SPECORA_HEALER_WEBHOOK_URL", "", "Receives notifications of the healer"),
)
EDITOR = (
    ("EDITOR", "", "Editor for contract review"),
    ("VISUAL", "", "Visual editor fallback"),
)
