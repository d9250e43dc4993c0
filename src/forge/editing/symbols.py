"""Where names are declared and used, and what a file and a domain declare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from forge.contracts.envelope import Kind
from forge.editing.domain import Domain, library
from forge.editing.index import Index, Target, Use
from forge.editing.meanings import What
from forge.source import Mapping, Node, Scalar, Sequence


@dataclass(frozen=True, slots=True)
class Location:
    """A stretch of a file, in characters."""

    file: str
    start: int
    end: int


class SymbolSort(Enum):
    """What a symbol is, for the picture that an editor shows."""

    ENTITY = auto()
    WORKFLOW = auto()
    ROUTE = auto()
    PAGE = auto()
    AGENT = auto()
    MIXIN = auto()
    INFRA = auto()
    FIELD = auto()
    STATE = auto()
    OPERATION = auto()


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something that a contract declares."""

    name: str
    sort: SymbolSort
    detail: str
    whole: Location
    """All of it."""
    place: Location
    """Its name."""
    children: tuple[Symbol, ...] = ()
    container: str = ""


def use_at(domain: Domain, file: str, offset: int) -> Use | None:
    """The name at an offset of a file."""
    index = domain.index(file)
    return index.use_at(offset) if index is not None else None


def definitions(domain: Domain, file: str, offset: int) -> tuple[Location, ...]:
    """Where the name at an offset is declared."""
    use = use_at(domain, file, offset)
    if use is None:
        return ()
    return tuple(dict.fromkeys(_declarations(domain, use.target)))


def references(
    domain: Domain, file: str, offset: int, *, declaration: bool = True
) -> tuple[Location, ...]:
    """Every place that means the same as the name at an offset."""
    use = use_at(domain, file, offset)
    if use is None:
        return ()
    return tuple(
        Location(index.file, other.start, other.end)
        for index, other in same(domain, use.target)
        if declaration or not other.declares
    )


def same(domain: Domain, target: Target) -> Iterator[tuple[Index, Use]]:
    """Every place of the domain that means what `target` does."""
    owners = domain.owners(target)
    known: dict[Target, bool] = {}
    for index, use in domain.uses(target.name):
        other = use.target
        if other.what is not target.what:
            continue
        if other not in known:
            found = domain.owners(other)
            alike = (
                bool(owners & found)
                if owners
                else not found and _near(domain, target, other)
            )
            known[other] = alike
        if known[other]:
            yield index, use


def _near(domain: Domain, one: Target, other: Target) -> bool:
    """Whether two names that nobody declares, such as `state`, are of one contract."""
    mine = {index.fqn for index in domain.governed(one.scope)} or {one.scope}
    theirs = {index.fqn for index in domain.governed(other.scope)} or {other.scope}
    return bool(mine & theirs)


def _declarations(domain: Domain, target: Target) -> Iterator[Location]:
    for fqn in sorted(domain.owners(target)):
        index = domain.contract(fqn)
        if index is None:
            continue
        if target.what is What.CONTRACT:
            place = name_of(index)
        else:
            declared = index.fields if target.what is What.FIELD else index.states
            place = _place(index, declared[target.name][0])
        yield place
    if target.what is What.FIELD and not domain.owners(target):
        yield from _built_in(domain, target)


def _built_in(domain: Domain, target: Target) -> Iterator[Location]:
    """What a field follows from that the language adds."""
    index = domain.contract(target.scope)
    if index is None or target.name not in domain.fields(target.scope):
        return
    workflow = domain.workflow(target.scope)
    if target.name == "state" and workflow is not None:
        yield name_of(workflow)
        return
    keys = index.spec.keys if index.spec else {}
    source = {"number": "number_prefix", "tenant_id": "tenant_scoped"}.get(
        target.name, ""
    )
    if source in keys:
        yield _place(index, keys[source])


def name_of(index: Index) -> Location:
    """Where a contract says its name."""
    for use in index.uses:
        if use.declares and use.target.what is What.CONTRACT:
            return Location(index.file, use.start, use.end)
    return Location(index.file, 0, 0)


def _place(index: Index, node: Node) -> Location:
    start, end = node.place
    return Location(index.file, start[2], end[2])


def document_symbols(domain: Domain, file: str) -> tuple[Symbol, ...]:
    """What a file declares, nested."""
    index = domain.index(file)
    if index is None or index.kind is None or not index.fqn or index.root is None:
        return ()
    return (_contract(index),)


def workspace_symbols(domain: Domain, query: str) -> Iterator[Symbol]:
    """What a domain declares whose name holds the letters of a query in their order."""
    for index in domain.contracts.values():
        for one in _flat(_contract(index)):
            if _matches(one.name, query):
                yield one


def library_file(name: str) -> str:
    """The file of a contract of the standard library, by its name in diagnostics."""
    for index in library().values():
        if index.file.endswith("/" + name.removeprefix("<stdlib>/")):
            return index.file
    return ""


def _contract(index: Index) -> Symbol:
    assert index.kind is not None
    assert index.root is not None
    children = (*_entries(index), *_endpoints(index))
    whole = _place(index, index.root)
    name = name_of(index)
    first = min(whole.start, name.start)
    return Symbol(
        index.fqn,
        SymbolSort[index.kind.name],
        index.description,
        Location(index.file, first, max(whole.end, name.end)),
        name,
        children,
    )


def _entries(index: Index) -> Iterator[Symbol]:
    declared = (
        (index.fields, SymbolSort.FIELD, "type"),
        (index.states, SymbolSort.STATE, "category"),
    )
    for entries, sort, key in declared:
        for name, (place, node) in entries.items():
            detail = node.get(key) if isinstance(node, Mapping) else None
            at = _place(index, place)
            end = max(_place(index, node).end, at.end)
            yield Symbol(
                name,
                sort,
                detail.text if isinstance(detail, Scalar) else "",
                Location(index.file, at.start, end),
                at,
                container=index.fqn,
            )


def _endpoints(index: Index) -> Iterator[Symbol]:
    node = (
        index.spec.get("endpoints") if index.kind is Kind.ROUTE and index.spec else None
    )
    for item in node.items if isinstance(node, Sequence) else ():
        if not isinstance(item, Mapping):
            continue
        method, path, summary = (item.get(key) for key in ("method", "path", "summary"))
        if isinstance(method, Scalar) and isinstance(path, Scalar):
            yield Symbol(
                f"{method.text} {path.text}",
                SymbolSort.OPERATION,
                summary.text if isinstance(summary, Scalar) else "",
                _place(index, item),
                _place(index, path),
                container=index.fqn,
            )


def _flat(symbol: Symbol) -> Iterator[Symbol]:
    yield symbol
    yield from symbol.children


def _matches(name: str, query: str) -> bool:
    letters = iter(name.lower())
    return all(letter in letters for letter in query.lower())
