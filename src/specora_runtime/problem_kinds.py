"""The kinds of problems that services answer with: code, status and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status and what it means."""

    code: str
    status: int
    title: str
    meaning: str


KINDS: Final[dict[str, Kind]] = {
    kind.code: kind
    for kind in (
        Kind("bad-request", 400, "Bad request", "The request cannot be understood."),
        Kind(
            "malformed-json",
            400,
            "Malformed JSON",
            "The body is not one JSON value in UTF-8.",
        ),
        Kind(
            "bad-query",
            400,
            "Bad query string",
            "A query parameter is unknown, repeated or ill-formed; `errors` names it.",
        ),
        Kind(
            "illegal-transition",
            400,
            "Illegal transition",
            "The record cannot go to that state from its present one; "
            "`allowed_states` lists where it can go.",
        ),
        Kind(
            "tenant-required",
            400,
            "Tenant required",
            "The record belongs to a tenant, which the header in `errors` names.",
        ),
        Kind(
            "unauthenticated",
            401,
            "Unauthenticated",
            "The request needs a valid bearer token.",
        ),
        Kind("forbidden", 403, "Forbidden", "The caller's role does not allow this."),
        Kind("not-found", 404, "Not found", "Nothing is at this path."),
        Kind(
            "method-not-allowed",
            405,
            "Method not allowed",
            "`Allow` lists the methods.",
        ),
        Kind(
            "conflict",
            409,
            "Conflict",
            "Another record holds values that may occur once; `errors` names them.",
        ),
        Kind("in-use", 409, "In use", "Other records refer to this one."),
        Kind(
            "key-in-flight",
            409,
            "Key in flight",
            "A request with this `Idempotency-Key` is being answered; "
            "try again after `Retry-After`.",
        ),
        Kind(
            "stale-version",
            412,
            "Stale version",
            "The record has changed; read it again.",
        ),
        Kind(
            "too-large",
            413,
            "Body too large",
            "The body is over the limit of the service.",
        ),
        Kind(
            "unsupported-media-type", 415, "Unsupported media type", "Bodies are JSON."
        ),
        Kind(
            "invalid",
            422,
            "Invalid values",
            "Values break the contract; `errors` lists each with its place and a code.",
        ),
        Kind(
            "unknown-reference",
            422,
            "Unknown reference",
            "A reference leads to no record.",
        ),
        Kind(
            "guard-unmet",
            422,
            "Guard unmet",
            "The transition is legal, but what it asks for does not hold.",
        ),
        Kind(
            "key-reused",
            422,
            "Key reused",
            "Another request, or one with another body, had this `Idempotency-Key`.",
        ),
        Kind("precondition-required", 428, "Precondition required", "Send `If-Match`."),
        Kind(
            "too-many-requests",
            429,
            "Too many requests",
            "Wait for `Retry-After` seconds.",
        ),
        Kind(
            "internal",
            500,
            "Internal error",
            "The service failed; the fault is recorded.",
        ),
        Kind(
            "not-implemented",
            501,
            "Not implemented",
            "The function that answers this is not written yet.",
        ),
        Kind(
            "unavailable",
            503,
            "Unavailable",
            "The service cannot answer at present; try again after `Retry-After`.",
        ),
    )
}
"""The problems that services answer with, by code."""
