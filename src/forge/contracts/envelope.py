"""What every contract looks like around its `spec`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from forge.contracts import agent, entity, infra, mixin, page, route, workflow
from forge.contracts.fields import ANY_FQN, NAME
from forge.contracts.rules.contract import unknown_kind, unknown_version
from forge.contracts.shapes import Key, ListOf, Number, OneOf, Record, Text, Word
from forge.source import Document, Mapping, Span


class Kind(StrEnum):
    """The kinds of contract, as they stand under `kind`."""

    ENTITY = "Entity"
    WORKFLOW = "Workflow"
    ROUTE = "Route"
    PAGE = "Page"
    AGENT = "Agent"
    MIXIN = "Mixin"
    INFRA = "Infra"

    @property
    def lower_name(self) -> str:
        """The kind as it stands in an FQN."""
        return self.value.lower()


API_VERSION = "specora.dev/v1"

SPECS: dict[Kind, Record] = {
    Kind.ENTITY: entity.SPEC,
    Kind.WORKFLOW: workflow.SPEC,
    Kind.ROUTE: route.SPEC,
    Kind.PAGE: page.SPEC,
    Kind.AGENT: agent.SPEC,
    Kind.MIXIN: mixin.SPEC,
    Kind.INFRA: infra.SPEC,
}

METADATA = Record(
    "metadata",
    (
        Key("name", NAME, "Name of the contract.", True),
        Key("domain", NAME, "Domain of the contract.", True),
        Key("description", Text(), "What it is about, for people."),
        Key("tags", ListOf(Text()), "Words to find it by."),
        Key(
            "version", OneOf((Text(), Number())), "Version of the contract, for people."
        ),
    ),
)

ENVELOPE_KEYS = (
    Key(
        "apiVersion",
        Word("the apiVersion", (API_VERSION,), unknown_version.RULE),
        "Version of the language.",
        True,
    ),
    Key(
        "kind",
        Word("a kind", tuple(Kind), unknown_kind.RULE),
        "Kind of contract.",
        True,
    ),
    Key("metadata", METADATA, "Name, domain and description.", True),
    Key(
        "requires",
        ListOf(ANY_FQN),
        "Contracts this one refers to; derived where left out.",
    ),
)


def contract_shape(kind: Kind) -> Record:
    """The whole of a contract of one kind."""
    spec = SPECS[kind]
    return Record(
        "a contract",
        (*ENVELOPE_KEYS, Key("spec", spec, f"What {spec.what} says.", True)),
    )


SHAPES: dict[Kind, Record] = {kind: contract_shape(kind) for kind in Kind}


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract as written. Its nodes may have faults; those are reported when it is loaded."""

    kind: Kind
    name: str
    domain: str
    file: str
    document: Document = field(repr=False)
    requires: tuple[tuple[str, Span], ...] = ()
    facts: dict[str, object] = field(default_factory=dict, repr=False, compare=False)
    """What was found out from this contract alone, by the name of what found it out."""

    @property
    def fqn(self) -> str:
        """`kind/domain/name`."""
        return f"{self.kind.lower_name}/{self.domain}/{self.name}"

    @property
    def root(self) -> Mapping:
        """The whole of it."""
        return self.document.root

    @property
    def spec(self) -> Mapping:
        """The node under `spec`; an empty one where it is missing."""
        root = self.root
        node = root.get("spec")
        if isinstance(node, Mapping):
            return node
        return Mapping(self.file, root._start, root._start, {}, {})
