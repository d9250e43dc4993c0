"""Subscribers inside this process to the events that changes of records emit.

Delivery is at least once: an event stays in the outbox until every subscriber took it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a record, as the outbox holds it."""

    id: str
    """UUIDv7; the same on every delivery, so that subscribers can drop repetitions."""
    name: str
    entity: str
    key: str
    """Key of the record as a path writes it."""
    payload: dict[str, Any]
    """The record after the change, in JSON form, without sensitive fields."""
    tenant: str | int | None = None
    """The tenant that the record belongs to, which the payload holds too."""


Handler: TypeAlias = Callable[[Event], Awaitable[None]]

_handlers: dict[str, list[Handler]] = {}


def subscribe(name: str, handler: Handler) -> Callable[[], None]:
    """Call `handler` for every event called `name`, or for all where `name` is `*`.

    Returns the function that ends the subscription.
    """
    _handlers.setdefault(name, []).append(handler)

    def unsubscribe() -> None:
        handlers = _handlers.get(name, [])
        if handler in handlers:
            handlers.remove(handler)

    return unsubscribe


def handlers_of(name: str) -> tuple[Handler, ...]:
    """Who is called for events called `name`, in order."""
    return (*_handlers.get(name, ()), *_handlers.get("*", ()))


async def dispatch(event: Event) -> bool:
    """Hand `event` to its subscribers in order; `False` where one of them failed."""
    delivered = True
    for handler in handlers_of(event.name):
        try:
            await handler(event)
        # The edge of the process: a subscriber is foreign code and must not undo a
        # request that is already committed.
        except Exception:
            delivered = False
            _logger.exception(
                "subscriber failed on event %s (%s)", event.name, event.id
            )
    return delivered
