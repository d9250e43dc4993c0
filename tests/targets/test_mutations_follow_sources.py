"""Every mutation finds the text it replaces, so that who edits a source learns it at once.

That the generated tests notice the mutations takes minutes, and is shown elsewhere.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from mutation import Mutation
from mutations import MUTATIONS
from mutations_of_apart import APART
from mutations_of_rare import RARE

from forge.ir.compiler import Compiler
from forge.targets.generation import generate
from forge.targets.registry import find_targets

HERE = Path(__file__).parent
HELPDESK = HERE.parents[1] / "domains" / "helpdesk"
TARGETS = ("fastapi-prod", "sqlite", "tests")


@pytest.mark.parametrize(
    ("domain", "mutations"),
    [(HELPDESK, MUTATIONS), (HERE / "rare", RARE), (HERE / "apart", APART)],
    ids=["helpdesk", "rare", "apart"],
)
def test_mutations_find_their_text(
    domain: Path, mutations: tuple[Mutation, ...]
) -> None:
    files = generate(Compiler(domain).compile(), find_targets(TARGETS)).files
    texts = {file.path: file.content for file in files}
    lost = [fault for one in mutations if (fault := _lost(one, texts))]
    assert not lost, "\n".join(lost)


def _lost(mutation: Mutation, texts: dict[str, str]) -> str:
    """Why the mutation cannot be made, or nothing."""
    edited = dict(texts)
    try:
        for edit in mutation.edits:
            edited[edit.path] = edit.edited(edited[edit.path])
    except (AssertionError, KeyError) as fault:
        return f"{mutation.name}: {fault}"
    module, suite = mutation.noticed_by.split("::")
    found = f"class Test{suite}" in texts.get(f"tests/test_{module}.py", "")
    return "" if found else f"{mutation.name}: no test is {mutation.noticed_by}"
