"""Keeps secrets out of prompts, logs, errors and transcripts, and puts them back into answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_NAMES = re.compile(
    r"KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|_PWD|DSN", re.IGNORECASE
)
_SHORTEST = 8

_SHAPES = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----",
    r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{12,}",
    r"\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{8,}",
    r"\bxai-[A-Za-z0-9_-]{12,}",
    r"\bAIza[A-Za-z0-9_-]{20,}",
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    r"\bgh[pousr]_[A-Za-z0-9]{20,}",
    r"\bgithub_pat_[A-Za-z0-9_]{20,}",
    r"\bglpat-[A-Za-z0-9_-]{16,}",
    r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
    r"(?<=://)[^\s/:@'\"]*:[^\s/@'\"]+(?=@)",
    r"(?<=[Bb]earer )[A-Za-z0-9._~+/-]{16,}=*",
)
_SHAPED = re.compile("|".join(_SHAPES), re.DOTALL)

_ASSIGNED = re.compile(
    r"""(?P<name>[\w-]*(?:password|passwd|secret|token|api[_-]?key|private[_-]?key|access[_-]?key)[\w-]*)
        (?P<between>["']?\s*[:=][ \t]*)
        (?P<value>"[^"\n]{6,}"|'[^'\n]{6,}'|[^\s"'{}\[\],#|>&*!$%@`][^\s{}\[\],#]{5,})""",
    re.IGNORECASE | re.VERBOSE,
)
_HARMLESS = re.compile(
    r"(?:true|false|null|none|string|integer|number|boolean|object|required|optional|REDACTED-SECRET-\d+"
    r"|[a-z]+/[a-z0-9_/-]+|\d+[smhd]?|\$\{?\w+\}?|[A-Z][A-Z0-9_]+)",
)

MARK = "REDACTED-SECRET-"
"""What marks begin with, before their number."""
_MARKED = re.compile(re.escape(MARK) + r"(\d+)")


_WORD = re.compile(r"[a-z_]{1,11}")


class Secrets:
    """What must not leave: variables that are named like secrets, and what looks like one."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        values = {
            value.strip()
            for name, value in environ.items()
            if _NAMES.search(name) and len(value.strip()) >= _SHORTEST
        }
        self._known = sorted(values, key=lambda value: (-len(value), value))

    def redact(self, text: str) -> str:
        """`text` without secrets for good, for errors and records; values it assigns are left."""
        for secret in self._certain(text):
            text = text.replace(secret, "[redacted]")
        return text

    def veil(self, texts: Iterable[str]) -> Veil:
        """What stands for the secrets of `texts` while they are with a model."""
        every = tuple(texts)
        taken = [int(m[1]) for text in every for m in _MARKED.finditer(text)]
        found = dict.fromkeys(
            secret
            for text in every
            for secret in (*self._certain(text), *_assigned(text))
        )
        start = max(taken, default=0) + 1
        return Veil(
            {secret: f"{MARK}{number}" for number, secret in enumerate(found, start)}
        )

    def _certain(self, text: str) -> Iterator[str]:
        for value in self._known:
            if value in text:
                yield value
        for match in _SHAPED.finditer(text):
            yield match[0]


class Veil:
    """Secrets and the marks that stand for them in one conversation."""

    def __init__(self, marks: Mapping[str, str]) -> None:
        self._marks = dict(
            sorted(marks.items(), key=lambda item: (-len(item[0]), item[0]))
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """What has a mark."""
        return tuple(self._marks)

    def cover(self, text: str) -> str:
        """`text` as a model may see it."""
        for secret, mark in self._marks.items():
            # A plain word may be a password where it is assigned and a word anywhere else.
            if not _WORD.fullmatch(secret):
                text = text.replace(secret, mark)
        return _ASSIGNED.sub(self._in_place, text)

    def lift(self, text: str) -> str:
        """An answer with the secrets where the model left their marks."""
        values = {mark: secret for secret, mark in self._marks.items()}
        return _MARKED.sub(lambda match: values.get(match[0], match[0]), text)

    def _in_place(self, match: re.Match[str]) -> str:
        value = match["value"]
        bare = value.strip("\"'")
        covered = value.replace(bare, self._marks.get(bare, bare))
        return match["name"] + match["between"] + covered


def _assigned(text: str) -> Iterator[str]:
    for match in _ASSIGNED.finditer(text):
        value = match["value"].strip("\"'")
        if not _HARMLESS.fullmatch(value):
            yield value
