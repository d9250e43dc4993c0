"""Classes of Python as models: pydantic, dataclasses, enums. Nothing is ever run."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from factory.importers.drafts import Evidence
from factory.importers.markdown import Block
from factory.importers.spec_md.annotations import LISTS, annotate, default, name_of
from factory.importers.spec_md.shapes import Member, described

_COMMENT = re.compile(r"""(?:[^"'#]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\#\s?(.*)\Z""")
_ENUMS = frozenset({"Enum", "StrEnum", "IntEnum"})
_CLASS = re.compile(r"^[ \t]*(?:@dataclass|class\s+\w+)", re.MULTILINE)
MAX_SOURCE = 200_000
"""Characters of a block; more is no sketch of models."""


@dataclass(slots=True)
class Model:
    """A class with members."""

    name: str
    members: list[Member]
    evidence: Evidence
    bases: tuple[str, ...] = ()
    description: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    """What could not be read, with the reason."""
    values: dict[str, Any] = field(default_factory=dict)
    """Of an enum, by the names of its members."""
    is_enum: bool = False


@dataclass(slots=True)
class Function:
    """A function that an endpoint's decorator names."""

    method: str
    path: str
    evidence: Evidence
    summary: str
    body: str = ""
    answer: str = ""
    is_list: bool = False
    status: int = 0


@dataclass(slots=True)
class Module:
    """What a block of Python holds."""

    models: list[Model]
    functions: list[Function]
    fault: str = ""


def is_python(block: Block) -> bool:
    """Whether a fence may hold classes."""
    named = block.language in ("python", "py", "python3", "pydantic")
    return named or (not block.language and bool(_CLASS.search(block.text)))


def read(block: Block) -> Module:
    """The classes and endpoints of a block, as far as it parses."""
    source = textwrap.dedent(block.text)
    if len(source) > MAX_SOURCE:
        return Module([], [], f"has more than {MAX_SOURCE} characters")
    tree, fault = _parsed(source)
    reader = _Reader(block, source.split("\n"))
    models: list[Model] = []
    functions: list[Function] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            models.append(reader.model(node))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            functions += reader.functions(node)
    models.sort(key=lambda m: m.evidence.place)
    return Module(models, functions, fault)


def _parsed(source: str) -> tuple[ast.Module, str]:
    """The tree, or that of the classes that parse by themselves."""
    try:
        return _tree(source), ""
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    lines = source.split("\n")
    starts = [n for n, line in enumerate(lines) if re.match(r"class\s", line)]
    body: list[ast.stmt] = []
    ends = [*starts[1:], len(lines)] if starts else []
    for start, end in zip(starts, ends, strict=True):
        # Empty lines before a class keep the numbers of its lines.
        part = "\n" * start + "\n".join(lines[start:end])
        part = re.sub(r"\n@[^\n]*\s*\Z", "\n", part)
        try:
            body += _tree(part).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if len(body) > 500:
            break
    return ast.Module(
        body, []
    ), "is no Python as a whole; its classes were read one by one"


def _tree(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source)


class _Reader:
    def __init__(self, block: Block, lines: list[str]) -> None:
        self.block = block
        self.lines = lines

    def _evidence(self, node: ast.stmt, rule: str) -> Evidence:
        place = self.block.at(self.block.place.line + node.lineno - 1)
        return Evidence(place, f"spec-md/python-{rule}")

    def _comment(self, node: ast.stmt) -> str:
        line = (node.end_lineno or node.lineno) - 1
        text = self.lines[line] if line < len(self.lines) else ""
        match = _COMMENT.match(text) if "#" in text else None
        return match[1].strip() if match else ""

    def model(self, node: ast.ClassDef) -> Model:
        bases = tuple(name_of(base) for base in node.bases)
        made = Model(node.name, [], self._evidence(node, "class"), bases)
        doc = ast.get_docstring(node)
        made.description = " ".join(doc.split())[:500] if doc else ""
        made.is_enum = bool(_ENUMS & set(bases))
        for statement in node.body:
            if made.is_enum and isinstance(statement, ast.Assign):
                _value(made, statement)
            elif isinstance(statement, ast.AnnAssign) and isinstance(
                statement.target, ast.Name
            ):
                if (
                    not statement.target.id.startswith("_")
                    and statement.target.id != "model_config"
                ):
                    made.members.append(self._member(statement, statement.target.id))
            elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                reason = (
                    "a method is behaviour; the text of the service says it to people"
                )
                made.notes.append((f"{node.name}.{statement.name}", reason))
        return made

    def _member(self, node: ast.AnnAssign, name: str) -> Member:
        member = Member(name, {}, self._evidence(node, "field"))
        annotate(member, node.annotation)
        has_default = node.value is not None
        if node.value is not None:
            has_default = default(member, node.value)
        if not has_default and not member.nullable:
            member.keys["required"] = True
        described(member, self._comment(node))
        return member

    def functions(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> Iterator[Function]:
        for decorator in node.decorator_list:
            if not (
                isinstance(decorator, ast.Call)
                and isinstance(decorator.func, ast.Attribute)
            ):
                continue
            method = decorator.func.attr.upper()
            path = decorator.args[0] if decorator.args else None
            if method not in ("GET", "POST", "PUT", "PATCH", "DELETE", "WEBSOCKET"):
                continue
            if not (isinstance(path, ast.Constant) and isinstance(path.value, str)):
                continue
            doc = ast.get_docstring(node) or ""
            made = Function(
                method,
                path.value,
                self._evidence(node, "endpoint"),
                doc.partition("\n")[0],
            )
            for argument in (*node.args.args, *node.args.kwonlyargs):
                inner = name_of(argument.annotation) if argument.annotation else ""
                if inner[:1].isupper() and not made.body:
                    made.body = inner
            self._answer(made, node.returns)
            for keyword in decorator.keywords:
                if keyword.arg == "response_model":
                    self._answer(made, keyword.value)
                if keyword.arg == "status_code" and isinstance(
                    keyword.value, ast.Constant
                ):
                    status = keyword.value.value
                    made.status = status if isinstance(status, int) else 0
            yield made

    def _answer(self, made: Function, node: ast.expr | None) -> None:
        if isinstance(node, ast.Subscript) and name_of(node.value) in LISTS:
            made.is_list = True
            node = node.slice
        found = name_of(node) if node is not None else ""
        made.answer = found or made.answer


def _value(made: Model, node: ast.Assign) -> None:
    """A member of an enum."""
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Name):
        if isinstance(value, ast.Constant):
            made.values[target.id] = value.value
        elif name_of(value) == "auto":
            made.values[target.id] = target.id.lower()
