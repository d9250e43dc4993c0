"""Expressions of contracts as small functions of a record and its user."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forge.emit import Code
from forge.emit.literals import name
from forge.expressions import Expression, ValueType, own_functions, to_python
from forge.ir.entities import Entity, Field
from forge.ir.value_types import VALUE_TYPES
from forge.targets.fastapi_prod.plan_names import Taken
from forge.targets.fastapi_prod.printing import Imports


@dataclass(frozen=True, slots=True)
class Function:
    """`def name(record: Record, user: Caller) -> object`, which returns one expression."""

    name: Code
    expression: Code


@dataclass(slots=True)
class Functions:
    """The functions of one module; asking notes the imports they need."""

    imports: Imports
    taken: Taken

    def of(self, wanted: str, entity: Entity, expression: Expression) -> Function:
        """A function for an expression over the fields of `entity`."""
        return self.over(wanted, value_types(entity), expression)

    def over(
        self, wanted: str, types: Mapping[str, ValueType], expression: Expression
    ) -> Function:
        """A function for an expression over fields of these types."""
        source = to_python(expression, types)
        return self.returning(wanted, source, calls_own=any(own_functions(expression)))

    def returning(
        self, wanted: str, source: str, *, calls_own: bool = False
    ) -> Function:
        """A function for Python source over `record`, `user`, `ops` and `own`."""
        if "ops." in source:
            self.imports.use("backend.runtime", "expressions as ops")
        if calls_own:
            self.imports.use("backend", "functions as own")
        self.imports.use("backend.runtime.entity", "Record")
        self.imports.use("backend.runtime.entity", "Caller")
        return Function(name(self.taken.claim(wanted)), Code(source))


def value_types(
    entity: Entity, beside: Iterable[Field] = ()
) -> Mapping[str, ValueType]:
    """What the expression language makes of each field, and of further ones."""
    return {f.name: VALUE_TYPES[f.type] for f in (*entity.fields, *beside)}
