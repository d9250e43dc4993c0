"""The functions below `behaviors/`, read from their source."""

from __future__ import annotations

import ast
import builtins
import warnings
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path

from forge.ir.behaviors import (
    FOLDER,
    Annotation,
    Behaviors,
    Function,
    Module,
    Parameter,
)
from forge.source import Position, SourceFile, Span, whole_file

_BACKEND = "backend"
_KNOWN = frozenset({"typing", "collections.abc", "datetime", "decimal", "uuid"})
"""Modules whose names say the type."""
_MANY = frozenset({"Annotated", "Literal", "Optional", "Union"})
"""Names of `typing` whose meaning lies in their arguments."""
_MARK = "\ufeff"
"""How some editors begin a file."""
_FAULTS = {
    "not-utf-8": "the file is not UTF-8",
    "unreadable": "the file cannot be read",
}


def behavior_paths(domain: Path) -> list[Path]:
    """The files below `behaviors/` of a domain's folder, sorted."""
    folder = domain / FOLDER
    return sorted(folder.rglob("*.py")) if folder.is_dir() else []


def read_behaviors(domain: Path) -> Behaviors:
    """Every file below `behaviors/`, and the functions in those that can be imported."""
    modules, files = [], []
    for path in behavior_paths(domain):
        source, relative = _read(path), path.relative_to(domain / FOLDER)
        if source.text is not None:
            files.append((relative.as_posix(), source.text))
        parts = relative.with_suffix("").parts
        if source.text is None or all(map(_is_name, parts)):
            name = ".".join(parts).removesuffix(".__init__")
            modules.append(read_module(name, source))
    modules.sort(key=lambda module: module.name)
    return Behaviors(tuple(modules), tuple(files))


def _read(path: Path) -> SourceFile:
    """A file with every byte of its text, which is taken along as it is."""
    name = path.as_posix()
    try:
        return SourceFile(name, path.read_bytes().decode("utf-8"))
    except OSError:
        return SourceFile(name, None, "unreadable")
    except UnicodeDecodeError as error:
        return SourceFile(name, None, "not-utf-8", error.start)


def _is_name(part: str) -> bool:
    return part.isidentifier() and not iskeyword(part)


def read_module(name: str, source: SourceFile) -> Module:
    """The functions of one file."""
    if source.text is None:
        fault = _FAULTS[source.fault]
        return Module(
            name=name, file=source.name, fault=fault, place=whole_file(source.name)
        )
    try:
        with warnings.catch_warnings():
            # What the compiler would warn of is for its author's linter.
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text.removeprefix(_MARK))
    except SyntaxError as error:
        place = _Places(source).at(error.lineno or 1, (error.offset or 1) - 1)
        return Module(name=name, file=source.name, fault=error.msg, place=place)
    except (ValueError, RecursionError) as error:
        place = whole_file(source.name)
        return Module(name=name, file=source.name, fault=str(error), place=place)
    reader = _Reader(name, tree, _Places(source))
    return Module(name=name, file=source.name, functions=tuple(reader.functions()))


