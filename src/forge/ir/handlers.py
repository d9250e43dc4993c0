"""What an endpoint with a handler takes and answers, as its contract says."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from keyword import iskeyword

from forge.ir.application import Endpoint
from forge.ir.behaviors import CONTEXT, RECORDS, stores
from forge.ir.entities import Entity, Field
from forge.ir.types import Operation

_WORDS = re.compile(r"[A-Za-z0-9]+")
_TAKEN = frozenset({"ctx", "record", "body"})


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of a function: its usual name, and how an annotation may call its type."""

    name: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function of `behaviors/` has to look like."""

    arguments: tuple[Argument, ...]
    returns: tuple[str, ...]
    """How an annotation may call what it returns."""
    is_async: bool = True

    def declaration(self, name: str) -> str:
        """The first line of a function called `name`, without its colon."""
        listed = ", ".join(f"{a.name}: {a.types[0]}" for a in self.arguments)
        word = "async def" if self.is_async else "def"
        return f"{word} {name}({listed}) -> {self.returns[0]}"


def is_handled(endpoint: Endpoint) -> bool:
    """Whether a function answers the endpoint."""
    return endpoint.operation is Operation.CUSTOM and endpoint.handler is not None


def path_names(endpoint: Endpoint) -> tuple[str, ...]:
    """The parameters of the endpoint's path, in order."""
    steps = endpoint.path.split("/")
    return tuple(step[1:-1] for step in steps if step[:1] == "{" and step[-1:] == "}")


def takes_record(endpoint: Endpoint) -> bool:
    """Whether the path leads below a record, which the function is given."""
    return endpoint.path.lstrip("/").startswith("{")


def body_fields(entity: Entity, endpoint: Endpoint) -> tuple[Field, ...] | None:
    """The fields of the body: its own, and those of the entity that it names."""
    request = endpoint.request_body
    if request is None:
        return None
    own = {field.name: field for field in request.fields or ()}
    for name in (*request.required_fields, *(request.optional_fields or ())):
        field = own.get(name) or entity.field(name)
        if field is not None:
            must = name in request.required_fields or (name in own and field.required)
            own[name] = replace(field, required=must, computed=None, immutable=False)
    return tuple(own.values())


def changes_record(endpoint: Endpoint) -> bool:
    """Whether the function may change the record that it is given."""
    return takes_record(endpoint) and endpoint.method != "GET"


def shape_of(endpoint: Endpoint) -> str:
    """What the answer holds: `fields`, `entity`, `list`, `message` or `empty`.

    Where the contract is silent: a record below a record, unless it is deleted; a list for
    a list; nothing for anything else.
    """
    response = endpoint.response
    if response.status == 204:
        return "empty"
    if response.fields is not None:
        return "fields"
    if response.shape is not None:
        return response.shape
    if endpoint.method == "DELETE":
        return "empty"
    if takes_record(endpoint):
        return "entity"
    whole = endpoint.path.strip("/") == ""
    return ("list" if endpoint.method == "GET" else "entity") if whole else "empty"


def status_of(endpoint: Endpoint) -> int:
    """The status of the answer."""
    if endpoint.response.status is not None:
        return endpoint.response.status
    shape = shape_of(endpoint)
    if shape == "empty":
        return 204
    creates = endpoint.method == "POST" and endpoint.path.strip("/") == ""
    return 201 if creates and shape == "entity" else 200


def body_name(endpoint: Endpoint) -> str:
    """The model of the endpoint's body."""
    return f"{_pascal(endpoint.operation_id)}Body"


def answer_name(endpoint: Endpoint) -> str:
    """The model of the endpoint's answer."""
    return f"{_pascal(endpoint.operation_id)}Answer"


def signature_of(endpoint: Endpoint) -> Signature:
    """What the endpoint's function has to look like."""
    arguments = [Argument("ctx", (CONTEXT,))]
    names = path_names(endpoint)
    if takes_record(endpoint):
        arguments.append(Argument("record", RECORDS))
        names = names[1:]
    arguments += [Argument(_variable(name), ("str",)) for name in names]
    if endpoint.request_body is not None:
        model = body_name(endpoint)
        arguments.append(Argument("body", (model, "Body", "BaseModel")))
    returns = {
        "fields": (answer_name(endpoint), "dict", "Mapping", "Answer", "BaseModel"),
        "entity": RECORDS,
        "list": ("list", "tuple", "Page", "Sequence", "Iterable"),
        "message": ("str",),
        "empty": ("None",),
    }[shape_of(endpoint)]
    return Signature(tuple(arguments), returns)


def hook_signature(name: str) -> Signature:
    """What a hook has to look like."""
    context = Argument("ctx", (CONTEXT,))
    second = Argument("data" if stores(name) else "record", RECORDS)
    return Signature((context, second), RECORDS if stores(name) else ("None",))


CALLED = Signature(
    (Argument("ctx", (CONTEXT,)), Argument("record", RECORDS)), ("None",)
)
"""What a function that a side effect calls has to look like."""


def _variable(name: str) -> str:
    """The parameter of a path as a variable of Python."""
    plain = "_".join(_WORDS.findall(name)) or "value"
    if plain[0].isdigit():
        return f"value_{plain}"
    return f"{plain}_" if iskeyword(plain) or plain in _TAKEN else plain


def _pascal(text: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in text.split("_") if word)
