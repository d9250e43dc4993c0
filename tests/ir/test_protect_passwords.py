"""The password field is protected whatever its contract says."""

from __future__ import annotations

from pathlib import Path

import pytest

from forge.ir.compiler import Compiler
from forge.ir.entities import Field

ENVELOPE = """\
apiVersion: specora.dev/v1
kind: {kind}
metadata: {{name: {name}, domain: shop}}
spec:
"""


def password(folder: Path, declared: str, config: str = "") -> Field:
    """The field as compiled from `declared`."""
    auth = f"  category: auth\n  config: {{provider: jwt, roles: [a]{config}}}\n"
    entity = (
        f"  fields:\n    password_hash: {{{declared}}}\n    secret: {{{declared}}}\n"
        "    email: {type: email, unique: true}\n    role: {type: string, enum: [a]}\n"
    )
    for kind, name, spec in (("Infra", "auth", auth), ("Entity", "person", entity)):
        text = ENVELOPE.format(kind=kind, name=name) + spec
        (folder / f"{name}.contract.yaml").write_text(text)
    found = Compiler(contract_root=folder).compile().entity("entity/shop/person")
    assert found is not None
    field = found.field("password_hash")
    assert field is not None
    return field


@pytest.mark.parametrize(
    ("declared", "least"),
    [
        ("type: string", 8),
        ("type: string, constraints: {minLength: 12, maxLength: 20}", 12),
        ("type: string, constraints: {minLength: 500}", 95),
        ("type: text, constraints: {pattern: '^[a-z]+$'}", 8),
    ],
)
def test_it_is_sensitive_and_holds_a_hash(
    tmp_path: Path, declared: str, least: int
) -> None:
    field = password(tmp_path, declared, ", user_entity: entity/shop/person")
    assert field.sensitive
    bounds = field.constraints
    assert (bounds.min_length, bounds.max_length) == (least, 1024)
    assert bounds.pattern is None


def test_a_field_of_another_purpose_stays_as_it_is(tmp_path: Path) -> None:
    assert not password(tmp_path, "type: string").sensitive
    other = ", user_entity: entity/shop/person, password_field: secret"
    assert not password(tmp_path, "type: string", other).sensitive
