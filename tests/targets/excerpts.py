"""Parts of generated files by symbol, per language."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator


def excerpt(language: str, text: str, symbol: str) -> str:
    """The part of `text` that `symbol` names; the whole text where it is empty."""
    return _READERS[language](text, symbol) if symbol else text


def sql(text: str, symbol: str) -> str:
    """`table T`, `index I`, `indexes T` or `alter T`: statements with their comments."""
    kind, _, name = symbol.partition(" ")
    quoted = re.escape('"' + name.replace('"', '""') + '"')
    pattern = {
        "table": rf"^CREATE TABLE IF NOT EXISTS {quoted} ",
        "index": rf"^CREATE (?:UNIQUE )?INDEX IF NOT EXISTS {quoted} ",
        "indexes": rf'^CREATE (?:UNIQUE )?INDEX IF NOT EXISTS "[^"]+" ON {quoted} ',
        "alter": rf"^ALTER TABLE {quoted}$",
    }[kind]
    statements = re.split(r"\n\n+", text.strip())
    found = [part for part in statements if re.search(pattern, part, re.M)]
    return "\n".join(found) or f"(no {symbol})"


def python(text: str, symbol: str) -> str:
    """`class C`, `class C.method`, `def f` or `name X`: a definition of the module."""
    _, _, path = symbol.partition(" ")
    body = ast.parse(text).body
    for name in path.split("."):
        found = next((node for node in body if name in _defined(node)), None)
        if found is None:
            return f"(no {symbol})"
        body = getattr(found, "body", [])
    decorators = getattr(found, "decorator_list", [])
    first = min([found.lineno, *(d.lineno for d in decorators)])
    return "\n".join(text.splitlines()[first - 1 : found.end_lineno])


def _defined(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            yield name
        case ast.AsyncFunctionDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (t.id for t in targets if isinstance(t, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def json_value(text: str, pointer: str) -> str:
    """The value at a JSON pointer, indented."""
    value = json.loads(text)
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (KeyError, IndexError, ValueError, TypeError):
            return f"(nothing at {pointer})"
    return json.dumps(value, indent=2, ensure_ascii=False)


def typescript(text: str, symbol: str) -> str:
    """`interface I`, `type T` or `const C`: an exported declaration."""
    kind, _, name = symbol.partition(" ")
    begins = rf"^export {kind} {re.escape(name)}\b"
    ends = r"^\}.*?$" if kind == "interface" else r";[ ]*$"
    found = re.search(rf"{begins}.*?{ends}", text, re.M | re.S)
    return found[0] if found else f"(no {symbol})"


_READERS: dict[str, Callable[[str, str], str]] = {
    "sql": sql,
    "python": python,
    "json": json_value,
    "typescript": typescript,
}
