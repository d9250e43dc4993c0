"""What every service says of itself."""

from typing import TypedDict

from ._collections import C
from ._declared import Ask, Resource
from ._types import AuthUser


class State(TypedDict):
    """Whether all is well."""

    status: str


class Health(State):
    """Which service this is."""

    domain: str


class Service(Resource[C]):
    """The service itself."""

    health = Ask[Health]("health", "GET", "/health")
    live = Ask[State]("livez", "GET", "/livez")
    ready = Ask[State]("readyz", "GET", "/readyz")


class Identity(Resource[C]):
    """Tokens that somebody else issues."""

    me = Ask[AuthUser]("get_me", "GET", "/auth/me")
