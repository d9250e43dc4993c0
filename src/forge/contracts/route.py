"""Route: an API over an entity."""

from __future__ import annotations

from forge.contracts.fields import FIELDS, NAME, NAMES, fqn
from forge.contracts.rules.contract import bad_text
from forge.contracts.shapes import (
    Anything,
    Boolean,
    Key,
    ListOf,
    MapOf,
    Number,
    OneOf,
    Record,
    Text,
    Word,
)

PATH = Text("a path that starts with `/`", r"/[^\s?#]*", "/tickets", bad_text.RULE)

ON_FAIL = Record(
    "on_fail",
    (
        Key(
            "status",
            Number(True, 400, 499),
            "Status of the answer; 422 where left out.",
        ),
        Key("error", Text(), "Code of the error."),
        Key("message", Text(), "What the client reads."),
    ),
)

VALIDATION = Record(
    "a validation rule",
    (
        Key("rule", Text(), "A condition in CEL that the record has to meet.", True),
        Key("message", Text(), "What the client reads when it does not."),
        Key("field", NAME, "The field that the error points at."),
        Key("on_fail", ON_FAIL, "The answer when it does not."),
    ),
)

REQUEST_BODY = Record(
    "request_body",
    (
        Key("required_fields", ListOf(NAME, 0, True), "Fields that must be sent."),
        Key(
            "optional_fields", ListOf(NAME, 0, True), "The only other fields accepted."
        ),
        Key("fields", FIELDS, "The body of an endpoint with a handler."),
    ),
)

RESPONSE = Record(
    "response",
    (
        Key("status", Number(True, 200, 299), "Status of the answer."),
        Key(
            "shape",
            Word("a shape", ("entity", "list", "message", "empty")),
            "What it holds.",
        ),
        Key("fields", FIELDS, "The body of an endpoint with a handler."),
        Key("body_example", Anything(), "An example for the documentation."),
    ),
)

RATE_LIMIT_RECORD = Record(
    "a rate limit",
    (
        Key("limit", Number(True, 1), "Requests.", True),
        Key("window", OneOf((Number(True, 1), Text())), "Seconds, or `minute`.", True),
        Key("by", Word("what to count by", ("user", "ip", "tenant")), "Counted by."),
    ),
)
RATE_LIMIT = OneOf(
    (
        Text("a rate like `10/minute`", r"[0-9]+\s*(/|per)\s*[a-z]+"),
        RATE_LIMIT_RECORD,
    )
)

SIDE_EFFECT = Record(
    "a side effect",
    (
        Key("name", Text(), "A name for the documentation."),
        Key("trigger", Text(), "When it happens; `after_save` where left out."),
        Key("set_field", MapOf(Anything(), NAME, 1), "Fields to set."),
        Key("emit_event", Text(), "Name of an event to write to the outbox."),
        Key("call", Text(), "A function of the domain's behaviors."),
        Key("dispatch", Text(), "An agent to run."),
        Key("graph_sync", Text(), "An operation on the graph."),
    ),
)

ENDPOINT = Record(
    "an endpoint",
    (
        Key(
            "method",
            Word("a method", ("GET", "POST", "PUT", "PATCH", "DELETE")),
            "The HTTP method.",
            True,
        ),
        Key(
            "path",
            PATH,
            "The path below the base path: `/`, `/{id}`, `/{id}/state`.",
            True,
        ),
        Key("summary", Text(), "One line for the documentation."),
        Key("description", Text(), "More for the documentation."),
        Key("roles", ListOf(Text(), 1, True), "Roles that may call it."),
        Key("request_body", REQUEST_BODY, "What the body holds."),
        Key("validation", ListOf(OneOf((Text(), VALIDATION))), "Rules for the body."),
        Key(
            "auto_fields",
            MapOf(Anything(), NAME),
            "Fields that the service fills here.",
        ),
        Key("side_effects", ListOf(SIDE_EFFECT), "What happens besides."),
        Key("response", RESPONSE, "The answer."),
        Key("hateoas", MapOf(Text(), Text()), "Links of the answer, by relation."),
        Key("filters", NAMES, "The only fields that a list may be filtered by."),
        Key("rate_limit", RATE_LIMIT, "How often it may be called."),
        Key("handler", NAME, "The function in `behaviors/` that answers."),
    ),
)

GLOBAL_BEHAVIORS = Record(
    "global_behaviors",
    (
        Key("replace", Boolean(), "Whether `PUT /{id}` follows from `PATCH`; `true`."),
        Key("bulk", Boolean(), "Whether `POST /bulk` follows from writing; `true`."),
        Key(
            "restore",
            Boolean(),
            "Whether `POST /{id}/restore` follows from a soft `DELETE`; `true`.",
        ),
        Key(
            "graph",
            Boolean(),
            "Whether `GET /{id}/graph` follows from reading what has graph edges; `true`.",
        ),
        Key(
            "if_match",
            Word("a demand", ("required",)),
            "`required`: what changes a record has to name its version, or is refused with 428.",
        ),
    ),
)

SPEC = Record(
    "a route",
    (
        Key("entity", fqn("entity"), "The entity served.", True),
        Key("base_path", PATH, "Path of the collection; the plural where left out."),
        Key(
            "endpoints",
            ListOf(ENDPOINT, 1),
            "The endpoints; the standard ones where left out.",
        ),
        Key(
            "expose_transitions",
            Boolean(),
            "Whether `PUT /{id}/state` is served; `true`.",
        ),
        Key("global_behaviors", GLOBAL_BEHAVIORS, "Behaviour of every endpoint."),
    ),
)
