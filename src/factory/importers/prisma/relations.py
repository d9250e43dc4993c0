"""Foreign keys of models, and relations that have none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from factory.importers.drafts import ForeignKeyDraft, Unmapped
from factory.importers.prisma.parser import Block, Line, Word, names_in

_ACTIONS = {
    "Cascade": "cascade",
    "SetNull": "set_null",
    "Restrict": "restrict",
    "NoAction": "restrict",
}


class Relations:
    """The relations of all models, each found from its other side."""

    def __init__(self, models: Mapping[str, Block], unmapped: list[Unmapped]) -> None:
        """What no key stands for is added to `unmapped`."""
        self.models = models
        self.unmapped = unmapped
        self._sides: dict[tuple[str, str, str], list[Line]] = {}
        for name, block in models.items():
            for line in block.lines:
                side = (name, line.type, _relation_name(line))
                self._sides.setdefault(side, []).append(line)

    def keys(self, block: Block) -> Iterator[tuple[tuple[str, ...], ForeignKeyDraft]]:
        """Foreign keys by their fields; relations without fields stand on the other side."""
        required = {line.name for line in block.lines if not line.optional}
        for line in block.lines:
            if line.type not in self.models:
                continue
            relation = line.attribute("relation")
            names = names_in(relation.named.get("fields")) if relation else ()
            if relation is None or not names:
                if line.is_list and self._is_many_to_many(block, line):
                    what = f"{line.name} {line.type}[]"
                    reason = "a relation of many to many without a model for its table"
                    self.unmapped.append(Unmapped(line.place, what, reason, block.name))
                continue
            action = relation.named.get("onDelete")
            word = action.text if isinstance(action, Word) else ""
            # Prisma's own defaults differ by whether the reference may be empty.
            implied = "set_null" if required.isdisjoint(names) else "restrict"
            yield (
                names,
                ForeignKeyDraft(
                    fields=names,
                    entity=line.type,
                    references=names_in(relation.named.get("references")),
                    on_delete=_ACTIONS.get(word, implied),
                ),
            )

    def _is_many_to_many(self, block: Block, line: Line) -> bool:
        there = self._sides.get((line.type, block.name, _relation_name(line)), ())
        backs = [back for back in there if back is not line]
        return bool(backs) and all(back.is_list for back in backs)


def _relation_name(line: Line) -> str:
    relation = line.attribute("relation")
    name = relation.get("name") if relation else None
    return name if isinstance(name, str) else ""
