"""Fields of entities, mixins and bodies."""

from __future__ import annotations

from forge.contracts.envelope import Contract
from forge.expressions import ExpressionFault, parse
from forge.ir.entities import (
    UNCONSTRAINED,
    Computed,
    Constraints,
    Field,
    Fields,
    Literal,
    Reference,
)
from forge.ir.lowering import reading
from forge.ir.lowering.sequences import sequence_format
from forge.ir.types import ComputedKind, FieldType, GraphDirection, OnDelete
from forge.source import Mapping, Node, Scalar, Sequence, plain

_KEYWORDS = {
    "now": ComputedKind.NOW,
    "now_on_update": ComputedKind.NOW_ON_UPDATE,
    "uuid": ComputedKind.UUID,
    "identity": ComputedKind.IDENTITY,
    "current_user": ComputedKind.CURRENT_USER,
}


def lower_fields(contract: Contract, node: Mapping, key: str) -> Fields:
    """The fields under `key`, in the author's order."""
    return Fields(
        lower_field(contract, name, value, key_node)
        for name, value, key_node in reading.entries(node, key)
        if isinstance(value, Mapping)
    )


def lower_field(contract: Contract, name: str, node: Mapping, key: Scalar) -> Field:
    """One field."""
    has = node.entries
    items = has.get("items_type")
    return Field(
        name=name,
        type=reading.word(node, "type", FieldType, FieldType.STRING),
        column=reading.text(node, "column") or name if "column" in has else name,
        description=reading.prose(node, "description") if "description" in has else "",
        required=reading.flag(node, "required"),
        immutable=reading.flag(node, "immutable"),
        sensitive=reading.flag(node, "sensitive"),
        unique=reading.flag(node, "unique"),
        default=_default(has.get("default")),
        format=reading.text(node, "format") if "format" in has else None,
        enum=_enum(has.get("enum")) if "enum" in has else (),
        enum_name=reading.text(node, "enum_name") if "enum_name" in has else None,
        items_type=reading.word(node, "items_type", FieldType, FieldType.JSON)
        if items
        else None,
        computed=lower_computed(reading.text(node, "computed"))
        if "computed" in has
        else None,
        constraints=_constraints(reading.mapping(node, "constraints")),
        reference=_reference(reading.mapping(node, "references")),
        renamed_from=reading.text_or_texts(node, "renamed_from")
        if "renamed_from" in has
        else (),
        origin=reading.origin(contract, node, key),
    )


def lower_computed(text: str | None) -> Computed | None:
    """What `computed:` says. A text that does not parse has neither sequence nor expression."""
    if text is None:
        return None
    keyword = _KEYWORDS.get(text.strip())
    if keyword is not None:
        return Computed(keyword)
    if text.startswith("sequence(") and text.endswith(")"):
        return Computed(ComputedKind.SEQUENCE, sequence=sequence_format(text[9:-1]))
    try:
        return Computed(ComputedKind.EXPRESSION, expression=parse(text))
    except ExpressionFault:
        return Computed(ComputedKind.EXPRESSION)


def _default(node: Node | None) -> Literal:
    return plain(node)


def _enum(node: Node | None) -> tuple[str | int | float, ...]:
    if not isinstance(node, Sequence):
        return ()
    scalars = (item for item in node.items if isinstance(item, Scalar))
    return tuple(
        item.text if isinstance(item.value, bool) or item.value is None else item.value
        for item in scalars
    )


def _constraints(node: Mapping | None) -> Constraints:
    if node is None:
        return UNCONSTRAINED
    return Constraints(
        min=reading.bound(node, "min"),
        max=reading.bound(node, "max"),
        min_length=reading.integer(node, "minLength"),
        max_length=reading.integer(node, "maxLength"),
        min_items=reading.integer(node, "minItems"),
        max_items=reading.integer(node, "maxItems"),
        pattern=reading.text(node, "pattern"),
        precision=reading.integer(node, "precision"),
        scale=reading.integer(node, "scale"),
    )


def _reference(node: Mapping | None) -> Reference | None:
    entity = reading.text(node, "entity") if node is not None else None
    if node is None or entity is None:
        return None
    return Reference(
        entity=entity,
        field=reading.text(node, "field") or "",
        display=reading.text(node, "display"),
        graph_edge=reading.text(node, "graph_edge"),
        graph_direction=reading.word(
            node, "graph_direction", GraphDirection, GraphDirection.FORWARD
        ),
        on_delete=reading.word(node, "on_delete", OnDelete, OnDelete.RESTRICT),
    )
