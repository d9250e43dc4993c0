"""Taking away what the language refuses, one key at a time, and saying so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from factory.importers.composition import Written
from factory.importers.drafts import Place, Unmapped
from forge.checks.behavior import missing_function
from forge.contracts.envelope import Contract
from forge.diagnostics import Diagnostic
from forge.ir.compiler import analyze
from forge.parser.loader import load_texts
from forge.source import Mapping as MappingNode
from forge.source import Node, Sequence, SourceFile, Span, read
from forge.source.yaml_writer import write

_ROUNDS = 12
"""Taking one key away can bring another fault to light, but not for ever."""
Path = tuple[str, ...]
T = TypeVar("T")


class Refused(Exception):
    """Contracts that stay wrong whatever is taken away."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(d.message for d in self.diagnostics[:5]))


def prune(
    contracts: Iterable[Written], others: Mapping[str, str], source: str
) -> list[Unmapped]:
    """Take away, in place, every key that is refused. `others` are texts that stay as they are.

    Raises `Refused`.
    """
    by_file = {one.file: one for one in contracts}
    dropped: list[Unmapped] = []
    texts = {name: write(one.contract) for name, one in by_file.items()}
    recall = _Recall()
    for _ in range(_ROUNDS):
        loaded = load_texts([*others.items(), *texts.items()], recall=recall)
        faults = [
            d
            for d in analyze(loaded).diagnostics
            if d.is_error
            and d.span.file in by_file
            and d.name != missing_function.RULE.name
        ]
        if not faults:
            return dropped
        before = len(dropped)
        found: dict[str, list[Diagnostic]] = {}
        for fault in faults:
            found.setdefault(fault.span.file, []).append(fault)
        for name, own in found.items():
            dropped += _prune_one(by_file[name], texts[name], own, source)
            texts[name] = write(by_file[name].contract)
        if len(dropped) == before:
            raise Refused(faults)
    raise Refused(faults)


class _Recall:
    """What the round before read, so that a round costs what it changes."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[str | None, Contract]] = {}
        self._lowered: dict[str, tuple[Contract, Any]] = {}

    def contract(self, source: SourceFile) -> Contract | None:
        """The contract of this very text."""
        text, known = self._read.get(source.name, (None, None))
        return known if text == source.text else None

    def note(self, source: SourceFile, contract: Contract) -> None:
        """Keep a contract."""
        self._read[source.name] = (source.text, contract)

    def lowered(self, contract: Contract, lower: Callable[[Contract], T]) -> T:
        """What `lower` makes of a contract."""
        known = self._lowered.get(contract.file)
        if known is None or known[0] is not contract:
            known = self._lowered[contract.file] = (contract, lower(contract))
        made: T = known[1]
        return made


def _prune_one(
    written: Written, text: str, faults: Iterable[Diagnostic], source: str
) -> list[Unmapped]:
    root = read(written.file, text).root
    if root is None:
        # It is too large for one contract, so that no key of it is at fault.
        raise Refused(faults)
    dropped = []
    paths = {path_of(root, fault.span): fault for fault in faults}
    # From the end, so that the numbers of list items before stay true.
    for path, fault in sorted(paths.items(), key=lambda p: _order(p[0]), reverse=True):
        cut = _cut(path)
        if cut:
            note = _note(written, cut, fault, source)
            if _remove(written.contract, cut):
                dropped.append(note)
    return dropped


def _order(path: Path) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, int(s), "") if s.isdigit() else (1, 0, s) for s in path)


def _cut(path: Path) -> Path:
    """What to take away for a fault at `path`: a field whose type is wrong goes as a whole."""
    if len(path) < 2 or path[0] != "spec":
        return ()
    if len(path) >= 4 and path[1] == "fields":
        if path[3] == "type":
            return path[:3]
        inner = path[3] in ("constraints", "references") and len(path) > 4
        return path[:5] if inner and path[4] not in ("entity", "field") else path[:4]
    if path[1] in ("foreign_keys", "unique", "indexes") and len(path) > 2:
        return path[:3]
    if path[1] == "endpoints" and len(path) > 2:
        if len(path) == 3 or path[3] in ("method", "path", "handler"):
            return path[:3]
        return path[:4]
    return path[:3]


def _note(written: Written, path: Path, fault: Diagnostic, source: str) -> Unmapped:
    named = _named(written.contract, path)
    for length in range(len(path), 0, -1):
        known = written.places.get(named[:length])
        if known is not None:
            rest = ".".join(path[length:])
            what = f"{known.what}.{rest}" if rest else known.what
            return Unmapped(known.place, what, fault.message, known.entity)
    return Unmapped(
        Place(source, 1), f"{written.name}.{'.'.join(path[1:])}", fault.message
    )


def _named(contract: Any, path: Path) -> Path:
    """`path` with an endpoint's method and path in place of its number, which may change."""
    if path[:2] != ("spec", "endpoints") or len(path) < 3:
        return path
    endpoint = contract["spec"]["endpoints"][int(path[2])]
    return (*path[:2], f"{endpoint['method']} {endpoint['path']}", *path[3:])


def _remove(value: Any, path: Path) -> bool:
    for step in path[:-1]:
        value = value[int(step)] if isinstance(value, list) else value.get(step, {})
    last = path[-1]
    if isinstance(value, list):
        if int(last) >= len(value):
            return False
        del value[int(last)]
        return True
    return isinstance(value, dict) and value.pop(last, None) is not None


def path_of(root: Node, span: Span) -> Path:
    """The keys and numbers that lead to the innermost node that holds the start of `span`."""
    at = span.start.offset
    path: list[str] = []
    node: Node | None = root
    while node is not None:
        following: Node | None = None
        for name, key, child in _children(node):
            start = (
                key.span.start.offset if key is not None else child.span.start.offset
            )
            if start <= at < max(child.span.end.offset, start + 1):
                path.append(name)
                following = (
                    child if key is None or at >= child.span.start.offset else None
                )
                break
        node = following
    return tuple(path)


def _children(node: Node) -> Iterable[tuple[str, Node | None, Node]]:
    if isinstance(node, MappingNode):
        return [(n, node.keys[n], child) for n, child in node.entries.items()]
    if isinstance(node, Sequence):
        return [(str(number), None, child) for number, child in enumerate(node.items)]
    return []
