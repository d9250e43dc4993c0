"""The tree of `domains/helpdesk` is, byte for byte, the one that was accepted.

`SPECORA_ACCEPT=1` accepts what is generated.
"""

from __future__ import annotations

import difflib
import json
import os
import shutil
from pathlib import Path

import pytest

from forge.emit import manifest
from tests.golden.trees import CONSTANT, OWN, constant, read_tree, whole_tree

TREE = Path(__file__).parent / "trees" / "helpdesk"
ACCEPTING = bool(os.environ.get("SPECORA_ACCEPT"))


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    """The output as it is today."""
    return whole_tree(OWN)


def test_the_tree_is_the_accepted_one(generated: dict[str, str]) -> None:
    found = {p: t.encode("utf-8") for p, t in _varying(generated).items()}
    if ACCEPTING:
        _accept(found)
    faults = _differences(read_tree(TREE), found)
    if faults:
        pytest.fail("\n".join([*faults, "`make accept` accepts this."]), pytrace=False)


def test_constant_code_ships_as_it_is_written(generated: dict[str, str]) -> None:
    shipped = {path: place for path in generated if (place := constant(path))}
    assert {path.split("/")[0] for path in shipped} == {"backend", "clients", "tests"}
    for path, place in shipped.items():
        assert generated[path].encode("utf-8") == place.read_bytes(), path


def test_all_constant_code_of_the_tests_ships(generated: dict[str, str]) -> None:
    prefix = "tests/kit/"
    shipped = {p.removeprefix(prefix) for p in generated if p.startswith(prefix)}
    assert shipped == read_tree(CONSTANT[prefix]).keys()


def test_the_manifest_knows_every_file(generated: dict[str, str]) -> None:
    files = json.loads(generated[manifest.NAME])["files"]
    assert files.keys() | {manifest.NAME} == generated.keys()
    for path, entry in files.items():
        assert entry["sha256"] == manifest.digest(generated[path]), path


def test_every_file_ends_in_one_line_break(generated: dict[str, str]) -> None:
    empty_or_one = (p for p, text in generated.items() if text)
    for path in empty_or_one:
        text = generated[path]
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert "\r" not in text, path


def _varying(generated: dict[str, str]) -> dict[str, str]:
    """What the contracts decide; of the manifest, the entries of such files."""
    files = {path: text for path, text in generated.items() if constant(path) is None}
    value = json.loads(files[manifest.NAME])
    value["files"] = {p: e for p, e in value["files"].items() if p in files}
    files[manifest.NAME] = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    return files


def _differences(accepted: dict[str, bytes], found: dict[str, bytes]) -> list[str]:
    """A unified diff per file that differs, missing and additional ones included."""
    faults = []
    for path in sorted(accepted.keys() | found.keys()):
        before, after = accepted.get(path), found.get(path)
        if before == after:
            continue
        what = (
            "missing"
            if after is None
            else "additional"
            if before is None
            else "differs"
        )
        faults.append(f"{path}: {what}")
        diff = difflib.unified_diff(
            (before or b"").decode("utf-8").splitlines(),
            (after or b"").decode("utf-8").splitlines(),
            f"accepted/{path}",
            f"generated/{path}",
            lineterm="",
        )
        faults += diff
    return faults


def _accept(found: dict[str, bytes]) -> None:
    shutil.rmtree(TREE, ignore_errors=True)
    for path, content in found.items():
        place = TREE / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
