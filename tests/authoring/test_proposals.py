"""A proposal shows what would be, and writes all of it or nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from factory.proposals import Outdated, propose
from forge.ir.compiler import Compiler

CUSTOMER = """\
apiVersion: specora.dev/v1
kind: Entity
metadata: {name: customer, domain: shop}  # who buys
spec:
  fields:
    # as on the invoice
    name: {type: string, required: true}
    email: {type: email}
"""
VALUE = {
    "apiVersion": "specora.dev/v1",
    "kind": "Entity",
    "metadata": {"name": "customer", "domain": "shop"},
    "spec": {
        "fields": {
            "name": {"type": "string", "required": True},
            "email": {"type": "email", "unique": True},
            "phone": {"type": "string"},
        }
    },
}
ORDER = """\
apiVersion: specora.dev/v1
kind: Entity
metadata: {name: order, domain: shop}
spec:
  table: shop_orders
  fields:
    customer_id: {type: uuid, references: {entity: entity/shop/customer}}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "anywhere").mkdir(parents=True)
    (folder / "anywhere" / "buyers.contract.yaml").write_text(CUSTOMER, "utf-8")
    return folder


def test_edits_what_exists_and_writes_what_does_not(shop: Path) -> None:
    found = propose(shop, [VALUE, ORDER])
    assert not found.blocking
    assert not (shop / "entities").exists()
    found.apply()
    changed = (shop / "anywhere" / "buyers.contract.yaml").read_text("utf-8")
    assert changed == CUSTOMER.replace(
        "email: {type: email}\n",
        "email: {type: email, unique: true}\n    phone: {type: string}\n",
    )
    assert (shop / "entities" / "order.contract.yaml").read_text("utf-8") == ORDER
    assert len(Compiler(shop).compile().entities) == 2
    assert not propose(shop, [VALUE, ORDER]).fixes


def test_the_diff_is_one_for_patches(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop.parent)
    found = propose("shop", [VALUE, ORDER])
    subprocess.run(["git", "apply"], input=found.diff(), text=True, check=True)
    assert not propose("shop", [VALUE, ORDER]).fixes


def test_nothing_is_written_over_a_newer_text(shop: Path) -> None:
    found = propose(shop, [VALUE, ORDER])
    path = shop / "anywhere" / "buyers.contract.yaml"
    path.write_text(CUSTOMER + "# mine\n", "utf-8")
    with pytest.raises(Outdated) as stale:
        found.apply()
    assert stale.value.files == (path.as_posix(),)
    assert not (shop / "entities").exists()


def test_all_or_nothing(shop: Path) -> None:
    found = propose(shop, [VALUE, ORDER])
    (shop / "entities").write_text("in the way", "utf-8")
    with pytest.raises(OSError, match="entities"):
        found.apply()
    path = shop / "anywhere" / "buyers.contract.yaml"
    assert path.read_text("utf-8") == CUSTOMER
    assert sorted(p.name for p in path.parent.iterdir()) == [path.name]


def test_errors_that_were_there_do_not_block(shop: Path) -> None:
    broken = ORDER.replace("customer}", "nobody}")
    (shop / "order.contract.yaml").write_text(broken, "utf-8")
    found = propose(shop, [VALUE])
    assert [d.name for d in found.diagnostics if d.is_error]
    assert not found.blocking
    worse = ORDER.replace("customer}", "somebody}").replace("order", "x")
    names = [d.name for d in propose(shop, [worse]).blocking]
    assert names == ["contract/unresolved-reference"]


@pytest.mark.parametrize("text", ["", "a: [", "- 1", "kind: Entity", "apiVersion: 1"])
def test_texts_that_are_no_contract_block(shop: Path, text: str) -> None:
    found = propose(shop, [text])
    assert found.blocking
    assert not found.fixes


def test_a_broken_file_is_replaced_and_another_contract_is_not(shop: Path) -> None:
    place = shop / "entities" / "order.contract.yaml"
    place.parent.mkdir()
    place.write_text("# mine\nkind: [", "utf-8")
    propose(shop, [ORDER]).apply()
    assert place.read_text("utf-8").startswith("# mine\napiVersion")
    place.write_text(ORDER.replace("order, d", "invoice, d"), "utf-8")
    propose(shop, [ORDER]).apply()
    names = sorted(p.name for p in place.parent.iterdir())
    assert names == ["order.contract.yaml", "order_2.contract.yaml"]
