"""A contract asks for something that no target carries out yet.

## Why

What a contract says is enforced or reported. Some of the language is read and checked,
but nothing is generated from it yet: agents, policies, rate limits,
and the infrastructure beyond authentication and tenancy. The page
`docs/reference/coverage.md` has a row for every key.

## Example

```yaml
- {method: GET, path: /, rate_limit: 10/minute}
```

## Instead

Leave it out, or keep it as a plan, knowing that the service does not do it.
"""

from __future__ import annotations

from collections.abc import Iterator

from forge.checks.subject import Subject
from forge.contracts.coverage import CATEGORIES, Fate, later_keys
from forge.contracts.envelope import SPECS, Contract, Kind
from forge.contracts.facts import fact
from forge.contracts.shapes import ListOf, MapOf, OneOf, Record, Shape
from forge.diagnostics import Diagnostic, Rule, Severity
from forge.ir.application import Infra
from forge.ir.types import InfraCategory
from forge.source import Mapping, Node, Scalar, Sequence, Span

RULE = Rule(
    "contract/not-carried-out",
    Severity.WARNING,
    "no target carries out {what} yet",
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """What every contract asks for."""
    for contract in subject.contracts.values():
        if contract.kind is Kind.AGENT:
            yield _fault(subject.place(contract.fqn), "agents")
        elif contract.kind is not Kind.PAGE:
            for span, what in _asked(contract):
                yield _fault(span, what)
    for infra in subject.app.infra:
        yield from _settings(infra)


@fact
def _asked(contract: Contract) -> tuple[tuple[Span, str], ...]:
    """What a contract asks for, and where."""
    later = _later(contract.spec, SPECS[contract.kind])
    return tuple((key.span, f"`{key.text}`") for key in later)


def _fault(span: Span, what: str) -> Diagnostic:
    return RULE.at(
        span,
        label="has no effect",
        help="`docs/reference/coverage.md` says what is carried out",
        what=what,
    )


def _later(node: Node, shape: Shape) -> Iterator[Scalar]:
    """The keys below a node that have no effect yet."""
    if not _reaches(shape):
        return
    match shape:
        case Record() if isinstance(node, Mapping):
            later = later_keys(shape)
            for name, value in node.entries.items():
                if name in later:
                    if not _says_nothing(value):
                        yield node.keys[name]
                elif name in shape.by_name:
                    yield from _later(value, shape.by_name[name].shape)
        case ListOf() if isinstance(node, Sequence):
            for item in node.items:
                yield from _later(item, shape.item)
        case MapOf() if isinstance(node, Mapping):
            for value in node.entries.values():
                yield from _later(value, shape.value)
        case OneOf():
            for option in shape.shapes:
                yield from _later(node, option)


_REACHING: dict[int, bool] = {}


def _reaches(shape: Shape) -> bool:
    """Whether a key that has no effect yet can stand below a shape."""
    known = _REACHING.get(id(shape))
    if known is None:
        known = _REACHING[id(shape)] = _looks_for_later(shape)
    return known


def _looks_for_later(shape: Shape) -> bool:
    match shape:
        case Record():
            return bool(later_keys(shape)) or any(_reaches(k.shape) for k in shape.keys)
        case ListOf():
            return _reaches(shape.item)
        case MapOf():
            return _reaches(shape.value)
        case OneOf():
            return any(_reaches(option) for option in shape.shapes)
        case _:
            return False


def _says_nothing(node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.value is None or node.value is False
    return len(node) == 0


def _settings(infra: Infra) -> Iterator[Diagnostic]:
    if infra.category is InfraCategory.TENANCY and infra.bootstrap:
        yield _fault(infra.origin.key_at("bootstrap"), "`bootstrap` of tenants")
    if Fate.LATER not in CATEGORIES[infra.category]:
        return
    what = f"settings of the category `{infra.category}`"
    found = [key for key in ("config", "bootstrap") if getattr(infra, key)]
    for key in found:
        yield _fault(infra.origin.key_at(key), what)
    if not found and not infra.env_vars:
        yield _fault(infra.origin.at("category"), what)
