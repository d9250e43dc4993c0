"""The language reference in brief, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from forge.checks.infra.bad_config_value import PROVIDERS, SOURCES
from forge.checks.infra.unknown_config_key import KEYS as SETTINGS
from forge.contracts.conform import NOTE
from forge.contracts.coverage import later_keys
from forge.contracts.envelope import API_VERSION, Contract, Kind
from forge.contracts.reference import Topic, holds, topics
from forge.contracts.vocabulary import FORMATS, ComputedKind
from forge.expressions.functions import FUNCTIONS, USER_ATTRIBUTES, Signature
from forge.parser.loader import SUFFIX, contract_files, standard_library
from forge.source import Mapping

_EXAMPLES = Path(__file__).parent / "examples"
_LATER = "not carried out yet"
_SEQUENCE = "`sequence(FMT)`"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the reference that can be read by itself."""

    title: str
    text: str

    def __str__(self) -> str:
        return f"### {self.title}\n\n{self.text}"


@cache
def parts() -> tuple[Part, ...]:
    """The whole reference, in the order in which it is read."""
    return (
        Part("Contracts", _contracts()),
        *(Part(topic.title, _keys(topic)) for topic in topics()),
        Part("Computed fields, values, formats", _computed()),
        Part("Conditions", _conditions()),
        Part("Settings of infra contracts", _settings()),
        Part("Standard library", _library()),
        *(Part(f"Example: {title}", _yaml(text)) for title, text in examples()),
    )


def language_brief() -> str:
    """Every key of every kind, the standard library, conditions, and an example of each kind."""
    return "\n\n".join(map(str, parts())) + "\n"


@cache
def examples() -> tuple[tuple[str, str], ...]:
    """Contracts of one small domain, valid together: kind and name, and the text."""
    order = [kind.value for kind in Kind]
    found = []
    for path in contract_files(_EXAMPLES):
        text = path.read_text("utf-8")
        kind = text.partition("kind: ")[2].partition("\n")[0]
        found.append((order.index(kind), kind, path.name.removesuffix(SUFFIX), text))
    return tuple((f"{kind} {name}", text) for _, kind, name, text in sorted(found))


def _contracts() -> str:
    kinds = ", ".join(f"`{kind.value}`" for kind in Kind)
    return f"""\
A contract is a YAML 1.2 file `NAME{SUFFIX}` with `apiVersion: {API_VERSION}`, `kind`, `metadata`,
`spec` and, where one likes, `requires` (derived from `spec` anyway). Kinds: {kinds}.

- A fully qualified name (FQN) is `kind/domain/name`, lower case: `entity/library/book`.
  References are FQNs.
- One contract a file, below `domains/DOMAIN/`: entities, workflows, routes, pages, agents,
  mixins, infra.
- Only `true` and `false` are booleans; `no`, `on` and `22:22` are text.
- An unknown key is an error; keys that begin with `{NOTE}` are notes, allowed anywhere, read by
  nobody.
- What is marked *{_LATER}* is checked and gives a warning: leave it out."""


def _keys(topic: Topic) -> str:
    later = later_keys(topic.record)
    every = len(later) == len(topic.record.keys)
    lines = ["*Nothing of this is carried out yet.*\n"] if every else []
    for key in topic.record.keys:
        needed = " (required)" if key.required else ""
        mark = f" *({_LATER})*" if key.name in later and not every else ""
        lines.append(f"- `{key.name}`{needed}: {holds(key.shape)}. {key.doc}{mark}")
    return "\n".join(lines)


def _computed() -> str:
    kinds = (
        _SEQUENCE if kind is ComputedKind.SEQUENCE else f"`{kind}`"
        for kind in ComputedKind
        if kind is not ComputedKind.EXPRESSION
    )
    return f"""\
- `computed`: {", ".join(kinds)} (`INV-{{year}}-{{n:06}}`), or an expression over the
  record's fields.
- Values in `set_field` and `auto_fields`: a literal, `null`, `now`, `today`, `current_user`,
  `uuid`, or `"=EXPRESSION"`.
- `format` of texts: {_listed(sorted(FORMATS))}; of integers: `int16`, `int32`."""


def _conditions() -> str:
    written = ", ".join(f"`{_call(n, s)}`" for n, s in FUNCTIONS.items())
    user = _listed(f"user.{name}" for name in USER_ATTRIBUTES)
    return f"""\
Guards (`condition`), rules of endpoints (`rule`) and computed fields are CEL over the record's \
fields: `+ - * / % == != < <= > >= in && || ! ?:`, lists `[a, b]`, texts in quotes.

- Functions: {written}. {user} say who acts.
- Any other name calls a plain, annotated function of the domain's `behaviors/`:
  `cost_of(weight, rate)`.
- Null follows SQL: a guard passes only when true, a rule fails only when false; ask with
  `x == null` or `has(x)`.
- No macros (`all`, `exists`, `map`), no maps, no indexing. A date beside a text literal is
  compared as a date."""


def _call(name: str, signature: Signature) -> str:
    letters = "xyz"[: len(signature.parameters)]
    if signature.function:
        return f"{name}({', '.join(letters)})"
    return f"{letters[0]}.{signature.method}({', '.join(letters[1:])})"


def _settings() -> str:
    lines = [f"- `{kind}`: {_listed(keys)}" for kind, keys in SETTINGS.items()]
    return "\n".join(
        (
            *lines,
            f"- `provider` is one of {_listed(PROVIDERS)}, `source` is {_listed(SOURCES)}; "
            "`roles` lists names; the other settings of `auth` name the user entity and its "
            "fields.",
            f"- The other categories: *{_LATER}*",
        )
    )


def _library() -> str:
    lines = []
    for fqn, contract in sorted(standard_library().items()):
        key = "fields" if contract.kind is Kind.MIXIN else "states"
        held = contract.spec.get(key)
        names = _listed(held.entries) if isinstance(held, Mapping) else ""
        lines.append(
            f"- `{fqn}`: {_description(contract)}. {key.capitalize()}: {names}"
        )
    return "\n".join(lines)


def _description(contract: Contract) -> str:
    metadata = contract.root.get("metadata")
    node = metadata.get("description") if isinstance(metadata, Mapping) else None
    return str(getattr(node, "text", ""))


def _listed(names: Iterable[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _yaml(text: str) -> str:
    return f"```yaml\n{text.rstrip()}\n```"
