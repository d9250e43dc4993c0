"""`Prefer` (RFC 7240): whether the answer to a write shows the record."""

from __future__ import annotations

from starlette.requests import Request

from .endpoints import Answer, Context
from .entity import Record
from .headers import headers_of
from .identity import etag

_RETURN = ("minimal", "representation")


def wanted_return(request: Request) -> str:
    """`minimal` or `representation`; empty where the client has no preference.

    The first of several counts, and what is not known is passed over, as RFC 7240 says.
    """
    if b"prefer" not in headers_of(request.scope):
        return ""
    for one in ",".join(request.headers.getlist("prefer")).split(","):
        name, _, value = one.partition(";")[0].partition("=")
        if name.strip().lower() == "return":
            given = value.strip().strip('"').lower()
            return given if given in _RETURN else ""
    return ""


def written(
    context: Context,
    request: Request,
    status: int,
    record: Record,
    *more: tuple[bytes, bytes],
) -> Answer:
    """The answer to a write of `record`, as far as the client wants to see it."""
    wanted = wanted_return(request)
    if not wanted:
        return context.answer(status, record, *more)
    applied = (b"preference-applied", b"return=" + wanted.encode())
    if wanted == "representation":
        return context.answer(status, record, *more, applied)
    tag = (b"etag", etag(record, context.entity).encode())
    return Answer(201 if status == 201 else 204, b"", tag, *more, applied)
