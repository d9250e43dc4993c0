"""What can go wrong with a model: each a type, with a sentence for the person who waits."""

from __future__ import annotations

from collections.abc import Sequence

MISSING = "Asking a language model needs the extra [llm] of specora-core, which is not installed."


class ModelFault(Exception):
    """No usable answer. `str(fault)` is a sentence for people and holds no secret."""

    kind = "model"
    retried = False

    def __init__(self, sentence: str, *, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after


class NoModel(ModelFault):
    """The environment names no model, or one that it has no key for."""

    kind = "no-model"


class NotInstalled(ModelFault):
    """The provider's client is an extra that is not installed."""

    kind = "not-installed"


class Unauthorized(ModelFault):
    """401 or 403: the key is wrong, or may not use the model."""

    kind = "unauthorized"


class RequestRefused(ModelFault):
    """Another 4xx: sent again unchanged, it would be refused again."""

    kind = "request-refused"


class RateLimited(ModelFault):
    """429: too much was asked; `retry_after` is what the provider said, in seconds."""

    kind = "rate-limited"
    retried = True


class Unavailable(ModelFault):
    """5xx: the provider fails."""

    kind = "unavailable"
    retried = True


class Unreachable(ModelFault):
    """No connection, or one that was cut."""

    kind = "unreachable"
    retried = True


class TimedOut(ModelFault):
    """No answer in time."""

    kind = "timed-out"
    retried = True


class BrokenAnswer(ModelFault):
    """Half an answer, or one that is not in the provider's format."""

    kind = "broken-answer"
    retried = True


class EmptyAnswer(ModelFault):
    """An answer without a word."""

    kind = "empty-answer"
    retried = True


class Overlong(ModelFault):
    """The answer ends where the model's limit of tokens is."""

    kind = "overlong"


class Declined(ModelFault):
    """The model refuses, or a filter of its provider does."""

    kind = "declined"


class NotAccepted(ModelFault):
    """No round brought an answer that holds; `complaints` are those about the last."""

    kind = "not-accepted"

    def __init__(self, sentence: str, complaints: Sequence[str], last: str) -> None:
        super().__init__(sentence)
        self.complaints = tuple(complaints)
        self.last = last


class NotInTranscript(ModelFault):
    """A replay is asked what its transcript does not hold, or the file is none."""

    kind = "not-in-transcript"
