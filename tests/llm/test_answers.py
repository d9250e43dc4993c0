"""Contracts are found in an answer however a model wraps them."""

from __future__ import annotations

import json
from textwrap import indent

import pytest

from factory.authoring.answers import contracts_in, prose_in
from forge.source import plain, read
from tests.llm.command import CUSTOMER, TICKET

VALUE = plain(read("x", CUSTOMER).root)
FENCED = f"```yaml\n{CUSTOMER}```"
NESTED = CUSTOMER + "  x-note: |\n    ```yaml\n    kind: Evil\n    ```\n"


@pytest.mark.parametrize(
    "answer",
    [
        CUSTOMER,
        f"---\n{CUSTOMER}",
        FENCED,
        f"Here it is:\n\n{FENCED}\n\nAnything else?",
        f"```\n{CUSTOMER}```",
        f"~~~yml\n{CUSTOMER}~~~",
        f"1. The contract:\n{indent(FENCED, '   ')}",
        f"{FENCED}\n\nRun it with\n```bash\nspc up\n```",
        f"<think>kind: Entity? yes</think>{FENCED}",
        f"Sure. {CUSTOMER.splitlines()[1]}\n\n{CUSTOMER}",
        CUSTOMER.replace("\n", "\r\n"),
        json.dumps({"contract": CUSTOMER}),
        json.dumps({"contract": FENCED, "remark": "done"}),
        json.dumps({"contract": VALUE}),
        json.dumps({"contracts": {"customer.contract.yaml": CUSTOMER}}),
        json.dumps({"contracts": [{"contract": CUSTOMER}]}),
        json.dumps(VALUE),
        f"Here:\n{json.dumps({'contract': CUSTOMER})}\nDone.",
        f"```json\n{json.dumps({'contract': VALUE})}\n```",
        '{"contract": "' + CUSTOMER.replace('"', '\\"') + '"}',
    ],
)
def test_one_contract(answer: str) -> None:
    (text,) = contracts_in(answer)
    assert plain(read("x", text).root) == VALUE


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "I cannot help with that.",
        "{",
        "[]",
        '{"contract": 7, "contracts": "none"}',
        f"```yaml\n{CUSTOMER}",
        "```bash\nls\n```",
        "{" * 100_000,
    ],
)
def test_none(answer: str) -> None:
    assert contracts_in(answer) == ()


def test_several_keep_their_order() -> None:
    answer = f"```yaml\n{TICKET}---\n{CUSTOMER}```\nand\n```yaml\n{NESTED}```\n"
    assert contracts_in(answer) == (TICKET, CUSTOMER, NESTED)


def test_what_else_is_said() -> None:
    assert prose_in(f"Done.\n\n{FENCED}\n\nMore?") == "Done.\n\nMore?"
    assert prose_in(json.dumps({"contract": CUSTOMER})) == ""
    assert prose_in(CUSTOMER) == ""
