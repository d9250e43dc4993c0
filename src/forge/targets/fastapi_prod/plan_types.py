"""Fields as annotated types, attribute names and defaults of Pydantic models."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from forge.emit import Code
from forge.emit.literals import py
from forge.ir.entities import Field
from forge.ir.types import FORMATS, NUMERIC, TEMPORAL, TEXTUAL, FieldType
from forge.targets.fastapi_prod.plan_names import Taken
from forge.targets.fastapi_prod.printing import Imports, call, subscript

RUNTIME = "backend.runtime.types"

_TYPES = {
    FieldType.STRING: "Text",
    FieldType.TEXT: "Text",
    FieldType.EMAIL: "Email",
    FieldType.UUID: "Uuid",
    FieldType.INTEGER: "Int64",
    FieldType.NUMBER: "Number",
    FieldType.DECIMAL: "DecimalText",
    FieldType.BOOLEAN: "Boolean",
    FieldType.DATETIME: "Timestamp",
    FieldType.DATE: "Date",
    FieldType.TIME: "Time",
    FieldType.DURATION: "Duration",
    FieldType.BINARY: "Base64",
    FieldType.ARRAY: "JsonArray",
    FieldType.OBJECT: "JsonObject",
    FieldType.JSON: "JsonValue",
}
_INTEGERS = {"int32": "Int32", "int16": "Int16"}
_PLAIN = TEXTUAL | {
    FieldType.INTEGER,
    FieldType.NUMBER,
    FieldType.BOOLEAN,
    FieldType.UUID,
}
"""Types whose JSON form is their Python value."""

MODEL_NAMES = frozenset(
    {
        "construct", "copy", "dict", "from_orm", "json", "model_computed_fields", "model_config",
        "model_construct", "model_copy", "model_dump", "model_dump_json", "model_extra",
        "model_fields", "model_fields_set", "model_json_schema", "model_parametrized_name",
        "model_post_init", "model_rebuild", "model_validate", "model_validate_json",
        "model_validate_strings", "parse_file", "parse_obj", "parse_raw", "schema",
        "schema_json", "update_forward_refs", "validate",
    }
)  # fmt: skip
"""The attributes of Pydantic's `BaseModel`, which a field must not shadow."""

_IN_ANNOTATIONS = frozenset({"list", "str"})
"""Names that annotations of the same class use: a field would hide them."""


def attribute_names(wire_names: Iterable[str], reserved: set[str]) -> Iterator[str]:
    """A safe attribute for each field, in order; most are the field's own name."""
    every = tuple(wire_names)
    taken = Taken({n for n in every if _safe(n, reserved)} | reserved)
    for wire in every:
        if _safe(wire, reserved):
            yield wire
        else:
            stem = wire.strip("_") or "field"
            tried = (stem, f"{stem}_", f"field_{stem}")
            yield taken.claim(*(name for name in tried if _safe(name, reserved)))


def _safe(wire: str, reserved: set[str]) -> bool:
    return not (
        keyword.iskeyword(wire)
        or wire in MODEL_NAMES
        or wire in _IN_ANNOTATIONS
        or wire in reserved
        or wire.startswith(("_", "model_validate", "model_dump"))
    )


def default_of(field: Field) -> Code | None:
    """The default as a value of the field's type, where its JSON form is one."""
    return py(field.default) if field.type in _PLAIN else None


@dataclass(frozen=True, slots=True)
class Annotations:
    """Prints types; asking notes the imports they need."""

    imports: Imports

    def of(self, field: Field, *, nullable: bool, checked: bool) -> Code:
        """The type of a field, with its constraints where `checked`."""
        if field.type is FieldType.ARRAY:
            code = self._array(field, checked=checked)
        elif field.enum:
            code = self._enum(field, field.type, checked=checked)
        else:
            code = self._named(field.type, field.format)
        code = self._annotated(code, self._checks(field) if checked else ())
        return Code(f"{code} | None") if nullable else code

    def _array(self, field: Field, *, checked: bool) -> Code:
        if field.items_type is None and not field.enum:
            return self._named(FieldType.ARRAY, None)
        items = field.items_type or FieldType.JSON
        if field.enum:
            item = self._enum(field, items, checked=checked)
        else:
            item = self._named(items, None)
        # A field is null or holds a value; an array of any JSON may hold nulls.
        free = items is FieldType.JSON and (not field.enum or None in field.enum)
        return subscript("list", Code(f"{item} | None") if free else item)

    def _enum(self, field: Field, kind: FieldType, *, checked: bool) -> Code:
        """One of the legal values: literal texts, or another type that is checked."""
        if kind in TEXTUAL and all(isinstance(value, str) for value in field.enum):
            self.imports.use("typing", "Literal")
            return subscript("Literal", *(py(value) for value in field.enum))
        code = self._named(kind, field.format)
        if not checked:
            return code
        self.imports.use(RUNTIME, "OneOf")
        return self._annotated(code, (call("OneOf", *map(py, field.enum)),))

    def _annotated(self, code: Code, checks: Iterable[Code]) -> Code:
        every = tuple(checks)
        if not every:
            return code
        self.imports.use("typing", "Annotated")
        return subscript("Annotated", code, *every)

    def _named(self, kind: FieldType, form: str | None) -> Code:
        known = _TYPES[kind]
        if kind is FieldType.INTEGER:
            known = _INTEGERS.get(form or "", known)
        return Code(self.imports.use(RUNTIME, known))

    def _checks(self, field: Field) -> Iterator[Code]:
        limits = field.constraints
        if field.type is FieldType.ARRAY:
            yield from self._check("Items", min=limits.min_items, max=limits.max_items)
        if field.enum:
            return
        if field.type in TEXTUAL or field.type is FieldType.BINARY:
            yield from self._check(
                "Length", min=limits.min_length, max=limits.max_length
            )
            if limits.pattern is not None:
                self.imports.use(RUNTIME, "Pattern")
                yield call("Pattern", py(limits.pattern))
        if field.type in TEXTUAL and field.format in FORMATS:
            self.imports.use(RUNTIME, "Format")
            yield call("Format", py(field.format))
        if field.type is FieldType.DECIMAL:
            yield from self._check(
                "Precision", precision=limits.precision, scale=limits.scale
            )
        if field.type in NUMERIC or field.type in TEMPORAL:
            yield from self._check("Bounds", ge=limits.min, le=limits.max)

    def _check(self, kind: str, **limits: Any) -> Iterator[Code]:
        given = {key: py(value) for key, value in limits.items() if value is not None}
        if given:
            self.imports.use(RUNTIME, kind)
            yield call(kind, **given)
