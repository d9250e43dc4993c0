"""Prisma models to drafts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from factory.importers.drafts import (
    EntityDraft,
    Evidence,
    FieldDraft,
    ForeignKeyDraft,
    Imported,
    Place,
    Reference,
    Unmapped,
    Unreadable,
)
from factory.importers.prisma.parser import (
    Block,
    Call,
    Line,
    Value,
    Word,
    names_in,
    parse,
)
from factory.importers.prisma.relations import Relations
from factory.importers.reading import Text

_TYPES: Mapping[str, dict[str, Any]] = {
    "String": {"type": "string"},
    "Boolean": {"type": "boolean"},
    "Int": {"type": "integer", "format": "int32"},
    "BigInt": {"type": "integer"},
    "Float": {"type": "number"},
    "Decimal": {"type": "decimal"},
    "DateTime": {"type": "datetime"},
    "Json": {"type": "json"},
    "Bytes": {"type": "binary"},
}
_NATIVE: Mapping[str, dict[str, Any]] = {
    "Uuid": {"type": "uuid"},
    "UniqueIdentifier": {"type": "uuid"},
    "Text": {"type": "text"}, "MediumText": {"type": "text"}, "LongText": {"type": "text"},
    "TinyText": {"type": "text"}, "NText": {"type": "text"},
    "Citext": {"type": "string"},
    "SmallInt": {"format": "int16"}, "TinyInt": {"format": "int16"},
    "Date": {"type": "date"},
    "Time": {"type": "time"}, "Timetz": {"type": "time"},
}  # fmt: skip
_SIZED = frozenset({"VarChar", "Char", "NVarChar", "NChar"})
_NOW = re.compile(
    r"\(*(?:now|getdate|getutcdate|sysdatetime|sysutcdatetime|current_timestamp|current_date|localtimestamp)\b",
    re.IGNORECASE,
)
_UUID = re.compile(r"uuid|\bnewid\b|\bnewsequentialid\b", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
_KNOWN = frozenset(
    {"id", "unique", "default", "updatedAt", "map", "relation", "ignore"}
)
_KNOWN_BLOCK = frozenset(
    {"id", "unique", "index", "map", "schema", "ignore", "fulltext"}
)


def read(texts: tuple[Text, ...]) -> Imported:
    """The models of all files, which may refer to each other. Raises `Unreadable`."""
    blocks = [block for text in texts for block in parse(text)]
    return _Reader(texts, blocks).read()


class _Reader:
    def __init__(self, texts: tuple[Text, ...], blocks: list[Block]) -> None:
        self.texts = texts
        self.models = {b.name: b for b in blocks if b.kind in ("model", "view")}
        self.types = {b.name: b for b in blocks if b.kind == "type"}
        self.enums = {
            b.name: tuple(_mapped(line) or line.name for line in b.lines)
            for b in blocks
            if b.kind == "enum"
        }
        self.names = {
            b.name: tuple(line.name for line in b.lines)
            for b in blocks
            if b.kind == "enum"
        }
        self.blocks = blocks
        self.unmapped: list[Unmapped] = []
        self.relations = Relations(self.models, self.unmapped)

    def read(self) -> Imported:
        """Everything."""
        if not self.models:
            raise Unreadable(Place(self.texts[0].name, 1), "there is no model here")
        for block in self.blocks:
            for place, line in block.strange:
                self.unmapped.append(
                    Unmapped(place, line, "is no line of a Prisma schema")
                )
        for block in self.models.values():
            if block.attribute("ignore"):
                self._note(block, f"model {block.name}", "Prisma is told to ignore it")
        entities = tuple(
            self._entity(block)
            for block in self.models.values()
            if not block.attribute("ignore")
        )
        return Imported(
            entities=entities,
            unmapped=tuple(self.unmapped),
            enums=self.names,
            lists_single_unique=False,
        )

    def _entity(self, block: Block) -> EntityDraft:
        foreign = dict(self.relations.keys(block))
        single = {names[0]: key for names, key in foreign.items() if len(names) == 1}
        fields = tuple(
            self._field(block, line, single.get(line.name))
            for line in block.lines
            if line.type not in self.models and self._is_known(block, line)
        )
        for attribute in block.attributes:
            if attribute.name not in _KNOWN_BLOCK:
                self._note(block, f"@@{attribute.name}", "has no meaning in a contract")
        if block.kind == "view":
            self._note(
                block, f"view {block.name}", "a view is read as a table of its own"
            )
        key = tuple(line.name for line in block.lines if line.attribute("id"))
        declared = block.attribute("id")
        named = block.attribute("map")
        table = named.get("name") if named else None
        return EntityDraft(
            name=block.name,
            table=table if isinstance(table, str) else block.name,
            fields=fields,
            evidence=Evidence(block.place, f"prisma/{block.kind}"),
            primary_key=names_in(declared.get("fields")) if declared else key,
            foreign_keys=tuple(key for names, key in foreign.items() if len(names) > 1),
            unique=tuple(self._keys(block, "unique")),
            indexes=tuple(self._keys(block, "index")),
            description=block.doc,
        )

    def _is_known(self, block: Block, line: Line) -> bool:
        """Whether Prisma itself reads and writes the field; others are listed."""
        if line.attribute("ignore"):
            reason = "Prisma is told to ignore it"
        elif line.type.startswith("Unsupported"):
            reason = "its type is known to the database alone"
        else:
            return True
        what = f"{line.name} {line.type}"
        self.unmapped.append(Unmapped(line.place, what, reason, block.name))
        return False

    def _keys(self, block: Block, name: str) -> Iterator[tuple[str, ...]]:
        known = {line.name for line in block.lines}
        for attribute in block.attributes:
            if attribute.name == name:
                names = names_in(attribute.get("fields"))
                if names and known.issuperset(names):
                    yield names
                else:
                    self._note(
                        block, f"@@{name}", "names what is no field of the model"
                    )

    def _field(
        self, block: Block, line: Line, key: ForeignKeyDraft | None
    ) -> FieldDraft:
        keys = self._keys_of_type(block, line)
        neutral = "list" if line.is_list else "enum" if line.type in self.enums else ""
        neutral = neutral or _NEUTRAL.get(line.type, "")
        if line.is_list:
            items = keys.pop("type")
            keys = {
                "type": "array",
                **({"items_type": items} if items != "json" else {}),
            }
        if line.doc:
            keys["description"] = line.doc
        if not line.optional:
            keys["required"] = True
        if line.attribute("unique"):
            keys["unique"] = True
        self._default(block, line, keys)
        for attribute in line.attributes:
            known = attribute.name in _KNOWN or attribute.name.startswith("db.")
            if not known:
                what = f"{line.name} @{attribute.name}"
                reason = "has no meaning in a contract"
                self.unmapped.append(Unmapped(line.place, what, reason, block.name))
        return FieldDraft(
            name=line.name,
            column=_mapped(line),
            keys=keys,
            evidence=Evidence(line.place, "prisma/field"),
            neutral=neutral,
            reference=Reference(
                entity=key.entity,
                field=key.references[0] if key.references else "",
                on_delete=key.on_delete,
            )
            if key and not line.is_list
            else None,
            mentions=key.entity if key and line.is_list else "",
            # Prisma tells what is composed apart from the fields of a model.
            inherited=line.type in self.types,
        )

    def _keys_of_type(self, block: Block, line: Line) -> dict[str, Any]:
        if line.type in self.enums:
            return {
                "type": "string",
                "enum": list(self.enums[line.type]),
                "enum_name": line.type,
            }
        if line.type in self.types:
            return {"type": "object"}
        known = _TYPES.get(line.type)
        if known is None:
            reason = "its type is known to the database alone; read as JSON"
            what = f"{line.name} {line.type}"
            self.unmapped.append(Unmapped(line.place, what, reason, block.name))
            return {"type": "json"}
        keys = dict(known)
        for attribute in line.attributes:
            if attribute.name.startswith("db."):
                _narrow(keys, attribute.name.removeprefix("db."), attribute.arguments)
        return keys

    def _default(self, block: Block, line: Line, keys: dict[str, Any]) -> None:
        if line.attribute("updatedAt"):
            keys["computed"] = "now_on_update"
            return
        attribute = line.attribute("default")
        value = attribute.get("value") if attribute else None
        if isinstance(value, Call):
            computed = _computed(value, keys["type"])
            counts = computed == "identity" and not line.attribute("id")
            if computed and not counts:
                keys["computed"] = computed
                return
            reason = (
                "counts, but is not the key by itself"
                if counts
                else "the database makes up the value, as no contract can"
            )
            what = f"{line.name} @default({value.name}())"
            self.unmapped.append(Unmapped(line.place, what, reason, block.name))
        elif _calls(value):
            what = f"{line.name} @default"
            reason = "holds a function of the database, as no contract can"
            self.unmapped.append(Unmapped(line.place, what, reason, block.name))
        elif value is not None:
            found = _literal(value, keys)
            if line.type in self.enums:
                names = self.names[line.type]
                stored = dict(zip(names, self.enums[line.type], strict=True))
                several = found if isinstance(found, list) else [found]
                each = [stored.get(v, v) if isinstance(v, str) else v for v in several]
                found = each if isinstance(found, list) else each[0]
            keys["default"] = found

    def _note(self, block: Block, what: str, reason: str) -> None:
        self.unmapped.append(Unmapped(block.place, what, reason, block.name))


_DIGITS = 100
"""Digits of a number, and brackets of JSON, that are read as such."""
_NEUTRAL = {"String": "string", "DateTime": "datetime"}


def _computed(call: Call, kind: str) -> str:
    text = (
        str(call.arguments[0]) if call.name == "dbgenerated" and call.arguments else ""
    )
    if call.name in ("autoincrement", "sequence") and kind == "integer":
        return "identity"
    is_now = call.name == "now" or _NOW.match(text)
    if is_now and kind in ("datetime", "date", "time"):
        return "now"
    makes_uuid = call.name in ("uuid", "gen_random_uuid") or _UUID.search(text)
    # Other generators of keys are texts too, which a UUID serves as well.
    makes_key = makes_uuid or call.name in ("cuid", "ulid", "nanoid", "auto")
    return "uuid" if makes_key and kind in ("uuid", "string", "text") else ""


def _narrow(keys: dict[str, Any], native: str, arguments: tuple[Value, ...]) -> None:
    """What the type in the database says beyond Prisma's own type."""
    known = _NATIVE.get(native)
    if known is not None and not ("format" in known and keys["type"] != "integer"):
        keys |= known
    numbers = [
        int(a.text) for a in arguments if isinstance(a, Word) and a.text.isdigit()
    ]
    if native in _SIZED and numbers:
        keys["constraints"] = {"maxLength": numbers[0]}
    elif native in _SIZED and arguments and keys["type"] == "string":
        # `Max`, which is as long as it has to be.
        keys["type"] = "text"
    elif native in ("Decimal", "Money") and len(numbers) == 2:
        keys["constraints"] = {"precision": numbers[0], "scale": numbers[1]}


def _literal(value: Value, keys: Mapping[str, Any]) -> Any:
    if isinstance(value, tuple):
        return [_literal(item, {"type": keys.get("items_type", "")}) for item in value]
    if isinstance(value, Word):
        text = value.text
        if text in ("true", "false"):
            return text == "true"
        if _NUMBER.match(text) and len(text) <= _DIGITS:
            if keys.get("type") == "decimal":
                return text
            return float(text) if "." in text else int(text)
        return text
    nested = isinstance(value, str) and value.count("[") + value.count("{") > _DIGITS
    if keys.get("type") == "json" and isinstance(value, str) and not nested:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _mapped(line: Line) -> str:
    attribute = line.attribute("map")
    value = attribute.get("name") if attribute else None
    return value if isinstance(value, str) else ""


def _calls(value: Value | None) -> bool:
    """Whether a list holds a call, however deep."""
    if isinstance(value, tuple):
        return any(isinstance(one, Call) or _calls(one) for one in value)
    return False
