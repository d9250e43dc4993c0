"""The endpoint of each operation that a collection offers."""

from __future__ import annotations

from . import operations as ops
from .bulk import bulk_endpoint
from .endpoints import Context, Endpoint, graph_endpoint, list_endpoint, read_endpoint
from .handlers import handler
from .idempotency import once
from .operations import Operation
from .writing import (
    create_endpoint,
    delete_endpoint,
    replace_endpoint,
    restore_endpoint,
    transition_endpoint,
    update_endpoint,
)


def endpoint(context: Context, operation: Operation) -> Endpoint:
    """The endpoint that serves `operation`."""
    serve = _endpoint(context, operation)
    return once(context, operation, serve) if operation.how == "POST" else serve


def _endpoint(context: Context, operation: Operation) -> Endpoint:
    match operation:
        case ops.List():
            return list_endpoint(context, operation)
        case ops.Read():
            return read_endpoint(context, operation)
        case ops.Graph():
            return graph_endpoint(context, operation)
        case ops.Create():
            return create_endpoint(context, operation)
        case ops.Update():
            return update_endpoint(context, operation)
        case ops.Replace():
            return replace_endpoint(context, operation)
        case ops.Delete():
            return delete_endpoint(context, operation)
        case ops.Restore():
            return restore_endpoint(context, operation)
        case ops.Transition():
            return transition_endpoint(context, operation)
        case ops.Bulk():
            return bulk_endpoint(context, operation)
        case ops.Handler():
            return handler(context, operation)
    raise TypeError(f"{type(operation).__name__} is not a standard operation")
