"""Commands take models from the environment, or from `.env` where that names none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from specora.cli.models import chosen, variables
from specora_llm import NoModel, choose
from specora_llm.model import REPLAY
from tests.llm.command import KEYS, OURS


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(OURS) or name.endswith(KEYS):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("OPENAI_API_KEY=abc", "abc"),
        ("export OPENAI_API_KEY = abc ", "abc"),
        ("OPENAI_API_KEY='a b # c'", "a b # c"),
        ('OPENAI_API_KEY="abc" # mine', "abc"),
        ("OPENAI_API_KEY=abc # mine", "abc"),
    ],
)
def test_a_file_names_the_model(line: str, key: str) -> None:
    Path(".env").write_text(f"# models\n\nAUTH_SECRET=x\n{line}\n")
    assert choose(variables()).key == key
    assert "AUTH_SECRET" not in variables()


@pytest.mark.parametrize("text", ["", "#OPENAI_API_KEY=abc\n", "OPENAI_API_KEY=\n"])
def test_a_file_may_name_none(text: str) -> None:
    Path(".env").write_text(text)
    with pytest.raises(NoModel):
        chosen()


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "OLLAMA_BASE_URL", REPLAY])
def test_a_key_of_the_environment_goes_to_no_address_of_a_file(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    Path(".env").write_text("OPENAI_BASE_URL=http://127.0.0.1:9/v1\nOPENAI_API_KEY=a\n")
    monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert "OPENAI_BASE_URL" not in variables()
