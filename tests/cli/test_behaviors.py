"""`spc forge behaviors` writes stubs once and never touches what is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.spc import Done, spc, write_entity

ROUTE = """\
apiVersion: specora.dev/v1
kind: Route
metadata: {{name: items, domain: shop}}
spec:
  entity: entity/shop/item
  base_path: /items
  endpoints:
    - {{method: GET, path: /}}
    - {{method: POST, path: /, side_effects: [{{call: tell}}]}}
    - method: POST
      path: "/{{id}}/boost"
      handler: {handler}
      request_body: {{fields: {{amount: {{type: integer, required: true}}}}}}
      response: {{status: 200, fields: {{score: {{type: integer}}}}}}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A domain that names two functions, and has none."""
    write_entity(tmp_path / "shop")
    declare(tmp_path / "shop", "boost")
    return tmp_path / "shop"


def declare(shop: Path, handler: str) -> None:
    path = shop / "routes" / "items.contract.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(ROUTE.format(handler=handler), "utf-8")


def behaviors(shop: Path, *args: str) -> Done:
    return spc("forge", "behaviors", "shop", *args, cwd=shop.parent)


def test_stubs_are_typed_and_written_once(shop: Path) -> None:
    done = behaviors(shop)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "wrote 2 stubs"
    module = shop / "behaviors" / "item.py"
    written = module.read_bytes()
    assert b"async def boost(ctx: Context, record: Record, body: BoostItemBody)" in (
        written.replace(b"\n    ", b"").replace(b"\n)", b")")
    )
    again = behaviors(shop)
    assert (again.code, again.out) == (0, "wrote 0 stubs\n")
    assert module.read_bytes() == written
    assert spc("forge", "validate", "shop", cwd=shop.parent).code == 0


def test_check_writes_nothing_and_json_says_what(shop: Path) -> None:
    done = behaviors(shop, "--check", "--json")
    assert done.code == 3
    value = json.loads(done.out)
    assert [stub["function"] for stub in value["stubs"]] == ["tell", "boost"]
    assert value["written"] == []
    assert not (shop / "behaviors").exists()
    assert json.loads(behaviors(shop, "--json").out)["written"] == [
        "shop/behaviors/item.py"
    ]
    assert behaviors(shop, "--check").code == 0


@pytest.mark.parametrize(
    "mine",
    [
        b"",
        b"# mine, without an end of line",
        b"\xef\xbb\xbffrom typing import TYPE_CHECKING\r\n\r\nx =  1\r\n",
        b"from __future__ import annotations\nfrom backend.context import Context\n",
        b"async def boost(ctx, record, body):\n  return  None",
    ],
)
def test_what_is_there_stays_byte_for_byte(shop: Path, mine: bytes) -> None:
    (shop / "behaviors").mkdir()
    module = shop / "behaviors" / "item.py"
    module.write_bytes(mine)
    assert behaviors(shop).code == 0
    written = module.read_bytes()
    assert written.startswith(mine)
    assert written.count(b"def boost(") == 1
    assert written.count(b"def tell(") == 1
    done = spc("forge", "validate", "shop", cwd=shop.parent)
    assert done.code == 0, done.out
    declare(shop, "other")
    assert behaviors(shop).code == 0
    assert module.read_bytes().startswith(written)


def test_what_cannot_be_written_is_told(shop: Path) -> None:
    (shop / "behaviors").mkdir()
    module = shop / "behaviors" / "item.py"
    module.write_bytes(b"def broken(:\n")
    done = behaviors(shop)
    assert (done.code, "behavior/syntax" in done.out) == (1, True)
    assert module.read_bytes() == b"def broken(:\n"
    module.unlink()
    declare(shop, "class")
    done = behaviors(shop)
    assert (done.code, "behavior/missing-function" in done.out) == (1, True)
    assert not module.exists()


def test_a_copy_that_a_person_edited_is_refused_and_named(shop: Path) -> None:
    assert behaviors(shop).code == 0
    generate = ("forge", "generate", "shop", "-t", "fastapi-prod", "-o", "out")
    assert spc(*generate, cwd=shop.parent).code == 0
    copy = shop.parent / "out" / "backend" / "behaviors" / "item.py"
    assert copy.read_bytes() == (shop / "behaviors" / "item.py").read_bytes()
    copy.write_bytes(b"# edited\n")
    done = spc(*generate, cwd=shop.parent)
    assert done.code == 1
    assert "out/backend/behaviors/item.py: edited by hand" in done.out
    assert copy.read_bytes() == b"# edited\n"


EXPRESSIONS = """\
apiVersion: specora.dev/v1
kind: Entity
metadata: {{name: {name}, domain: shop}}
spec:
  fields:
    title: {{type: string}}
    class: {{type: decimal}}
    day: {{type: date, required: true}}
    is_late: {{type: boolean, computed: "past(day) && {other} > 2"}}
    net: {{type: decimal, computed: "has(class) ? taxed(class, 19, class) : null"}}
"""


def test_stubs_of_functions_that_expressions_call(tmp_path: Path) -> None:
    shop = tmp_path / "shop"
    (shop / "entities").mkdir(parents=True)
    for name, other in (("bill", "size(title)"), ("note", "rated(title)")):
        text = EXPRESSIONS.format(name=name, other=other)
        (shop / "entities" / f"{name}.contract.yaml").write_text(text, "utf-8")
    found = json.loads(behaviors(shop, "--json").out)
    assert [(stub["file"], stub["function"]) for stub in found["stubs"]] == [
        ("shop/behaviors/functions.py", "past"),
        ("shop/behaviors/functions.py", "taxed"),
        ("shop/behaviors/note.py", "rated"),
    ]
    lines = (shop / "behaviors" / "functions.py").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("def")] == [
        "def past(day: date) -> bool:",
        "def taxed(class_: Decimal, value: int, class_2: Decimal) -> Decimal:",
    ]
    assert [line for line in lines if line.startswith("    from")] == [
        "    from datetime import date",
        "    from decimal import Decimal",
    ]
    done = spc("forge", "validate", "shop", cwd=tmp_path)
    assert done.code == 0, done.out
    assert behaviors(shop).out.splitlines()[-1] == "wrote 0 stubs"
