"""Whatever stands in a contract, the compiler answers with values: diagnostics, or a domain."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forge.ir.compiler import analyze
from forge.parser import loader
from forge.source import SourceFile
from tests.language.mdtest import all_scenarios

DOMAIN = Path(__file__).parents[2] / "domains" / "helpdesk"
EXTRA = {
    "infra/auth.contract.yaml": """apiVersion: specora.dev/v1
kind: Infra
metadata: {name: auth, domain: helpdesk}
spec:
  category: auth
  config: {provider: jwt, roles: [admin, agent], user_entity: entity/helpdesk/agent,
    identity_field: email, password_field: department, role_field: department}
  env_vars: {AUTH_SECRET: {description: Key, secret: true, default: a}}
  bootstrap: {users: [{email: ada@example.com, department: admin}]}
""",
    "agents/sorter.contract.yaml": """apiVersion: specora.dev/v1
kind: Agent
metadata: {name: sorter, domain: helpdesk}
spec:
  trigger: ticket.created
  input: {entity: entity/helpdesk/ticket, fields: [subject]}
  output: {updates: {priority: high}}
""",
    "mixins/located.contract.yaml": """apiVersion: specora.dev/v1
kind: Mixin
metadata: {name: located, domain: helpdesk}
requires: [mixin/stdlib/timestamped]
spec:
  fields:
    place: {type: string, computed: "sequence(P-{n:04})"}
    distance: {type: decimal, constraints: {precision: 8, scale: 2, min: 0}, default: "1.5"}
""",
    "routes/extra.contract.yaml": """apiVersion: specora.dev/v1
kind: Route
metadata: {name: extra, domain: helpdesk}
spec:
  entity: entity/helpdesk/ticket
  base_path: /extra
  endpoints:
    - method: POST
      path: /
      roles: [admin]
      request_body: {required_fields: [subject], optional_fields: [description]}
      validation: [{rule: size(subject) > 3, field: subject, on_fail: {status: 422}}]
      auto_fields: {created_at: now}
      response: {status: 201, shape: entity}
    - method: POST
      path: /{id}/split
      handler: split
      request_body: {fields: {n: {type: integer}}}
""",
}
HELPDESK = {
    path.relative_to(DOMAIN).as_posix(): path.read_text("utf-8")
    for path in sorted(DOMAIN.rglob("*.contract.yaml"))
} | EXTRA
DOMAINS = [HELPDESK, *(s.texts() for s in all_scenarios() if s.texts())]
"""Besides a whole domain, the domain of each scenario: together they reach every rule."""

VALUES = (
    "null", "true", "[]", "{}", "[[]]", "{a: b}", "[null, 1]", "''", "-1", "0", "1.5", "9" * 400,
    "1e400", "0x7fffffffffffffffffff", ".inf", "2024-13-45", "no", "*missing", "&a [*a]",
    "!!binary x", '"\\0"', "entity/helpdesk/ticket", "mixin/stdlib/auditable", "(((", "a -> b",
    "workflow/helpdesk/ticket_lifecycle", "sequence({n}{n})", "identity", "uuid", "'^(a+)+$'",
    "state", "id", "* -> *", "=subject", "[id, id]", "now", "set_null", "integer", "string",
)  # fmt: skip
SCALAR = re.compile(r"(?<=: )[^\s\[{|>#][^,}\]\n#]*|(?<=- )[^\s\[{][^,}\]\n#:]*$", re.M)
KEY = re.compile(r"(?<=[\s{,])\"?[\w>* -]+\"?(?=:)")

Mutation = Callable[[random.Random, str], str]


def _truncate(random: random.Random, text: str) -> str:
    return text[: random.randrange(len(text))]


def _swap_value(random: random.Random, text: str) -> str:
    found = random.choice(list(SCALAR.finditer(text)) or [None])
    if found is None:
        return text
    return text[: found.start()] + random.choice(VALUES) + text[found.end() :]


def _swap_key(random: random.Random, text: str) -> str:
    found = random.choice(list(KEY.finditer(text)) or [None])
    if found is None:
        return text
    names = [m.group() for t in HELPDESK.values() for m in KEY.finditer(t)]
    name = random.choice([*names, "'a -> b'", "*", "''", "1", "null"])
    return text[: found.start()] + name + text[found.end() :]


def _delete_line(random: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    del lines[random.randrange(len(lines))]
    return "".join(lines)


def _move_line(random: random.Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    line = lines.pop(random.randrange(len(lines)))
    lines.insert(random.randrange(len(lines) + 1), "  " * random.randrange(3) + line)
    return "".join(lines)


def _insert_character(random: random.Random, text: str) -> str:
    at = random.randrange(len(text))
    character = random.choice(
        "\x00\x07\t\u202e\u2028\ufeff\U0001f600é{}[]:,&*!|>'\"%@`#-?\\\n"
    )
    return text[:at] + character + text[at:]


MUTATIONS: tuple[Mutation, ...] = (
    _truncate,
    _swap_value,
    _swap_value,
    _swap_value,
    _swap_key,
    _delete_line,
    _move_line,
    _insert_character,
)


@pytest.fixture
def loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contracts that do not change are read once: the examples are about the one that does."""
    read = loader.load_file
    kept = cache(lambda name, text: read(SourceFile(name, text)))

    def load_file(source: SourceFile) -> loader.Loaded:
        if HELPDESK.get(source.name) == source.text:
            return kept(source.name, source.text)
        return read(source)

    monkeypatch.setattr(loader, "load_file", load_file)


@settings(
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    domain=st.one_of(st.just(HELPDESK), st.sampled_from(DOMAINS)),
    seed=st.integers(0, 2**32),
    mutations=st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=4),
)
def test_nothing_in_a_contract_makes_the_compiler_fail(
    loaded_once: None, domain: dict[str, str], seed: int, mutations: list[Mutation]
) -> None:
    source = random.Random(seed)
    name = source.choice(sorted(domain))
    text = domain[name]
    for mutate in mutations:
        text = mutate(source, text) or " "
    answers_with_values(domain | {name: text})


def answers_with_values(texts: dict[str, str]) -> None:
    """Compile, and look at every diagnostic."""
    analysis = analyze(loader.load_texts(texts.items()))
    for diagnostic in analysis.diagnostics:
        assert diagnostic.message
        for edit in (e for fix in diagnostic.fixes for e in fix.edits):
            start, end = edit.span.start.offset, edit.span.end.offset
            assert 0 <= start <= end <= len(texts[edit.span.file])
    for entity in analysis.application.entities if not analysis.failed else ():
        assert entity.primary_key
        assert all(field.name and field.column for field in entity.fields)
