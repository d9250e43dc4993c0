"""`entities.py`: the stored records as declarations for the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forge.emit import Code
from forge.emit.literals import name, py
from forge.emit.names import constant
from forge.emit.sql_names import (
    ConstraintNames,
    search_column,
    searched,
    unique_keys,
    within_tenant,
)
from forge.ir.application import Application
from forge.ir.entities import Entity, Field, ForeignKey
from forge.ir.relations import Ends, relations
from forge.ir.types import OnDelete
from forge.targets.fastapi_prod.plan_effects import print_sequence
from forge.targets.fastapi_prod.plan_functions import Function, Functions
from forge.targets.fastapi_prod.plan_names import (
    EntityNames,
    Taken,
    constants_of,
    snake,
)
from forge.targets.fastapi_prod.plan_workflows import (
    RUNTIME,
    WorkflowPlan,
    named,
    plan_workflow,
)
from forge.targets.fastapi_prod.printing import Import, Imports, call, flag, member

MODULES = ("backend", "backend.runtime", RUNTIME, "backend.runtime.uuid7")
"""What the declarations import from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPlan:
    """One `Entity` declaration, with what has to stand before it."""

    functions: tuple[Function, ...]
    workflow: WorkflowPlan | None
    """A state machine to declare first; `None` also where an earlier entity declares it."""
    constant: Code
    name: str
    table: str
    fields: tuple[Code, ...]
    key: tuple[str, ...] | None
    foreign_keys: tuple[Code, ...]
    unique: tuple[Code, ...]
    workflow_constant: Code | None
    workflow_fqn: str
    soft_delete: str | None
    search: Code | None
    tenant: str | None
    path: str | None
    expressions: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class EntitiesPlan:
    """The module `entities.py`."""

    imports: tuple[Import, ...]
    entities: tuple[EntityPlan, ...]


def plan_entities(
    ir: Application,
    names: Mapping[str, EntityNames],
    constraints: ConstraintNames | None = None,
    ends: Mapping[str, tuple[Ends, ...]] | None = None,
) -> EntitiesPlan:
    """The declarations of every entity, in the order of their FQNs."""
    imports = Imports()
    if ir.entities:
        imports.use(RUNTIME, "Entity")
    planner = _Planner(
        ir=ir,
        names=names,
        constraints=constraints or ConstraintNames(ir),
        ends=relations(ir).ends if ends is None else ends,
        constants=constants_of(names.values()),
        functions=Functions(imports, Taken({"ops", "own"})),
        workflows={},
    )
    entities = tuple(planner.entity(entity) for entity in ir.entities)
    return EntitiesPlan(imports.of(*MODULES), entities)


