"""What calls raise."""

from collections.abc import Mapping

from ._types import Problem, ProblemDetail


class ClientError(Exception):
    """Whatever went wrong with a call."""


class NotAnswered(ClientError):
    """There was no answer; the cause is an exception of httpx."""


class MalformedAnswer(ClientError):
    """The answer is no JSON."""


class NotModified(ClientError):
    """The record still has the version that is known."""


class ProblemError(ClientError):
    """The service refused."""

    def __init__(self, problem: Problem, headers: Mapping[str, str]) -> None:
        super().__init__(problem.get("detail") or problem["title"])
        self.problem = problem
        self.headers = headers

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.problem["status"]

    @property
    def code(self) -> str:
        """The kind of problem: the last part of its `type`."""
        return self.problem["type"].rpartition("/")[2]

    @property
    def errors(self) -> list[ProblemDetail]:
        """Each fault, with the place that it is about."""
        return self.problem.get("errors", [])

    @property
    def allowed_states(self) -> list[str]:
        """Where the record may go, after an illegal transition."""
        return self.problem.get("allowed_states", [])


class BadRequest(ProblemError):
    """400: the request cannot be understood, or the transition is illegal."""


class Unauthenticated(ProblemError):
    """401: a valid token is missing."""


class Forbidden(ProblemError):
    """403: the caller's role does not allow this."""


class NotFound(ProblemError):
    """404: no record has this key."""


class Conflict(ProblemError):
    """409: another record holds the same values, or still needs this one."""


class StaleVersion(ProblemError):
    """412: the record changed since it was read."""


class TooLarge(ProblemError):
    """413: the body has more bytes than the service reads."""


class UnsupportedMediaType(ProblemError):
    """415: the body is something other than JSON."""


class Invalid(ProblemError):
    """422: values break the contract."""


class PreconditionRequired(ProblemError):
    """428: the route demands `if_match`."""


class TooManyRequests(ProblemError):
    """429: too many requests."""


class ServerError(ProblemError):
    """500 and above: the service failed."""


class Unavailable(ServerError):
    """503: the service cannot answer at present."""


_BY_STATUS: dict[int, type[ProblemError]] = {
    400: BadRequest,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: StaleVersion,
    413: TooLarge,
    415: UnsupportedMediaType,
    422: Invalid,
    428: PreconditionRequired,
    429: TooManyRequests,
    503: Unavailable,
}


def problem_error(problem: Problem, headers: Mapping[str, str]) -> ProblemError:
    """The exception for a problem."""
    status = problem["status"]
    otherwise = ServerError if status >= 500 else ProblemError
    return _BY_STATUS.get(status, otherwise)(problem, headers)
