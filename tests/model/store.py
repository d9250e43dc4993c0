"""All records of a service, and what keeps them whole: keys, references, numbers, events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from forge.emit.sql_names import unique_keys
from forge.ir.application import Application
from forge.ir.entities import Entity, ForeignKey, SequenceFormat
from forge.ir.types import OnDelete
from tests.model.answers import Problem, Row, told
from tests.model.unknown import NotYetKnown, Unknown


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the outbox."""

    entity: Entity
    name: str
    row: Row
    turn: int
    """Events of one turn of a conversation have no order."""


@dataclass(slots=True)
class Store:
    """What is stored. Rows are replaced, never changed."""

    ir: Application
    rows: dict[str, list[Row]]
    """By the FQN of the entity, in the order of their creation; deleted ones too."""
    counters: dict[str, int] = field(default_factory=dict)
    identities: dict[str, int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    tenant: str | None = None
    """Whose records are asked for; `None` for nobody's."""

    @classmethod
    def empty(cls, ir: Application) -> Store:
        """A store without a record."""
        return cls(ir, {entity.fqn: [] for entity in ir.entities})

    def copy(self) -> Store:
        """The same, to go back to."""
        rows = {name: list(found) for name, found in self.rows.items()}
        counts = dict(self.counters), dict(self.identities)
        return Store(self.ir, rows, *counts, list(self.events), self.tenant)

    def settle(self) -> None:
        """Put what has become known in the place of what was unknown."""
        for found in self.rows.values():
            for place, row in enumerate(found):
                if any(
                    isinstance(v, Unknown) and v.value is not None for v in row.values()
                ):
                    found[place] = known(row)
        for entity, found in ((e, self.rows[e.fqn]) for e in self.ir.entities):
            for one in found:
                for name in entity.primary_key:
                    if isinstance(one[name], int):
                        most = max(one[name], self.identities.get(entity.fqn, 0))
                        self.identities[entity.fqn] = most

    def live(self, entity: Entity) -> list[Row]:
        """The rows that are not deleted."""
        mark = entity.soft_delete
        return [r for r in self.rows[entity.fqn] if mark is None or r[mark] is None]

    def seen(self, entity: Entity) -> list[Row]:
        """The live rows of the tenant that asks."""
        return [row for row in self.live(entity) if self.is_own(entity, row)]

    def is_own(self, entity: Entity, row: Row) -> bool:
        """Whether a row belongs to the tenant that asks, or to none."""
        return not entity.tenant or row[entity.tenant] == self.tenant

    def put(self, entity: Entity, before: Row | None, after: Row | None) -> None:
        """Replace a row; without `before` add one, without `after` remove one."""
        rows = self.rows[entity.fqn]
        if before is None:
            assert after is not None
            rows.append(after)
            return
        place = next(n for n, row in enumerate(rows) if row is before)
        rows[place : place + 1] = [] if after is None else [after]

    # ---- Numbers

    def next_number(
        self, entity: Entity, name: str, form: SequenceFormat, at: Any
    ) -> str:
        """The next of a series of numbers without gaps."""
        prefix, suffix = _dated(form.prefix, at), _dated(form.suffix, at)
        owner = self.tenant if entity.tenant else ""
        counter = f"{entity.fqn} {owner} {name} {prefix} {suffix}"
        self.counters[counter] = self.counters.get(counter, 0) + 1
        return f"{prefix}{self.counters[counter]:0{form.width}d}{suffix}"

    # ---- What keeps a row out

    def faults(
        self, entity: Entity, before: Row | None, after: Row, *, anew: bool = False
    ) -> Iterator[dict[str, Any]]:
        """All that is wrong with a row that is to be stored, in the place of `before`."""
        empty = [f for f in entity.fields if f.required and after[f.name] is None]
        if empty:
            yield told(422, "invalid", *((f"/{f.name}", "required") for f in empty))
        for names in (entity.primary_key, *unique_keys(entity)):
            if self._taken(entity, names, before, after):
                shown = [name for name in names if name != entity.tenant]
                yield told(
                    409, "conflict", *((f"/{name}", "not-unique") for name in shown)
                )
        for key in entity.all_foreign_keys():
            same = before is not None and not _differ(before, after, key.fields)
            if same and not anew:
                continue
            if not self._leads(entity, key, after):
                yield told(
                    422, "unknown-reference", (f"/{key.fields[0]}", "unknown-reference")
                )
        if before is not None:
            yield from self._let_down(entity, before, after)

    def _taken(
        self, entity: Entity, names: tuple[str, ...], before: Row | None, after: Row
    ) -> bool:
        values = [after[name] for name in names]
        if None in values or any(isinstance(v, Unknown) for v in values):
            return False
        every = names == entity.primary_key or self._referred_to(entity, names)
        rows = self.rows[entity.fqn] if every else self.live(entity)
        return any(
            row is not before
            and [row[n] for n in names] == values
            and (not entity.tenant or row[entity.tenant] == after[entity.tenant])
            for row in rows
        )

    def _referred_to(self, entity: Entity, names: tuple[str, ...]) -> bool:
        return any(
            sorted(key.references) == sorted(names) for _, key in self.incoming(entity)
        )

    def _leads(self, entity: Entity, key: ForeignKey, row: Row) -> bool:
        wanted = [row[name] for name in key.fields]
        if None in wanted:
            return True
        target = self.ir.entity(key.entity)
        assert target is not None
        if target is entity and [row[name] for name in key.references] == wanted:
            return True
        return any(
            [one[n] for n in key.references] == wanted for one in self.seen(target)
        )

    def _let_down(
        self, entity: Entity, before: Row, after: Row
    ) -> Iterator[dict[str, Any]]:
        for child, key in self.incoming(entity):
            if _differ(before, after, key.references):
                rows = self._children(child, key, before, marked=False)
                if rows:
                    yield self._in_use(child, rows)

    def _in_use(self, child: Entity, rows: list[Row]) -> dict[str, Any]:
        """How many rows of one's own are in the way; nobody learns that of others."""
        count = sum(self.is_own(child, row) for row in rows)
        return told(
            409, "in-use", entity=child.name, **({"count": count} if count else {})
        )

    # ---- Deletes

    def incoming(self, entity: Entity) -> Iterator[tuple[Entity, ForeignKey]]:
        """The references to records of an entity."""
        for child in self.ir.entities:
            for key in child.all_foreign_keys():
                if key.entity == entity.fqn:
                    yield child, key

    def delete(self, entity: Entity, row: Row, moment: Unknown) -> None:
        """Delete a row and what goes with it. Raises `Problem` where others need it."""
        gone = list(self._going(entity, row))
        # Whoever refers to a record that goes keeps it, also where it would go itself;
        # only a record that refers to itself does not.
        blockers = [
            self._in_use(child, rows)
            for parent, one, marked in gone
            for child, key in self.incoming(parent)
            if key.on_delete is OnDelete.RESTRICT or _must(child, key)
            if (rows := self._others(child, key, one, marked))
        ]
        if blockers:
            raise Problem(*blockers)
        for parent, one, marked in gone:
            mark = parent.soft_delete
            after = one | {mark: moment} if marked and mark else None
            self.put(parent, self._now(parent, one), after)
            for child, key in self.incoming(parent):
                if key.on_delete is OnDelete.SET_NULL:
                    for child_row in self._children(child, key, one, marked):
                        self.put(
                            child, child_row, child_row | dict.fromkeys(key.fields)
                        )

    def _going(self, entity: Entity, row: Row) -> Iterator[tuple[Entity, Row, bool]]:
        """The row, all that goes with it, and whether each is only marked as deleted."""
        waiting = [(entity, row, entity.soft_delete is not None)]
        seen: list[Row] = []
        while waiting:
            parent, one, marked = waiting.pop(0)
            if any(one is other for other in seen):
                continue
            seen.append(one)
            yield parent, one, marked
            for child, key in self.incoming(parent):
                if key.on_delete is OnDelete.CASCADE:
                    # A database that removes a row removes what refers to it.
                    mark = marked and child.soft_delete is not None
                    found = self._children(child, key, one, marked)
                    waiting += ((child, each, mark) for each in found)

    def _children(
        self, child: Entity, key: ForeignKey, row: Row, marked: bool
    ) -> list[Row]:
        """The rows that refer to one; only live ones concern a row that is only marked."""
        wanted = [row[name] for name in key.references]
        rows = self.live(child) if marked else self.rows[child.fqn]
        if None in wanted:
            return []
        return [one for one in rows if [one[name] for name in key.fields] == wanted]

    def _others(
        self, child: Entity, key: ForeignKey, row: Row, marked: bool
    ) -> list[Row]:
        """The other rows that refer to one."""
        found = self._children(child, key, row, marked)
        return [one for one in found if one is not row]

    def _now(self, entity: Entity, row: Row) -> Row:
        """What a row has become that was `row` when the delete began."""
        names = entity.primary_key
        key = [row[name] for name in names]
        return next(o for o in self.rows[entity.fqn] if [o[n] for n in names] == key)


def _must(entity: Entity, key: ForeignKey) -> bool:
    """Whether a reference cannot be cleared."""
    clears = key.on_delete is OnDelete.SET_NULL
    return clears and any(f.required for n in key.fields if (f := entity.field(n)))


def known(row: Row) -> Row:
    """A row in which nothing is unknown that an answer has shown."""
    return {
        n: v.value if isinstance(v, Unknown) and v.value is not None else v
        for n, v in row.items()
    }


def fingerprint(entity: Entity, row: Row) -> str:
    """All that a row holds. Raises `NotYetKnown`."""
    held = known(row)
    if any(isinstance(value, Unknown) for value in held.values()):
        raise NotYetKnown(entity.name)
    return repr([(f.name, held[f.name]) for f in entity.fields])


def _differ(before: Row, after: Row, names: tuple[str, ...]) -> bool:
    return any(before[name] != after[name] for name in names)


def _dated(text: str, at: Any) -> str:
    return (
        text.replace("{year}", f"{at.year:04}")
        .replace("{month}", f"{at.month:02}")
        .replace("{day}", f"{at.day:02}")
    )
