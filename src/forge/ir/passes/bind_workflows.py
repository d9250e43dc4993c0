"""Give entities with a state machine their field `state`."""

from __future__ import annotations

from dataclasses import replace

from forge.ir.application import Application
from forge.ir.entities import Entity, Field, Fields
from forge.ir.types import FieldType
from forge.ir.workflows import Workflow

STATE = "state"


def bind_workflows(app: Application) -> Application:
    """Bind each entity to the workflow that it names, where that exists."""
    workflows = {
        w.fqn: w for w in (*app.library, *app.workflows) if isinstance(w, Workflow)
    }
    return replace(app, entities=tuple(_bind(e, workflows) for e in app.entities))


def _bind(entity: Entity, workflows: dict[str, Workflow]) -> Entity:
    workflow = workflows.get(entity.workflow_fqn or "")
    if workflow is None:
        return entity
    declared = entity.field(STATE)
    state = Field(
        name=STATE,
        type=FieldType.STRING,
        column=declared.column if declared else STATE,
        description=declared.description if declared else "",
        required=True,
        managed=True,
        default=workflow.initial,
        enum=tuple(s.name for s in workflow.states),
        enum_name=declared.enum_name if declared else None,
        renamed_from=declared.renamed_from if declared else (),
        origin=declared.origin if declared else workflow.origin,
    )
    if declared:
        fields = Fields(state if f.name == STATE else f for f in entity.fields)
    else:
        fields = Fields(_after_own(entity, state))
    return replace(entity, fields=fields, state_machine=workflow)


def _after_own(entity: Entity, state: Field) -> list[Field]:
    """The state stands behind the entity's own fields and before those of mixins."""
    fields = list(entity.fields)
    own = [i for i, f in enumerate(fields) if f.name in entity.own_fields]
    fields.insert(own[-1] + 1 if own else len(fields), state)
    return fields
