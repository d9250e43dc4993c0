"""How long a model is waited for and how often it is asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from specora_llm.faults import ModelFault


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds."""

    timeout: float = 120.0
    """How long one request may be silent."""
    longest: float = 600.0
    """How long one request may take in all."""
    retries: int = 3
    """How often a request is sent again after a fault that may pass."""
    backoff: float = 0.5
    """The wait before the first repetition; each further one is twice as long."""
    longest_wait: float = 60.0
    """A provider that asks for a longer wait is not waited for."""
    output_tokens: int = 16_000

    def wait(self, attempt: int, retry_after: float | None) -> float | None:
        """Seconds before repetition `attempt` (from 1); None where nobody waits so long."""
        if retry_after is not None:
            return retry_after if retry_after <= self.longest_wait else None
        return min(self.backoff * 2.0 ** (attempt - 1), self.longest_wait)


def limits_of(environ: Mapping[str, str]) -> Limits:
    """`SPECORA_AI_TIMEOUT`, `SPECORA_AI_RETRIES` and `SPECORA_AI_BACKOFF` over the defaults."""
    default = Limits()
    return Limits(
        timeout=_number(environ, "SPECORA_AI_TIMEOUT", default.timeout, 0.01),
        retries=int(_number(environ, "SPECORA_AI_RETRIES", default.retries, 0)),
        backoff=_number(environ, "SPECORA_AI_BACKOFF", default.backoff, 0),
    )


def _number(
    environ: Mapping[str, str], name: str, default: float, least: float
) -> float:
    text = environ.get(name, "").strip()
    if not text:
        return default
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not least <= number <= 86_400:
        raise ModelFault(f"{name} is {text}: it must be a number from {least:g} on.")
    return number