class _Places:
    """Positions in a text by line and column."""

    def __init__(self, source: SourceFile) -> None:
        self._file = source.name
        text = (source.text or "").removeprefix(_MARK)
        self._lines = text.splitlines(keepends=True)

    def at(self, line: int, column: int, name: str = "") -> Span:
        """The place of `name` in a line, from a column on, which counts characters."""
        before = self._lines[: line - 1]
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        start = max(text.find(name, column), column) if name else column
        offset = sum(map(len, before)) + start
        end = start + max(len(name), 1)
        return Span(
            self._file,
            Position(line, start + 1, offset),
            Position(line, end + 1, offset + end - start),
        )

    def of(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Span:
        """The place of a function's name."""
        text = self._lines[node.lineno - 1]
        column = len(text.encode()[: node.col_offset].decode())
        start = text.index("def", column) + len("def")
        return self.at(node.lineno, start, node.name)


class _Reader:
    """Reads the functions of a parsed module."""

    def __init__(self, module: str, tree: ast.Module, places: _Places) -> None:
        self._module = module
        self._tree = tree
        self._places = places
        self._imported: dict[str, tuple[str, str]] = {}
        self._modules: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for one in node.names:
                    self._modules[one.asname or one.name] = one.name
            if isinstance(node, ast.ImportFrom):
                for one in node.names:
                    origin = (node.module or "", one.name)
                    self._imported[one.asname or one.name] = origin
        self._local = frozenset(_defined(tree))

    def functions(self) -> Iterator[Function]:
        """Every function at the top level."""
        for node in self._tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield self._function(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
        given = node.args
        positional = [*given.posonlyargs, *given.args]
        pairs = zip(given.kwonlyargs, given.kw_defaults, strict=True)
        extra = next((a.arg for a, default in pairs if default is None), "")
        return Function(
            name=node.name,
            module=self._module,
            is_async=isinstance(node, ast.AsyncFunctionDef),
            parameters=tuple(
                Parameter(a.arg, self._annotation(a.annotation)) for a in positional
            ),
            required=len(positional) - len(given.defaults),
            extra=extra,
            variadic=given.vararg is not None,
            returns=self._annotation(node.returns),
            span=self._places.of(node),
        )

    def _annotation(self, node: ast.expr | None) -> Annotation | None:
        if node is None:
            return None
        parts = [self._name(part) for part in self._alternatives(node)]
        return Annotation(
            tuple(name for name, _ in parts), all(known for _, known in parts)
        )

    def _alternatives(self, node: ast.expr) -> Iterator[ast.expr]:
        """The types that `X | Y`, `Optional[X]` or a text in quotes stands for."""
        match node:
            case ast.Constant(value=str(text)):
                try:
                    yield from self._alternatives(ast.parse(text, mode="eval").body)
                except SyntaxError:
                    yield node
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                yield from self._alternatives(left)
                yield from self._alternatives(right)
            case ast.Subscript(value=generic, slice=inner):
                yield from self._arguments(self._name(generic), node, inner)
            case _:
                yield node

    def _arguments(
        self, generic: tuple[str, bool], node: ast.expr, inner: ast.expr
    ) -> Iterator[ast.expr]:
        """What a name of `typing` with arguments stands for, or the node itself."""
        items = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        match generic[0]:
            case "Optional" | "Union":
                for item in items:
                    yield from self._alternatives(item)
                if generic[0] == "Optional":
                    yield ast.Constant(None)
            case "Annotated":
                yield from self._alternatives(items[0])
            case "Literal":
                yield from map(_kind_of, items)
            case _:
                yield node

    def _name(self, node: ast.expr) -> tuple[str, bool]:
        """The last step of a type's name, and whether it is known what it stands for."""
        if isinstance(node, ast.Subscript):
            return self._name(node.value)
        if isinstance(node, ast.Constant) and node.value is None:
            return "None", True
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            ours = owner.split(".")[0] == _BACKEND
            return node.attr, ours or self._modules.get(owner) in _KNOWN
        if not isinstance(node, ast.Name):
            return ast.unparse(node), False
        if node.id in self._imported:
            module, name = self._imported[node.id]
            if name in _MANY:
                return name, False
            known = module.split(".")[0] == _BACKEND or module in _KNOWN
            return name, known
        return node.id, node.id not in self._local and hasattr(builtins, node.id)


def _kind_of(item: ast.expr) -> ast.expr:
    """The type of a value that `Literal` allows."""
    if isinstance(item, ast.Constant) and item.value is not None:
        return ast.Name(type(item.value).__name__)
    return item


def _defined(tree: ast.Module) -> Iterator[str]:
    """Names that the module itself gives a meaning."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (t.id for t in node.targets if isinstance(t, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id
