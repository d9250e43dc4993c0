"""Models as entities: types, keys, references, states, and what the service fills."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from factory.importers.drafts import (
    EntityDraft,
    Evidence,
    FieldDraft,
    Reference,
    Unmapped,
)
from factory.importers.naming import singular, snake
from factory.importers.spec_md.groups import Group
from factory.importers.spec_md.lifecycle import Life
from factory.importers.spec_md.operations import Operation
from factory.importers.spec_md.python_models import Model
from factory.importers.spec_md.shapes import Member, all_members
from forge.ir.lowering.routes import standard_operation
from forge.ir.types import Operation as Standard

_STAMPS = {
    "created_at": "now", "created": "now", "created_on": "now", "updated_at": "now_on_update",
    "updated": "now_on_update", "modified_at": "now_on_update", "updated_on": "now_on_update",
}  # fmt: skip
_REFERS = re.compile(
    r"(?:\bFK\b|foreign key|references?|refers to|->|→)\W*(?:to\s+)?(\w+)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Entity:
    """What becomes an entity, and the operations on its records."""

    name: str
    members: list[Member]
    evidence: Evidence
    description: str = ""
    group: Group | None = None
    life: Life | None = None
    workflow: str = ""


class Entities:
    """Makes entities of models."""

    def __init__(
        self,
        found: Sequence[Entity],
        enums: Mapping[str, Model],
        shapes: Mapping[str, list[Member]],
    ) -> None:
        self.found = {one.name: one for one in found}
        self.enums = enums
        self.shapes = shapes
        self.unmapped: list[Unmapped] = []
        self.checklist: list[str] = []
        self.keys = {one.name: self._key(one) for one in found}
        for one in found:
            self._hints(one)

    def drafts(self) -> tuple[EntityDraft, ...]:
        """Every entity."""
        return tuple(self._draft(one) for one in self.found.values())

    def _key(self, one: Entity) -> str:
        """The member that names a record; empty where none does."""
        names = [m.name for m in one.members]
        noun = singular(snake(one.name))
        path = one.group.key if one.group else ""
        wanted = [path] if path != "id" else []
        wanted += [
            "id",
            "_id",
            "uuid",
            f"{one.group.noun}_id" if one.group else "",
            f"{noun}_id",
        ]
        return next((name for name in wanted if name and name in names), "")

    def _hints(self, one: Entity) -> None:
        """Samples say more than `str`: an identifier is a uuid, a text one of several words."""
        operations = one.group.operations if one.group else ()
        bodies = [s for o in operations for s in (o.answer, o.request) if s is not None]
        shown = [m for body in bodies for m in _with_elements(body.members)]
        for member in one.members:
            if member.keys.get("type") != "string" or "enum" in member.keys:
                continue
            same = [s for s in shown if s.name == member.name]
            listed = next((s.keys["enum"] for s in same if "enum" in s.keys), None)
            if any(s.key_type == "uuid" for s in same) and set(member.keys) <= {
                "type",
                "required",
                "description",
            }:
                member.keys["type"] = "uuid"
            elif listed:
                member.keys["enum"] = listed

    def _draft(self, one: Entity) -> EntityDraft:
        key = self.keys[one.name]
        create = self._create(one)
        filled: list[str] = []
        fields = [self._field(one, m, key, create, filled) for m in one.members]
        if filled:
            self.checklist.append(
                f"`{one.name}`: the service fills {', '.join(f'`{n}`' for n in filled)}, "
                "which a create does not send"
            )
        return EntityDraft(
            name=one.name,
            fields=tuple(fields),
            evidence=one.evidence,
            primary_key=(key,) if key else (),
            description=one.description,
            workflow=one.workflow,
        )

    def _create(self, one: Entity) -> Operation | None:
        """The standard operation that creates a record, where its body is known."""
        for operation in one.group.operations if one.group else ():
            rest = one.group.rest(operation) if one.group else []
            path = "/" + "/".join(rest)
            if (
                standard_operation(operation.method, path) is Standard.CREATE
                and operation.request
            ):
                return operation
        return None

    def _field(
        self,
        one: Entity,
        member: Member,
        key: str,
        create: Operation | None,
        filled: list[str],
    ) -> FieldDraft:
        keys = dict(member.keys)
        what = f"{one.name}.{member.name}"
        for note in member.notes:
            self._note(one, member, what, note)
        if member.members and not member.model:
            self._note(
                one, member, what, "the members of what it holds are not checked"
            )
        if one.life is not None and member.name == one.life.member:
            return self._state(one, member, keys)
        reference = self._model(one, member, keys)
        if member.nullable:
            keys.pop("required", None)
        if member.name == key:
            keys.pop("enum", None)
            self._identity(one, member, keys, create)
        elif create is not None:
            self._filled(one, member, keys, create, filled)
        if "computed" in keys:
            keys.pop("default", None)
        return FieldDraft(name=member.name, keys=keys, evidence=member.evidence,
                          reference=reference, mentions=member.model if member.is_list else "",
                          neutral="enum" if "enum" in keys else "")  # fmt: skip

    def _state(
        self, one: Entity, member: Member, keys: Mapping[str, Any]
    ) -> FieldDraft:
        """The field that the workflow governs, which the language names `state`."""
        assert one.life is not None
        own: dict[str, Any] = {"type": "string"}
        if "description" in keys:
            own["description"] = keys["description"]
        if member.name != "state":
            reason = "is the field `state`, as that of every workflow is"
            self._note(one, member, f"{one.name}.{member.name}", reason)
        return FieldDraft(
            name=member.name,
            called="state",
            keys=own,
            evidence=member.evidence,
            neutral="enum",
        )

    def _model(
        self, one: Entity, member: Member, keys: dict[str, Any]
    ) -> Reference | None:
        """What a member holds of another model: a reference, or an object."""
        name = member.model
        if member.is_list and name and keys["type"] == "array":
            self._note(
                one,
                member,
                f"{one.name}.{member.name}",
                f"a list of `{name}`, whose elements are not checked",
            )
            return None
        target = self.found.get(name)
        if target is not None and not member.is_list:
            keys["type"] = self._key_type(target)
            keys.pop("default", None)
            return Reference(entity=name)
        if name and target is None and name not in self.enums:
            self._note(
                one,
                member,
                f"{one.name}.{member.name}",
                f"holds `{name}`, whose members are not checked",
            )
        refers = _REFERS.search(str(keys.get("description", "")))
        if refers is not None and not name:
            wanted = singular(snake(refers[1]))
            named = next((n for n in self.found if singular(snake(n)) == wanted), "")
            if named and keys["type"] == self._key_type(self.found[named]):
                return Reference(entity=named)
        return None if name else self._by_name(one, member, keys)

    def _by_name(
        self, one: Entity, member: Member, keys: Mapping[str, Any]
    ) -> Reference | None:
        """`parent_project_id` refers to a `Project`, if it holds the type of its key."""
        stem = snake(member.name).removesuffix("_id")
        if stem == snake(member.name) or member.name == self.keys[one.name]:
            return None
        parts = stem.split("_")
        names = {singular(snake(name)): name for name in self.found}
        for at in range(len(parts)):
            named = names.get("_".join(parts[at:]))
            if named is not None:
                fits = keys["type"] == self._key_type(self.found[named])
                return Reference(entity=named) if fits else None
        return None

    def _key_type(self, target: Entity) -> str:
        key = self.keys[target.name]
        kind = next((m.keys["type"] for m in target.members if m.name == key), "uuid")
        return str(kind)

    def _identity(
        self,
        one: Entity,
        member: Member,
        keys: dict[str, Any],
        create: Operation | None,
    ) -> None:
        """A key that no request sends is made by the service."""
        keys["required"] = True
        sent = (
            {m.name for m in all_members(create.request, self.shapes)}
            if create
            else set()
        )
        if member.name in sent or "computed" in keys:
            return
        if keys["type"] == "uuid":
            keys["computed"] = "uuid"
        elif keys["type"] == "integer" and one.group is not None:
            keys["computed"] = "identity"
        elif keys["type"] == "string" and create is not None:
            keys["computed"] = "uuid"
            self._note(
                one,
                member,
                f"{one.name}.{member.name}",
                "no request sends it; the service makes a uuid",
            )

    def _filled(
        self,
        one: Entity,
        member: Member,
        keys: dict[str, Any],
        create: Operation,
        filled: list[str],
    ) -> None:
        """What is required of every record and not sent when one is created."""
        sent = {m.name for m in all_members(create.request, self.shapes)}
        if member.name in sent or "computed" in keys or "default" in keys:
            return
        stamp = _STAMPS.get(member.name)
        if stamp and keys["type"] == "datetime" and keys.get("required"):
            keys["computed"] = stamp
            filled.append(member.name)
        elif keys.pop("required", None):
            reason = "required, but no create sends it, and the text does not say what fills it"
            self._note(one, member, f"{one.name}.{member.name}", reason)

    def _note(self, one: Entity, member: Member, what: str, reason: str) -> None:
        self.unmapped.append(Unmapped(member.evidence.place, what, reason, one.name))


def _with_elements(members: Sequence[Member]) -> list[Member]:
    return [*members, *(inner for m in members if m.is_list for inner in m.members)]


def copied(members: Sequence[Member]) -> list[Member]:
    """Members that may be changed without changing where they came from."""
    return [replace(m, keys=dict(m.keys), notes=list(m.notes)) for m in members]


def take_enum(member: Member, enums: Mapping[str, Model]) -> None:
    """Give a member the legal values of the enum that it holds."""
    enum = enums.get(member.model)
    if enum is None or member.is_list:
        return
    found = enum.values.values()
    values = [v for v in found if isinstance(v, str | int) and not isinstance(v, bool)]
    is_number = bool(values) and all(isinstance(v, int) for v in values)
    member.keys["type"] = "integer" if is_number else "string"
    if values:
        member.keys["enum"] = list(dict.fromkeys(values))
        member.keys["enum_name"] = enum.name
    default = member.keys.get("default")
    if isinstance(default, str):
        member.keys["default"] = enum.values.get(default, default)
    member.model = ""
