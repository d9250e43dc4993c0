"""What people read about a key, a contract, a field, a state or a rule, in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from forge.contracts.envelope import Kind
from forge.contracts.reference import holds
from forge.contracts.shapes import Key
from forge.diagnostics import Diagnostic, pages
from forge.editing.domain import Declared, Domain
from forge.editing.index import Index
from forge.source import Mapping, Node, Scalar, plain
from forge.source.yaml_writer import flow

_MOST = 40
"""Rows of a table that people still read."""
_SHOWN = ("required", "unique", "immutable", "sensitive")
_DETAILS = (
    "format",
    "default",
    "enum",
    "items_type",
    "computed",
    "constraints",
    "column",
)
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|#])")


def key_text(key: Key) -> str:
    """What a key of the language means and holds."""
    needed = ", required" if key.required else ""
    return f"**`{key.name}`**: {holds(key.shape)}{needed}\n\n{key.doc}"


def contract_text(domain: Domain, index: Index) -> str:
    """What a contract is about, with its fields or states."""
    parts = [f"**{_code(index.fqn)}**"]
    if index.description:
        parts.append(_escaped(index.description))
    if index.kind in (Kind.ENTITY, Kind.MIXIN):
        parts.append(_fields_table(domain, index))
    elif index.kind is Kind.WORKFLOW:
        parts.append(_states_list(index))
    elif index.kind in (Kind.ROUTE, Kind.PAGE):
        parts.append(f"of {_code(index.text_of('spec', 'entity'))}")
    return "\n\n".join(part for part in parts if part)


def field_detail(declared: Declared) -> str:
    """The type of a field, and where it comes from when that is elsewhere."""
    kind = _type(declared)
    owner = declared.owner
    return f"{kind}, {owner}" if owner.startswith("mixin/") else kind


def field_text(domain: Domain, declared: Declared) -> str:
    """What a field is: type, constraints, meaning, and where it comes from."""
    parts = [f"**{_code(declared.name)}**: {_type(declared)}"]
    parts += _traits(declared)
    description = _text(declared.node, "description")
    if description:
        parts.append(_escaped(description))
    parts.append(_source(domain, declared))
    return "\n\n".join(part for part in parts if part)


def state_text(workflow: Index, name: str) -> str:
    """What a state is, and where it leads."""
    _, node = workflow.states[name]
    parts = [f"**{_code(name)}**: a state of {_code(workflow.fqn)}"]
    shown = [_text(node, key) for key in ("label", "category", "description")]
    parts += [_escaped(one) for one in shown if one]
    spec = workflow.spec
    steps = spec.get("transitions") if spec else None
    targets = plain(steps.get(name)) if isinstance(steps, Mapping) else None
    if isinstance(targets, list) and targets:
        parts.append("leads to " + ", ".join(_code(str(one)) for one in targets))
    return "\n\n".join(parts)


def diagnostic_text(diagnostic: Diagnostic) -> str:
    """A fault, what to do, and the page of its rule."""
    head = f"**{diagnostic.severity}**: {_escaped(diagnostic.message)} ({_code(diagnostic.name)})"
    parts = [head, _escaped(diagnostic.help), _page(diagnostic.name)]
    return "\n\n".join(part for part in parts if part)


@cache
def _page(name: str) -> str:
    page = pages.page(name) or ""
    return page.partition("\n")[2].strip()


def _fields_table(domain: Domain, index: Index) -> str:
    rows = list(domain.fields(index.fqn).values())
    if not rows:
        return ""
    lines = ["| field | type | from |", "|---|---|---|"]
    for declared in rows[:_MOST]:
        source = "" if declared.owner == index.fqn else declared.owner or "the language"
        needed = " (required)" if _text(declared.node, "required") == "true" else ""
        lines.append(
            f"| {_code(declared.name)} | {_escaped(_type(declared))}{needed} | {_escaped(source)} |"
        )
    more = len(rows) - _MOST
    return "\n".join(lines) + (f"\n\nand {more} more" if more > 0 else "")


def _states_list(index: Index) -> str:
    return "states: " + ", ".join(map(_code, index.states)) if index.states else ""


def _type(declared: Declared) -> str:
    if declared.node is not None:
        target = _text(declared.node, "references", "entity")
        kind = _text(declared.node, "type") or "no type yet"
        return f"{kind} -> {target}" if target else kind
    return str(declared.compiled.type) if declared.compiled else ""


def _traits(declared: Declared) -> Iterator[str]:
    node = declared.node
    if not isinstance(node, Mapping):
        if declared.compiled is not None and declared.compiled.enum:
            yield "one of " + ", ".join(
                _code(str(one)) for one in declared.compiled.enum
            )
        return
    marks = [key for key in _SHOWN if _text(node, key) == "true"]
    if marks:
        yield ", ".join(marks)
    rows = [
        f"- {key}: {_code(flow(plain(node.get(key))))}"
        for key in _DETAILS
        if key in node
    ]
    if rows:
        yield "\n".join(rows)


def _source(domain: Domain, declared: Declared) -> str:
    if not declared.owner:
        return "added by the language"
    owner = domain.contract(declared.owner)
    about = f": {_escaped(owner.description)}" if owner and owner.description else ""
    return f"from {_code(declared.owner)}{about}"


def _text(node: Node | None, *path: str) -> str:
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node.text if isinstance(node, Scalar) else ""


def _escaped(text: str) -> str:
    """A text that means itself in Markdown."""
    return _MARKUP.sub(r"\\\1", text) if _MARKUP.search(text) else text


def _code(text: str) -> str:
    """A text as code; what cannot be shown so as plain text."""
    return _escaped(text) if "`" in text or "\n" in text else f"`{text}`"
