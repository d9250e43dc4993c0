"""Which model is asked: decided by the environment alone, in an order that is a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from specora_llm.faults import NoModel

OVERRIDE = "SPECORA_AI_MODEL"


class Wire(StrEnum):
    """The format that a provider speaks."""

    ANTHROPIC = "anthropic"
    OPENAI = "openai"
    GOOGLE = "google"


@dataclass(frozen=True, slots=True)
class Provider:
    """A row of the table: how a provider is recognised, reached and what it is asked by default."""

    name: str
    title: str
    wire: Wire
    model: str
    base_url: str
    """Where requests go unless its variable says otherwise."""
    url_variable: str
    url_path: str
    """What a base URL without any path gets."""
    key_variable: str | None = None
    """None where the URL alone decides, because nothing is to be paid."""
    names: str = r"(?!)"
    """The names of models that are its own, as a pattern."""
    aliases: tuple[str, ...] = ()

    @property
    def variable(self) -> str:
        """The variable that offers this provider."""
        return self.key_variable or self.url_variable


PROVIDERS = (
    Provider(
        name="anthropic",
        title="Anthropic",
        wire=Wire.ANTHROPIC,
        model="claude-sonnet-4-6",
        base_url="https://api.anthropic.com",
        url_variable="ANTHROPIC_BASE_URL",
        url_path="",
        key_variable="ANTHROPIC_API_KEY",
        names=r"claude-.*",
        aliases=("claude",),
    ),
    Provider(
        name="openai",
        title="OpenAI",
        wire=Wire.OPENAI,
        model="gpt-4o",
        base_url="https://api.openai.com/v1",
        url_variable="OPENAI_BASE_URL",
        url_path="/v1",
        key_variable="OPENAI_API_KEY",
        names=r"gpt-(?!oss).*|chatgpt-.*|o\d.*",
    ),
    Provider(
        name="xai",
        title="xAI",
        wire=Wire.OPENAI,
        model="grok-3-mini",
        base_url="https://api.x.ai/v1",
        url_variable="XAI_BASE_URL",
        url_path="/v1",
        key_variable="XAI_API_KEY",
        names=r"grok-.*",
        aliases=("x-ai", "grok"),
    ),
    Provider(
        name="zai",
        title="Z.AI",
        wire=Wire.OPENAI,
        model="glm-4.7-flash",
        base_url="https://api.z.ai/api/paas/v4",
        url_variable="ZAI_BASE_URL",
        url_path="/api/paas/v4",
        key_variable="ZAI_API_KEY",
        names=r"glm-.*",
        aliases=("z-ai", "z.ai", "zhipu"),
    ),
    Provider(
        name="google",
        title="Google",
        wire=Wire.GOOGLE,
        model="gemini-2.5-pro",
        base_url="https://generativelanguage.googleapis.com",
        url_variable="GOOGLE_BASE_URL",
        url_path="",
        key_variable="GOOGLE_API_KEY",
        names=r"gemini-.*",
        aliases=("gemini",),
    ),
    Provider(
        name="ollama",
        title="Ollama",
        wire=Wire.OPENAI,
        model="llama3.1",
        base_url="http://localhost:11434/v1",
        url_variable="OLLAMA_BASE_URL",
        url_path="/v1",
    ),
    Provider(
        name="lmstudio",
        title="LM Studio",
        wire=Wire.OPENAI,
        model="local-model",
        base_url="http://localhost:1234/v1",
        url_variable="LMSTUDIO_BASE_URL",
        url_path="/v1",
        aliases=("lm-studio", "lm_studio"),
    ),
)
"""In the order of their priority: the first whose variable is set is asked."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A model, and how it is reached."""

    provider: Provider
    model: str
    base_url: str
    key: str | None
    forced: bool

    @property
    def local(self) -> bool:
        """Whether the server decides which models there are."""
        return self.provider.key_variable is None

    def __str__(self) -> str:
        return f"{self.provider.title} {self.model}"


def choose(environ: Mapping[str, str]) -> Choice:
    """The model that the environment names; `NoModel` says which variables would help."""
    forced = environ.get(OVERRIDE, "").strip()
    if forced:
        return _forced(forced, environ)
    for provider in PROVIDERS:
        if _offered(provider, environ):
            return _choice(provider, provider.model, environ, forced=False)
    raise NoModel(
        "No language model is configured. Set one of "
        + ", ".join(provider.variable for provider in PROVIDERS)
        + f"; {OVERRIDE} names a model of it."
    )


def _forced(name: str, environ: Mapping[str, str]) -> Choice:
    provider, model = _owner(name, environ)
    if provider is None:
        raise NoModel(
            f"{OVERRIDE} is {name}, which no provider is known for. Write it as provider:model"
            f" with one of {', '.join(p.name for p in PROVIDERS)},"
            " or set OLLAMA_BASE_URL or LMSTUDIO_BASE_URL where it runs locally."
        )
    if not _offered(provider, environ):
        raise NoModel(
            f"{OVERRIDE} is {name}, a model of {provider.title}: set {provider.variable} too."
        )
    return _choice(provider, model, environ, forced=True)


def _owner(name: str, environ: Mapping[str, str]) -> tuple[Provider | None, str]:
    explicit = re.match(r"([A-Za-z][\w.-]*)[:/](.+)", name)
    if explicit:
        word = explicit[1].lower()
        for provider in PROVIDERS:
            if word in (provider.name, *provider.aliases):
                return provider, explicit[2]
    for provider in PROVIDERS:
        if re.fullmatch(provider.names, name, re.IGNORECASE):
            return provider, name
    for provider in PROVIDERS:
        if provider.key_variable is None and _offered(provider, environ):
            return provider, name
    return None, name


def _offered(provider: Provider, environ: Mapping[str, str]) -> bool:
    return bool(environ.get(provider.variable, "").strip())


def _choice(
    provider: Provider, model: str, environ: Mapping[str, str], *, forced: bool
) -> Choice:
    variable = provider.key_variable
    key = environ.get(variable, "").strip() if variable else ""
    if not (key.isascii() and (key.isprintable() or not key)):
        raise NoModel(f"{variable} holds characters that no key has.")
    return Choice(provider, model, base_url(provider, environ), key or None, forced)


def base_url(provider: Provider, environ: Mapping[str, str]) -> str:
    """Where a provider is reached, without slashes at the end or a version that its client adds."""
    told = environ.get(provider.url_variable, "").strip().rstrip("/")
    if not told:
        return provider.base_url
    if "://" not in told:
        told = f"http://{told}"
    if not _is_address(told):
        raise NoModel(f"{provider.url_variable} holds no address of a server.")
    if provider.wire is not Wire.OPENAI:
        return re.sub(r"/v1(beta)?$", "", told)
    bare = re.fullmatch(r"[a-z]+://[^/]+", told, re.IGNORECASE)
    return told + provider.url_path if bare else told


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(
            parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        )
    except ValueError:
        return False
