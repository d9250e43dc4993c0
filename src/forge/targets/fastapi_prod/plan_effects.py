"""Fields that the service sets and events that it emits, as declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from forge.emit import Code
from forge.emit.literals import py
from forge.ir.application import Fill
from forge.ir.entities import Entity, SequenceFormat
from forge.ir.workflows import Call, Effect, EmitEvent, SetField
from forge.targets.fastapi_prod.plan_functions import Function, Functions
from forge.targets.fastapi_prod.plan_names import snake
from forge.targets.fastapi_prod.printing import Imports, call

RUNTIME = "backend.runtime.entity"


@dataclass(frozen=True, slots=True)
class Effects:
    """Prints the effects of one step or endpoint; the functions they need go to `found`."""

    entity: Entity
    functions: Functions
    found: list[Function]
    prefix: str

    def of(self, effects: Iterable[Effect]) -> Iterator[Code]:
        """A declaration for each effect that the runtime carries out."""
        for effect in effects:
            match effect:
                case EmitEvent(name=name):
                    self.functions.imports.use(RUNTIME, "EmitEvent")
                    yield call("EmitEvent", name=py(name))
                case Call(function=function, module=module) if module is not None:
                    self.functions.imports.use(RUNTIME, "Call")
                    yield call("Call", function=py(f"{module}.{function}"))
                case SetField():
                    self.functions.imports.use(RUNTIME, "SetField")
                    yield self._set(effect)

    def _set(self, effect: SetField) -> Code:
        field = py(effect.field)
        if isinstance(effect, Fill) and effect.sequence is not None:
            number = print_sequence(effect.sequence, self.functions.imports)
            return call("SetField", field=field, sequence=number)
        function = self._value(effect)
        if function is None:
            value = effect.keyword or effect.value
            return call("SetField", field=field, value=py(value))
        self.found.append(function)
        return call("SetField", field=field, function=function.name)

    def _value(self, effect: SetField) -> Function | None:
        wanted = f"{self.prefix}_{snake(effect.field)}"
        if effect.expression is not None:
            return self.functions.of(wanted, self.entity, effect.expression)
        if effect.keyword == "current_user":
            return self.functions.returning(wanted, "user.id")
        if effect.keyword == "uuid":
            self.functions.imports.use("backend.runtime.uuid7", "uuid7")
            return self.functions.returning(wanted, "str(uuid7())")
        # The runtime reads `now` and `today` itself: all times of one write are the same.
        return None


def print_sequence(form: SequenceFormat, imports: Imports) -> Code:
    """The format of a gapless number."""
    imports.use(RUNTIME, "Sequence")
    return call(
        "Sequence",
        prefix=py(form.prefix) if form.prefix else None,
        width=None if form.width == 6 else py(form.width),
        suffix=py(form.suffix) if form.suffix else None,
    )
