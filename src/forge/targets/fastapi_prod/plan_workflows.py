"""State machines as tables: wildcards expanded, the guards of one transition merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from forge.emit import Code
from forge.emit.literals import py
from forge.expressions import Binary, Expression
from forge.ir.entities import Entity
from forge.ir.workflows import ANY_STATE, Guard, SideEffects, Workflow
from forge.targets.fastapi_prod.plan_effects import Effects
from forge.targets.fastapi_prod.plan_functions import Function, Functions
from forge.targets.fastapi_prod.plan_names import snake
from forge.targets.fastapi_prod.printing import call, sequence

RUNTIME = "backend.runtime.entity"
Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a table: a key and what it maps to."""

    key: Code
    value: Code


@dataclass(frozen=True, slots=True)
class Variant:
    """The transitions of records whose variant field holds one value."""

    value: Code
    transitions: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowPlan:
    """A `Workflow` declaration and the functions it names."""

    constant: Code
    functions: tuple[Function, ...]
    field: str
    initial: str
    transitions: tuple[Entry, ...]
    guards: tuple[Entry, ...]
    effects: tuple[Entry, ...]
    variant_field: str | None
    variants: tuple[Variant, ...]


def plan_workflow(
    entity: Entity, workflow: Workflow, prefix: str, functions: Functions
) -> WorkflowPlan:
    """The declaration for the records of `entity`. `constant` is for the caller to set."""
    functions.imports.use(RUNTIME, "Workflow")
    variants = workflow.type_overrides if entity.field("type") else {}
    steps = _steps(workflow, bool(variants))
    printer = _Printer(entity, workflow, prefix, functions, [])
    return WorkflowPlan(
        constant=Code(),
        field=entity.state_field,
        initial=workflow.initial,
        transitions=tuple(
            Entry(py(state.name), py(workflow.targets(state.name)))
            for state in workflow.states
        ),
        guards=tuple(printer.guards(steps)),
        effects=tuple(printer.effects(steps)),
        functions=tuple(printer.found),
        variant_field="type" if variants else None,
        variants=tuple(
            Variant(
                py(value),
                tuple(_by_source([(t.source, t.target) for t in transitions])),
            )
            for value, transitions in variants.items()
        ),
    )


def named(plan: WorkflowPlan, constant: str) -> WorkflowPlan:
    """The same declaration under a name."""
    return replace(plan, constant=Code(constant))


def _steps(workflow: Workflow, with_variants: bool) -> tuple[Step, ...]:
    """Every step that some record may take, in the contract's order."""
    found = dict.fromkeys((t.source, t.target) for t in workflow.transitions)
    if with_variants:
        for transitions in workflow.type_overrides.values():
            found.update(dict.fromkeys((t.source, t.target) for t in transitions))
    return tuple(found)


def _by_source(steps: list[Step]) -> Iterator[Entry]:
    for source in dict.fromkeys(source for source, _ in steps):
        yield Entry(py(source), py(tuple(t for s, t in steps if s == source)))


@dataclass(slots=True)
class _Printer:
    """Prints guards and effects, each function once for all the steps that share it."""

    entity: Entity
    workflow: Workflow
    prefix: str
    functions: Functions
    found: list[Function]

    def guards(self, steps: tuple[Step, ...]) -> Iterator[Entry]:
        """The merged guard of each step that has one."""
        printed: dict[tuple[int, ...], Code] = {}
        for step in steps:
            guards = self.workflow.guards_of(*step)
            if not guards:
                continue
            same = tuple(id(guard) for guard in guards)
            if same not in printed:
                printed[same] = self._guard(step, guards)
            yield Entry(py(step), printed[same])

    def _guard(self, step: Step, guards: tuple[Guard, ...]) -> Code:
        self.functions.imports.use(RUNTIME, "Guard")
        only = guards[0] if len(guards) == 1 else None
        suffix = _suffix(only.source, only.target) if only else _suffix(*step)
        fields = tuple(dict.fromkeys(name for g in guards for name in g.require_fields))
        roles, unreachable = _common_roles(guards)
        conditions = [g.condition for g in guards if g.condition is not None]
        texts = [c.text for c in conditions]
        trees = [c.expression for c in conditions if c.expression is not None]
        function: Function | None = None
        if unreachable:
            texts.append(unreachable)
            function = self.functions.returning(f"{self.prefix}_{suffix}", "False")
        elif trees:
            function = self.functions.of(
                f"{self.prefix}_{suffix}", self.entity, _conjunction(trees)
            )
        if function is not None:
            self.found.append(function)
        return call(
            "Guard",
            require_fields=py(fields) if fields else None,
            condition=function.name if function else None,
            condition_text=py(_all_of(texts)) if texts else None,
            roles=py(roles) if roles else None,
        )

    def effects(self, steps: tuple[Step, ...]) -> Iterator[Entry]:
        """The effects of each step that has any, in the contract's order."""
        printed: dict[int, tuple[Code, ...]] = {}
        for step in steps:
            codes: list[Code] = []
            for entry in self.workflow.side_effects:
                if entry.source in (step[0], ANY_STATE) and entry.target in (
                    step[1],
                    ANY_STATE,
                ):
                    if id(entry) not in printed:
                        printed[id(entry)] = tuple(self._effects(entry))
                    codes += printed[id(entry)]
            if codes:
                yield Entry(py(step), sequence(codes))

    def _effects(self, entry: SideEffects) -> Iterator[Code]:
        prefix = f"{self.prefix}_{_suffix(entry.source, entry.target)}"
        printer = Effects(self.entity, self.functions, self.found, prefix)
        return printer.of(entry.effects)


def _suffix(source: str, target: str) -> str:
    if source == target == ANY_STATE:
        return "always"
    if source == ANY_STATE:
        return f"to_{snake(target)}"
    if target == ANY_STATE:
        return f"from_{snake(source)}"
    return f"{snake(source)}_to_{snake(target)}"


def _common_roles(guards: tuple[Guard, ...]) -> tuple[tuple[str, ...], str]:
    """The roles that satisfy every guard, or why no role does."""
    demands = [g.roles for g in guards if g.roles]
    if not demands:
        return (), ""
    roles = tuple(
        role for role in demands[0] if all(role in other for other in demands)
    )
    if roles:
        return roles, ""
    return (), " && ".join(f"user.role in [{', '.join(d)}]" for d in demands)


def _conjunction(trees: list[Expression]) -> Expression:
    first, *rest = trees
    for tree in rest:
        first = Binary("&&", first, tree)
    return first


def _all_of(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else " && ".join(f"({text})" for text in texts)
