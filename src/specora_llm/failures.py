"""Makes a `ModelFault` of what a provider's client raises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from pydantic_ai import exceptions

from specora_llm.choosing import Choice
from specora_llm.faults import (
    MISSING,
    BrokenAnswer,
    Declined,
    ModelFault,
    NotInstalled,
    RateLimited,
    RequestRefused,
    TimedOut,
    Unauthorized,
    Unavailable,
    Unreachable,
)
from specora_llm.limits import Limits

_PASSING = (408, 409, 425)
_LONGEST_DETAIL = 300


@contextmanager
def translated(choice: Choice, limits: Limits) -> Iterator[None]:
    """Every fault of the client as a `ModelFault`."""
    try:
        yield
    except ModelFault:
        raise
    except exceptions.ModelHTTPError as problem:
        raise _status(choice, problem) from problem
    except (
        exceptions.ModelTimeoutError,
        exceptions.ModelRequestTimeout,
        httpx2.TimeoutException,
    ) as problem:
        raise TimedOut(f"{choice} did not answer in {limits.timeout:g} s.") from problem
    except (exceptions.ModelConnectionError, httpx2.TransportError) as problem:
        raise Unreachable(
            f"{choice.provider.title} cannot be reached at {choice.base_url},"
            f" or cut the connection: {_detail(problem)}"
        ) from problem
    except exceptions.ContentFilterError as problem:
        raise Declined(f"{choice.provider.title} declined to answer this.") from problem
    except ImportError as problem:
        raise NotInstalled(MISSING) from problem
    except (
        exceptions.AgentRunError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
    ) as problem:
        # Clients of providers take the format of an answer for granted.
        raise BrokenAnswer(
            f"{choice} answered with something that is not in its format: {_detail(problem)}"
        ) from problem


def _status(choice: Choice, problem: exceptions.ModelHTTPError) -> ModelFault:
    status = problem.status_code
    told = f"{choice} answered {status}: {_detail(problem)}"
    if status in (401, 403):
        variable = choice.provider.variable
        return Unauthorized(
            f"{choice.provider.title} does not accept the key in {variable} ({status})."
        )
    if status == 429:
        return RateLimited(told, retry_after=problem.retry_after)
    if status >= 500 or status in _PASSING:
        return Unavailable(told, retry_after=problem.retry_after)
    return RequestRefused(told)


def _detail(problem: BaseException) -> str:
    body = getattr(problem, "body", None)
    if isinstance(body, dict):
        error = body.get("error", body)
        body = error.get("message") if isinstance(error, dict) else error
    text = " ".join(str(body or problem).split())
    if len(text) > _LONGEST_DETAIL:
        text = text[:_LONGEST_DETAIL] + "…"
    return text or type(problem).__name__
