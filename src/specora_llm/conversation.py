"""What is said to a model and what it answers, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


def encodable(text: str) -> str:
    """`text` without the half characters that JSON can hold and files cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Role(StrEnum):
    """Who said a message."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: Role
    text: str

    @classmethod
    def user(cls, text: str) -> Message:
        """What is asked."""
        return cls(Role.USER, text)

    @classmethod
    def assistant(cls, text: str) -> Message:
        """What the model answered."""
        return cls(Role.ASSISTANT, text)


@dataclass(frozen=True, slots=True)
class Shape:
    """An object that the model shall answer with, where its provider can hold it to one."""

    name: str
    description: str
    schema: dict[str, object]


@dataclass(frozen=True, slots=True)
class Usage:
    """What answers took: tokens, requests (failed ones too) and dollars if known."""

    input_tokens: int = 0
    output_tokens: int = 0
    requests: int = 0
    cost: Decimal | None = None

    def __add__(self, other: Usage) -> Usage:
        known = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.requests + other.requests,
            sum(known, Decimal(0)) if known else None,
        )

    def __str__(self) -> str:
        told = f"{self.input_tokens:,} tokens in, {self.output_tokens:,} out"
        return told if self.cost is None else f"{told}, ${self.cost:.4f}"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer of a model."""

    text: str
    model: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Rejected:
    """What is wrong with an answer, in sentences that the model is told."""

    complaints: Sequence[str]


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """An answer that was read: its value, the reply, and what all rounds took."""

    value: T
    reply: Reply
    usage: Usage
    rounds: int
