"""What the names at each path of a contract stand for, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from forge.contracts.envelope import Kind
from forge.editing.paths import fqn_paths
from forge.editing.spots import Path, Step


class What(Enum):
    """What a text names."""

    CONTRACT = auto()
    FIELD = auto()
    ORDER = auto()
    """A field, `-` before it for descending."""
    STATE = auto()
    STEP = auto()
    """Two states, `a -> b`."""
    EXPRESSION = auto()
    """A condition or a formula in CEL."""
    COMPUTED = auto()
    """A keyword, or else an expression."""
    SETTING = auto()
    """A value; behind `=` an expression."""
    ROLE = auto()
    SERVED = auto()
    """A path that a route serves."""


class Scope(Enum):
    """Whose fields or states are meant."""

    SELF = auto()
    """Those of the contract itself."""
    NEAREST = auto()
    """Those of the entity that the nearest mapping around names as its `entity`."""
    INPUT = auto()
    """Those of `spec.input.entity`."""
    USERS = auto()
    """Those of `spec.config.user_entity`."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for, and whether this place is where it is declared."""

    what: What
    scope: Scope = Scope.SELF
    declares: bool = False


@dataclass(slots=True)
class Branch:
    """The meanings below a step of a path."""

    value: Meaning | None = None
    key: Meaning | None = None
    """Of the keys of this mapping."""
    steps: dict[str, Branch] = field(default_factory=dict)

    def step(self, step: Step) -> Branch | None:
        """The branch of a key or an item; `#` stands for any item, `*` for any step."""
        found = self.steps.get(step if isinstance(step, str) else "#")
        return found or self.steps.get("*")


_OWN = Meaning(What.FIELD)
_SHOWN = Meaning(What.FIELD, Scope.NEAREST)
_SEEN = Meaning(What.FIELD, Scope.INPUT)
_USER = Meaning(What.FIELD, Scope.USERS)
_STATE = Meaning(What.STATE)
_STEP = Meaning(What.STEP)
_ROLE = Meaning(What.ROLE)
_CONDITION = Meaning(What.EXPRESSION, Scope.NEAREST)
_SET = Meaning(What.SETTING, Scope.NEAREST)

_FIELDS: dict[str, Meaning] = {
    "spec.fields.=": Meaning(What.FIELD, declares=True),
    "spec.fields.*.references.field": _SHOWN,
    "spec.fields.*.references.display": _SHOWN,
    "spec.fields.*.computed": Meaning(What.COMPUTED),
}

_TABLE: dict[Kind, dict[str, Meaning]] = {
    Kind.ENTITY: {
        **_FIELDS,
        "spec.primary_key": _OWN,
        "spec.primary_key.*": _OWN,
        "spec.foreign_keys.*.fields.*": _OWN,
        "spec.foreign_keys.*.references.*": _SHOWN,
        "spec.unique.*.*": _OWN,
        "spec.indexes.*.*": _OWN,
        "spec.search.*": _OWN,
    },
    Kind.MIXIN: _FIELDS,
    Kind.WORKFLOW: {
        "spec.initial": _STATE,
        "spec.states.=": Meaning(What.STATE, declares=True),
        "spec.transitions.=": _STATE,
        "spec.transitions.*.*": _STATE,
        "spec.guards.=": _STEP,
        "spec.guards.*.require_fields.*": _OWN,
        "spec.guards.*.condition": Meaning(What.EXPRESSION),
        "spec.guards.*.roles.*": _ROLE,
        "spec.side_effects.=": _STEP,
        "spec.side_effects.*.*.set_field.=": _OWN,
        "spec.side_effects.*.*.set_field.*": Meaning(What.SETTING),
        "spec.type_overrides.*.transitions.=": _STATE,
        "spec.type_overrides.*.transitions.*.*": _STATE,
    },
    Kind.ROUTE: {
        "spec.endpoints.*.roles.*": _ROLE,
        "spec.endpoints.*.request_body.required_fields.*": _SHOWN,
        "spec.endpoints.*.request_body.optional_fields.*": _SHOWN,
        "spec.endpoints.*.validation.*": _CONDITION,
        "spec.endpoints.*.validation.*.rule": _CONDITION,
        "spec.endpoints.*.validation.*.field": _SHOWN,
        "spec.endpoints.*.auto_fields.=": _SHOWN,
        "spec.endpoints.*.auto_fields.*": _SET,
        "spec.endpoints.*.side_effects.*.set_field.=": _SHOWN,
        "spec.endpoints.*.side_effects.*.set_field.*": _SET,
        "spec.endpoints.*.filters.*": _SHOWN,
    },
    Kind.PAGE: {
        **{
            f"spec.views.*.{key}.*": _SHOWN
            for key in ("columns", "fields", "card_fields", "sortable", "filterable")
        },
        **{
            f"spec.views.*.{key}": _SHOWN
            for key in ("group_by", "date_field", "end_field", "x", "y")
        },
        **{
            f"spec.display_rules.{key}": _SHOWN
            for key in ("identifier_field", "internal_id_field", "title_field")
        },
        "spec.views.*.sort_by": Meaning(What.ORDER, Scope.NEAREST),
        "spec.sections.*.fields.*": _SHOWN,
        "spec.filters.=": _SHOWN,
        "spec.filters.#": _SHOWN,
        "spec.data_sources.*.endpoint": Meaning(What.SERVED),
    },
    Kind.AGENT: {"spec.input.fields.*": _SEEN, "spec.output.updates.=": _SEEN},
    Kind.INFRA: {
        "spec.config.user_entity": Meaning(What.CONTRACT),
        **{
            f"spec.config.{key}": _USER
            for key in (
                "identity_field",
                "password_field",
                "role_field",
                "active_field",
            )
        },
        "spec.bootstrap.users.*.=": _USER,
    },
}


def meaning_at(kind: Kind, path: Path, *, is_key: bool) -> Meaning | None:
    """What a value at `path` names; with `is_key` what the keys of a mapping there do."""
    branch: Branch | None = MEANINGS[kind]
    for step in path:
        branch = branch.step(step) if branch else None
    if branch is None:
        return None
    return branch.key if is_key else branch.value


def _tree(kind: Kind) -> Branch:
    root = Branch()
    contract = Meaning(What.CONTRACT)
    for path in fqn_paths(kind):
        _put(root, [str(step) for step in path], contract)
    for written, meaning in _TABLE[kind].items():
        _put(root, written.split("."), meaning)
    return root


def _put(root: Branch, steps: Iterable[str], meaning: Meaning) -> None:
    branch = root
    for step in steps:
        if step == "=":
            branch.key = meaning
            return
        branch = branch.steps.setdefault(step, Branch())
    branch.value = meaning


MEANINGS: dict[Kind, Branch] = {kind: _tree(kind) for kind in Kind}
