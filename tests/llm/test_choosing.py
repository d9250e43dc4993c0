"""Which model an environment names."""

from __future__ import annotations

import subprocess
import sys

import pytest

from specora_llm import (
    PROVIDERS,
    Message,
    ModelFault,
    NoModel,
    NotInstalled,
    choose,
    choose_model,
)
from tests.llm.providers import Say, provider_stub

EVERY = {provider.variable: "http://127.0.0.1:9" for provider in PROVIDERS}


def test_the_order_of_priority_is_that_of_the_requirements() -> None:
    environ = dict(EVERY)
    chosen = []
    while environ:
        choice = choose(environ)
        chosen.append((choice.provider.variable, choice.model))
        del environ[choice.provider.variable]
    assert chosen[:5] == [
        ("ANTHROPIC_API_KEY", "claude-sonnet-4-6"),
        ("OPENAI_API_KEY", "gpt-4o"),
        ("XAI_API_KEY", "grok-3-mini"),
        ("ZAI_API_KEY", "glm-4.7-flash"),
        ("GOOGLE_API_KEY", "gemini-2.5-pro"),
    ]
    assert [variable for variable, _ in chosen[5:]] == [
        "OLLAMA_BASE_URL",
        "LMSTUDIO_BASE_URL",
    ]


@pytest.mark.parametrize(
    ("name", "provider", "model"),
    [
        ("claude-opus-4-1", "anthropic", "claude-opus-4-1"),
        ("gpt-5.2", "openai", "gpt-5.2"),
        ("o4-mini", "openai", "o4-mini"),
        ("grok-4", "xai", "grok-4"),
        ("glm-4.6", "zai", "glm-4.6"),
        ("gemini-3-pro", "google", "gemini-3-pro"),
        ("openai:some-finetune", "openai", "some-finetune"),
        ("OpenAI/gpt-4.1", "openai", "gpt-4.1"),
        ("xai:grok-3", "xai", "grok-3"),
        ("lmstudio:openai/gpt-oss-20b", "lmstudio", "openai/gpt-oss-20b"),
        ("ollama/qwen3:8b", "ollama", "qwen3:8b"),
        ("qwen3:8b", "ollama", "qwen3:8b"),
        ("gpt-oss:20b", "ollama", "gpt-oss:20b"),
        ("orca-mini", "ollama", "orca-mini"),
    ],
)
def test_a_forced_model_decides_its_provider(
    name: str, provider: str, model: str
) -> None:
    choice = choose(EVERY | {"SPECORA_AI_MODEL": name})
    assert (choice.provider.name, choice.model) == (provider, model)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, [provider.variable for provider in PROVIDERS]),
        ({"OPENAI_API_KEY": "  "}, ["OPENAI_API_KEY"]),
        ({"SPECORA_AI_MODEL": "gpt-4o", "XAI_API_KEY": "k"}, ["OPENAI_API_KEY"]),
        ({"SPECORA_AI_MODEL": "mystery"}, ["provider:model", "OLLAMA_BASE_URL"]),
        ({"SPECORA_AI_MODEL": "ollama:x"}, ["OLLAMA_BASE_URL"]),
    ],
)
def test_a_refusal_names_what_would_help(
    environ: dict[str, str], named: list[str]
) -> None:
    with pytest.raises(NoModel) as caught:
        choose(environ)
    assert all(name in str(caught.value) for name in named)


@pytest.mark.parametrize(
    ("variable", "told", "reached"),
    [
        ("OLLAMA_BASE_URL", "http://h:1", "http://h:1/v1"),
        ("OLLAMA_BASE_URL", "http://h:1/", "http://h:1/v1"),
        ("OLLAMA_BASE_URL", "http://h:1/v1/", "http://h:1/v1"),
        ("OLLAMA_BASE_URL", "h:1", "http://h:1/v1"),
        ("LMSTUDIO_BASE_URL", "http://h:1/v1", "http://h:1/v1"),
        ("OPENAI_BASE_URL", "http://h:1/v1/", "http://h:1/v1"),
        ("OPENAI_BASE_URL", "http://h:1/proxy", "http://h:1/proxy"),
        ("XAI_BASE_URL", "http://h:1", "http://h:1/v1"),
        ("ZAI_BASE_URL", "http://h:1/api/paas/v4/", "http://h:1/api/paas/v4"),
        ("ANTHROPIC_BASE_URL", "http://h:1/v1", "http://h:1"),
        ("GOOGLE_BASE_URL", "http://h:1/v1beta/", "http://h:1"),
    ],
)
def test_base_urls_are_read_leniently(variable: str, told: str, reached: str) -> None:
    name = variable.removesuffix("_BASE_URL").lower()
    environ = EVERY | {"SPECORA_AI_MODEL": f"{name}:m", variable: told}
    assert choose(environ).base_url == reached


def test_a_local_server_says_which_models_it_has() -> None:
    with provider_stub(Say("yes"), models=("nomic-embed-text", "qwen3:8b")) as stub:
        choose_model(stub.environ("ollama")).ask([Message.user("?")])
    assert stub.asked[0].body["model"] == "qwen3:8b"


@pytest.mark.parametrize(
    ("name", "value"),
    [("TIMEOUT", "soon"), ("RETRIES", "-1"), ("BACKOFF", "nan"), ("TIMEOUT", "0")],
)
def test_a_wrong_limit_is_told(name: str, value: str) -> None:
    with pytest.raises(ModelFault, match=name):
        choose_model({"OPENAI_API_KEY": "k", f"SPECORA_AI_{name}": value})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OPENAI_BASE_URL", "http://[::1/v1"),
        ("OPENAI_BASE_URL", "http://h:99999"),
        ("OPENAI_BASE_URL", "ftp://h/v1"),
        ("OPENAI_API_KEY", "schlüssel"),
        ("OPENAI_API_KEY", "a\nX-Header: b"),
    ],
)
def test_what_cannot_be_sent_is_told_before(variable: str, value: str) -> None:
    with pytest.raises(NoModel, match=variable) as caught:
        choose_model({"OPENAI_API_KEY": "k", variable: value})
    assert value not in str(caught.value)


def test_a_client_that_is_not_installed_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(NotInstalled, match="llm"):
        choose_model({"OPENAI_API_KEY": "k"}).ask([Message.user("?")])


def test_an_extra_that_is_not_installed_is_told() -> None:
    program = (
        "import sys, specora_llm\n"
        "sys.modules['pydantic_ai'] = None\n"
        "model = specora_llm.choose_model({'OPENAI_API_KEY': 'k'})\n"
        "try: model.ask([specora_llm.Message.user('?')])\n"
        "except specora_llm.NotInstalled as fault: sys.exit('[llm]' not in str(fault))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_choosing_imports_no_client() -> None:
    program = (
        "import sys, specora_llm\n"
        "specora_llm.choose_model({'OPENAI_API_KEY': 'k'})\n"
        "heavy = {'pydantic', 'pydantic_ai', 'openai', 'anthropic', 'httpx2', 'asyncio'}\n"
        "sys.exit(repr(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
