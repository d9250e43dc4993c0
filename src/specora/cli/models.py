"""The model that a command asks: of the environment, or where that names none, of `.env`."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from specora_llm import OVERRIDE, PROVIDERS, Model, choose_model
from specora_llm.model import REPLAY

_FILE = Path(".env")
_LINE = re.compile(r"\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*?)\s*\Z")
_VALUE = re.compile(
    r"""(?P<quote>["'])(?P<quoted>.*)(?P=quote)(?:\s+#.*)?|(?P<bare>.*?)(?:\s+#.*)?"""
)
_NAMES = frozenset(
    name
    for provider in PROVIDERS
    for name in (provider.key_variable, provider.url_variable)
    if name
)


def chosen(transcript: Path | None = None) -> Model:
    """The model to ask. Raises `ModelFault`."""
    return choose_model(variables(), transcript=transcript)


def variables() -> Mapping[str, str]:
    """The environment, with what `.env` says about models where the environment says nothing.

    It is one or the other: a key of the environment goes to no address that a project names.
    """
    environ = dict(os.environ)
    deciding = (*_NAMES, OVERRIDE, REPLAY)
    if any(environ.get(name, "").strip() for name in deciding):
        return environ
    return {**environ, **_told()}


def _told() -> Mapping[str, str]:
    try:
        text = _FILE.read_text("utf-8-sig", errors="replace")
    except OSError:
        return {}
    found = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        value = _VALUE.fullmatch(match[2]) if match else None
        if match and value and (match[1] in _NAMES or match[1] == OVERRIDE):
            found[match[1]] = value["quoted"] or value["bare"] or ""
    return found
