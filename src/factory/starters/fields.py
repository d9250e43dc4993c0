"""Fields as they are given on a command line: `name:type!`."""

from __future__ import annotations

from typing import Any

from factory.importers.naming import snake
from factory.phrases.valuing import field_keys
from forge.contracts.vocabulary import FieldType
from forge.diagnostics import nearest


class Misspelt(ValueError):
    """A field that cannot be read; the text says why."""


def given_field(
    text: str, domain: str, entities: tuple[str, ...]
) -> tuple[str, dict[str, Any]]:
    """A field as it is given: a name, a type, an entity or `a|b` values; `!` for required.

    >>> given_field("due:date!", "shop", ())
    ('due', {'type': 'date', 'required': True})
    >>> given_field("status:draft|sent", "shop", ())
    ('status', {'type': 'string', 'enum': ['draft', 'sent']})
    """
    said, _, kind = text.partition(":")
    required = text.endswith("!")
    name = snake(said.rstrip("!"), "")
    kind = kind.rstrip("!").strip()
    if not name:
        raise Misspelt(f"`{text}` names no field: write `name:type`")
    keys: dict[str, Any] = {"required": True} if required else {}
    if not kind:
        return name, field_keys(name, keys)
    if "|" in kind:
        values = [value.strip() for value in kind.split("|") if value.strip()]
        return name, field_keys(name, {"enum": list(dict.fromkeys(values)), **keys})
    if kind in set(FieldType):
        return name, field_keys(name, {"type": kind, **keys})
    target = kind.removeprefix(f"entity/{domain}/").removeprefix("entity/")
    if target in entities or kind.startswith("entity/"):
        fqn = kind if kind.count("/") == 2 else f"entity/{domain}/{target}"
        named = name if name.endswith("_id") else f"{name}_id"
        return named, {"type": "uuid", **keys, "references": {"entity": fqn}}
    guess = nearest(kind, [*FieldType, *entities])
    hint = f": did you mean `{guess}`?" if guess else ""
    raise Misspelt(f"`{kind}` in `{text}` is no type and no entity of `{domain}`{hint}")