@dataclass(slots=True, kw_only=True)
class _Planner:
    ir: Application
    names: Mapping[str, EntityNames]
    constraints: ConstraintNames
    ends: Mapping[str, tuple[Ends, ...]]
    """What references are called, by the FQN of the entity that refers."""
    constants: Taken
    functions: Functions
    workflows: dict[str, WorkflowPlan]
    """Declarations that exist, by the FQN of the workflow."""

    def entity(self, entity: Entity) -> EntityPlan:
        """The declaration of one entity."""
        own = self.names[entity.fqn]
        functions: dict[str, Function] = {}
        for field in entity.fields:
            if field.computed is not None and field.computed.expression is not None:
                wanted = f"{own.snake}_{snake(field.name)}"
                functions[field.name] = self.functions.of(
                    wanted, entity, field.computed.expression
                )
        workflow, declared = self._workflow(entity)
        route = self.ir.route_of(entity.fqn)
        return EntityPlan(
            functions=tuple(functions.values()),
            workflow=workflow if declared else None,
            constant=name(own.constant),
            name=entity.name,
            table=entity.table,
            fields=tuple(self._field(field, functions) for field in entity.fields),
            key=None if entity.primary_key == ("id",) else entity.primary_key,
            foreign_keys=self._foreign_keys(entity),
            unique=self._unique(entity),
            workflow_constant=workflow.constant if workflow else None,
            workflow_fqn=entity.workflow_fqn or "",
            soft_delete=entity.soft_delete,
            search=self._search(entity),
            tenant=entity.tenant,
            path=route.base_path if route else None,
            expressions=_order(entity),
        )

    def _workflow(self, entity: Entity) -> tuple[WorkflowPlan | None, bool]:
        """The entity's state machine, and whether it is to be declared here."""
        workflow = entity.state_machine
        if workflow is None:
            return None, False
        known = self.workflows.get(workflow.fqn)
        if known is not None:
            again = plan_workflow(
                entity,
                workflow,
                snake(workflow.name),
                Functions(self.functions.imports, Taken()),
            )
            if again == named(known, ""):
                return known, False
        prefix = workflow.name if known is None else f"{entity.name}_{workflow.name}"
        plan = named(
            plan_workflow(entity, workflow, snake(prefix), self.functions),
            self.constants.claim(constant(prefix), f"{constant(prefix)}_WORKFLOW"),
        )
        self.workflows.setdefault(workflow.fqn, plan)
        return plan, True

    def _field(self, field: Field, functions: Mapping[str, Function]) -> Code:
        imports = self.functions.imports
        imports.use(RUNTIME, "Field")
        imports.use(RUNTIME, "Type")
        computed = field.computed
        if computed is not None:
            imports.use(RUNTIME, "Computed")
        function = functions.get(field.name)
        scale = field.constraints.scale
        return call(
            "Field",
            name=py(field.name),
            type=member("Type", field.type.name),
            column=None if field.column == field.name else py(field.column),
            required=flag(field.required),
            immutable=flag(field.immutable),
            sensitive=flag(field.sensitive),
            computed=member("Computed", computed.kind.name) if computed else None,
            sequence=print_sequence(computed.sequence, imports)
            if computed and computed.sequence
            else None,
            expression=function.name if function else None,
            default=None if field.default is None else py(field.default),
            values=py(field.enum) if field.enum else None,
            items=member("Type", field.items_type.name) if field.items_type else None,
            scale=None if scale is None else py(scale),
        )

    def _foreign_keys(self, entity: Entity) -> tuple[Code, ...]:
        keys = zip(entity.all_foreign_keys(), self.ends[entity.fqn], strict=True)
        return tuple(self._foreign_key(entity, key, ends) for key, ends in keys)

    def _foreign_key(self, entity: Entity, key: ForeignKey, ends: Ends) -> Code:
        imports = self.functions.imports
        imports.use(RUNTIME, "ForeignKey")
        target = self.ir.entity(key.entity)
        cascades = key.on_delete is not OnDelete.RESTRICT
        if cascades:
            imports.use(RUNTIME, "OnDelete")
        return call(
            "ForeignKey",
            fields=py(key.fields),
            target=py(target.name if target else key.entity.rpartition("/")[2]),
            target_fields=None if key.references == ("id",) else py(key.references),
            on_delete=member("OnDelete", key.on_delete.name) if cascades else None,
            link=py(ends.link),
            expand=py(ends.expand) if ends.expand not in ("", ends.link) else None,
            inverse=py(ends.inverse) if ends.inverse else None,
            edge=py(ends.edge) if ends.edge else None,
            reversed=flag(bool(ends.edge) and ends.reversed),
            constraint=py(self.constraints.foreign_key(entity, key.fields)),
        )

    def _search(self, entity: Entity) -> Code | None:
        fields = searched(entity)
        if not fields:
            return None
        self.functions.imports.use(RUNTIME, "Search")
        column = search_column(entity)
        return call(
            "Search",
            fields=py(tuple(field.name for field in fields)),
            index=py(self.constraints.search(entity)),
            column=None if column == "search_vector" else py(column),
        )

    def _unique(self, entity: Entity) -> tuple[Code, ...]:
        keys = unique_keys(entity)
        if keys:
            self.functions.imports.use(RUNTIME, "Unique")
        return tuple(
            call(
                "Unique",
                fields=py(within_tenant(entity, key)),
                constraint=py(self.constraints.unique(entity, key)),
            )
            for key in keys
        )


def _order(entity: Entity) -> tuple[str, ...] | None:
    """The order in which expressions are computed, where it is not that of the fields."""
    order = [field.name for field in entity.expressions]
    return (
        tuple(order)
        if order != [n for n in entity.fields.names() if n in order]
        else None
    )
