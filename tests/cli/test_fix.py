"""`spc forge fix`: what it writes, what it says, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.spc import spc

WRONG = """\
apiVersion: specora.dev/v1
kind: Entity
metadata: {name: product, domain: shop}
spec:
  fields:
    name: {type: strng}  # stays
"""
RIGHT = WRONG.replace("strng", "string")


def _domain(folder: Path, text: str = WRONG) -> Path:
    path = folder / "product.contract.yaml"
    path.write_text(text, "utf-8")
    return path


def test_what_was_probably_meant_is_written_when_asked_for(tmp_path: Path) -> None:
    path = _domain(tmp_path)
    done = spc("forge", "fix", ".", "--unsafe", cwd=tmp_path)
    assert done.code == 0
    assert path.read_text("utf-8") == RIGHT
    assert done.out.splitlines() == [
        "product.contract.yaml:6:18: fixed entity/unknown-field-type: write `string` here",
        "fixed 1 fault in 1 file, 0 left",
    ]


def test_unsafe_fixes_are_counted_and_left(tmp_path: Path) -> None:
    path = _domain(tmp_path)
    done = spc("forge", "fix", ".", cwd=tmp_path)
    assert done.code == 1
    assert path.read_text("utf-8") == WRONG
    assert done.out.splitlines() == [
        "fixed 0 faults in 0 files, 1 left",
        "1 fault could be fixed with --unsafe",
    ]


def test_check_writes_nothing(tmp_path: Path) -> None:
    path = _domain(tmp_path)
    done = spc("forge", "fix", ".", "--unsafe", "--check", cwd=tmp_path)
    assert done.code == 3
    assert path.read_text("utf-8") == WRONG


def test_check_of_a_right_domain_is_clean(tmp_path: Path) -> None:
    _domain(tmp_path, RIGHT)
    assert spc("forge", "fix", ".", "--unsafe", "--check", cwd=tmp_path).code == 0


def test_json_names_what_was_fixed(tmp_path: Path) -> None:
    _domain(tmp_path)
    done = spc("forge", "fix", ".", "--unsafe", "--json", cwd=tmp_path)
    value = json.loads(done.out)
    assert value["summary"] == {"errors": 0, "warnings": 0}
    assert value["written"] == ["product.contract.yaml"]
    assert [one["name"] for one in value["fixed"]] == ["entity/unknown-field-type"]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    assert spc("forge", "fix", "nowhere", cwd=tmp_path).code == 1
