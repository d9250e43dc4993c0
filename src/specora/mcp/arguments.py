"""What each tool takes, as models that check a call and say so in JSON Schema."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from forge.diagnostics import nearest
from forge.source.files import MAX_BYTES
from specora.mcp.faults import argument_fault, refusal, shortened

Path = Annotated[
    str | None,
    Field(
        description="A domain's folder, or a contract file for its domain, relative to the "
        "project; all of `domains/` where left out."
    ),
]
Cursor = Annotated[str | None, Field(description="`next_cursor` of the page before.")]
Limit = Annotated[int | None, Field(ge=1, le=200, description="Most items of a page.")]
Apply = Annotated[
    bool, Field(description="Write the change; without it the answer is a proposal.")
]
Output = Annotated[
    str, Field(description="Folder of the generated service in the project.")
]
Query = Annotated[str, Field(max_length=400)]


class Arguments(BaseModel):
    """What is common to all: no key that is not known, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Validate(Arguments):
    path: Path = None
    severity: Annotated[
        Literal["error", "warning"], Field(description="Least severity to list.")
    ] = "warning"
    cursor: Cursor = None
    limit: Limit = None


class Explain(Arguments):
    name: Annotated[
        str,
        Field(
            max_length=400,
            description="A diagnostic (`entity/bad-bound`), a contract's FQN or file, a domain's "
            "folder, or the title of a part of the language reference.",
        ),
    ]
    cursor: Cursor = None


class SearchLanguage(Arguments):
    query: Annotated[
        str, Field(max_length=400, description="Words: a key, a type, a fault.")
    ]
    cursor: Cursor = None
    limit: Limit = None


class ListContracts(Arguments):
    path: Path = None
    kind: Annotated[
        Literal["entity", "workflow", "route", "page", "agent", "mixin", "infra"]
        | None,
        Field(description="Only contracts of this kind."),
    ] = None
    query: Annotated[
        str | None,
        Field(
            max_length=400, description="Only those whose name or description has it."
        ),
    ] = None
    cursor: Cursor = None
    limit: Limit = None


class ReadContract(Arguments):
    name: Annotated[
        str,
        Field(max_length=1000, description="FQN (`entity/library/book`) or file."),
    ]
    cursor: Cursor = None


class ContractGraph(Arguments):
    path: Path = None
    name: Annotated[
        str | None,
        Field(
            max_length=400,
            description="Only edges from or to the contract of this FQN.",
        ),
    ] = None
    cursor: Cursor = None
    limit: Limit = None


class Replacement(Arguments):
    """Put `new` in place of `old` in a contract that exists."""

    name: Annotated[str, Field(max_length=1000, description="FQN or file.")]
    old: Annotated[
        str, Field(min_length=1, description="Text that stands there once, exactly.")
    ]
    new: str


class ChangeContracts(Arguments):
    path: Annotated[
        str | None,
        Field(
            description="Folder of the domain, new or not (`domains/DOMAIN`); the project's "
            "only one where left out."
        ),
    ] = None
    contracts: Annotated[
        list[Annotated[str, Field(max_length=MAX_BYTES)]],
        Field(
            max_length=200,
            description="Whole contracts in YAML, one a text. Of one that exists only what "
            "differs is changed; comments and layout of the rest stay.",
        ),
    ] = []
    edits: Annotated[
        list[Replacement],
        Field(max_length=200, description="Edits of texts that exist, in this order."),
    ] = []
    apply: Apply = False


class FixContracts(Arguments):
    path: Path = None
    unsafe: Annotated[
        bool, Field(description="Also write what was probably meant.")
    ] = False
    apply: Apply = False


class Generate(Arguments):
    path: Path = None
    targets: Annotated[
        list[Annotated[str, Field(max_length=100)]] | None,
        Field(max_length=20, description="`fastapi-prod`, `openapi` ...; everything."),
    ] = None
    output: Output = "runtime"
    check: Annotated[
        bool, Field(description="Write nothing; `written` is what would be.")
    ] = False


class RunTests(Arguments):
    output: Output = "runtime"
    select: Annotated[
        str | None,
        Field(max_length=400, description="Only tests that match, as `pytest -k`."),
    ] = None
    seconds: Annotated[int, Field(ge=1, le=1800, description="Time limit.")] = 300


Taken = TypeVar("Taken", bound=Arguments)


def checked(model: type[Taken], values: dict[str, Any]) -> Taken:
    """The arguments of a call; refused with every fault of theirs."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        known = list(model.model_fields)
        raise refusal(
            [_fault(dict(one), known) for one in error.errors()[:50]]
        ) from None


def _fault(error: dict[str, Any], known: list[str]) -> dict[str, Any]:
    place = "/" + "/".join(shortened(str(part)) for part in error["loc"])
    if error["type"] != "extra_forbidden":
        return argument_fault(place, f"`{place}`: {error['msg']}")
    guess = nearest(str(error["loc"][-1]), known)
    hint = f", did you mean `{guess}`?" if guess and len(error["loc"]) == 1 else ""
    return argument_fault(place, f"there is no argument `{place}`{hint}")


def schema_of(model: type[Arguments]) -> dict[str, Any]:
    """The JSON Schema of a tool's arguments, without what says nothing."""
    found: dict[str, Any] = _plain(model.model_json_schema())
    found.pop("description", None)
    return found


def _plain(value: Any, *, properties: bool = False) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if not properties:
        value = _without_null(
            {
                key: item
                for key, item in value.items()
                if key != "title" and not (key == "default" and item is None)
            }
        )
    return {
        key: _plain(item, properties=key == "properties" and not properties)
        for key, item in value.items()
    }


def _without_null(value: dict[str, Any]) -> dict[str, Any]:
    """An optional value by its own schema: leaving it out says `null`."""
    options = [one for one in value.get("anyOf", ()) if one != {"type": "null"}]
    if len(options) != 1:
        return value
    return {**options[0], **{k: v for k, v in value.items() if k != "anyOf"}}
