"""What commands print: JSON and nothing else, or text for a pipe."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.spc import TYPES, spc, write_entity

ESCAPE = "\x1b"
DIAGNOSTIC = {
    *("name", "severity", "message", "file", "line", "column"),
    *("end_line", "end_column", "related", "help", "fixes"),
}


def parsed(*args: str | Path, cwd: Path, code: int = 0, command: str = "spc") -> Any:
    """The one JSON value on standard output."""
    done = spc(*args, "--json", cwd=cwd, command=command)
    assert (done.code, done.err) == (code, "")
    return json.loads(done.out)


def test_json_of_a_right_domain(tmp_path: Path) -> None:
    write_entity(tmp_path)
    sound = {"version": 1, "summary": {"errors": 0, "warnings": 0}, "diagnostics": []}
    assert parsed("forge", "validate", cwd=tmp_path) == sound
    compiled = parsed("forge", "compile", cwd=tmp_path)
    assert {k: compiled[k] for k in sound} == sound
    graph = parsed("forge", "graph", cwd=tmp_path)
    assert graph["graphs"][0]["domain"] == "shop"


@pytest.mark.parametrize("command", ["validate", "compile", "graph", "generate"])
def test_json_of_a_wrong_domain(command: str, tmp_path: Path) -> None:
    path = write_entity(tmp_path, type="strng")
    value = parsed("forge", command, path, cwd=tmp_path, code=1)
    (fault,) = value["diagnostics"]
    assert value["version"] == 1
    assert value["summary"] == {"errors": 1, "warnings": 0}
    assert fault.keys() == DIAGNOSTIC
    assert (fault["name"], fault["file"]) == (
        "entity/unknown-field-type",
        path.as_posix(),
    )
    assert (fault["line"], fault["column"], fault["end_column"]) == (6, 19, 24)


def test_json_of_generate(tmp_path: Path) -> None:
    write_entity(tmp_path)
    line = ("forge", "generate", "--output", "out", *TYPES)
    assert parsed(*line, "--check", cwd=tmp_path, code=3)["written"] == ["openapi.json"]
    assert not (tmp_path / "out").exists()
    first = parsed(*line, cwd=tmp_path)
    assert (first["output"], first["written"]) == ("out", ["openapi.json"])
    assert parsed(*line, cwd=tmp_path)["unchanged"] == 1


def test_json_of_a_refused_run_says_that_nothing_is_written(tmp_path: Path) -> None:
    write_entity(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "openapi.json").write_text("{}\n", "utf-8")
    line = ("forge", "generate", "--output", "out", "--target", "postgres", *TYPES)
    value = parsed(*line, cwd=tmp_path, code=1)
    assert (value["refused"], value["written"]) == (["openapi.json"], [])


def test_json_of_the_other_commands(tmp_path: Path) -> None:
    assert "entity/unknown-field-type" in parsed("explain", cwd=tmp_path)
    page = parsed("explain", "entity/unknown-field-type", cwd=tmp_path)
    assert page["page"].startswith("# entity/unknown-field-type")
    assert parsed("schema", "entity", cwd=tmp_path)["$schema"].startswith(
        "http://json-schema"
    )
    files = parsed("schema", "--output", "schemas", cwd=tmp_path)["files"]
    assert files == sorted(
        p.relative_to(tmp_path).as_posix() for p in tmp_path.glob("schemas/*")
    )
    made = parsed("shop", cwd=tmp_path, command="specora-init")
    assert (made["project"], made["domain"]) == ("shop", "shop")


@pytest.mark.parametrize("style", ["json", "sarif"])
def test_reports_for_tools_are_json(style: str, tmp_path: Path) -> None:
    path = write_entity(tmp_path, type="strng")
    done = spc("forge", "validate", path, "--output", style, cwd=tmp_path)
    assert (done.code, done.err) == (1, "")
    assert json.loads(done.out)


def test_text_is_not_wrapped_in_a_pipe(tmp_path: Path) -> None:
    folder = tmp_path / "_".join(["a_folder_with_a_long_name"] * 6)
    path = write_entity(folder, type="strng")
    done = spc("forge", "validate", path, cwd=tmp_path)
    assert f"\n --> {path.as_posix()}:6:19\n" in done.out
    assert re.search(r"^ +\| {19}\^{5} ", done.out, re.MULTILINE)
    help_line = next(line for line in done.out.splitlines() if "= help:" in line)
    assert len(help_line) > 120
    concise = spc("forge", "validate", path, "--output", "concise", cwd=tmp_path).out
    assert concise.startswith(
        f"{path.as_posix()}:6:19: error[entity/unknown-field-type]"
    )
    assert concise.count("\n") == 1


def test_validate_prints_a_line_per_contract(tmp_path: Path) -> None:
    write_entity(tmp_path, "item")
    write_entity(tmp_path, "big_item")
    done = spc("forge", "validate", cwd=tmp_path)
    assert done.out == (
        "Validating ....\n"
        "  entity/shop/big_item   OK\n"
        "  entity/shop/item       OK\n"
        "\n"
        "2 contracts validated, 0 errors, 0 warnings\n"
        "All 2 contracts are valid\n"
    )


def test_nothing_is_coloured_in_a_pipe(tmp_path: Path) -> None:
    write_entity(tmp_path / "good")
    write_entity(tmp_path / "bad", type="strng")
    for line in (
        *(
            "forge validate good",
            "forge validate bad",
            "forge compile bad",
            "forge graph good",
        ),
        *(
            "explain",
            "explain entity/unknown-field-type",
            "schema",
            "nonsense",
            "--help",
        ),
        "forge generate good --target typescript --output out",
    ):
        done = spc(*line.split(), cwd=tmp_path)
        assert ESCAPE not in done.out + done.err, line


def test_no_control_character_of_a_contract_is_printed(tmp_path: Path) -> None:
    path = write_entity(tmp_path, type=r'"str\e[31mng\r\n::error::\a"')
    for style in ("text", "concise", "github"):
        out = spc("forge", "validate", path, "--output", style, cwd=tmp_path).out
        assert not set(out) & set("\x1b\r\a"), style
        assert "\n::error::" not in out, style


def test_progress_is_silent_in_a_pipe(tmp_path: Path) -> None:
    write_entity(tmp_path)
    done = spc("forge", "generate", "--output", "out", *TYPES, cwd=tmp_path)
    assert done.err == ""
    assert done.out == "wrote 1 file to out, 0 unchanged, 0 removed\n"


def test_several_domains_of_one_project(tmp_path: Path) -> None:
    write_entity(tmp_path / "domains" / "one", domain="one")
    write_entity(tmp_path / "domains" / "two", domain="two", type="strng")
    done = spc("forge", "validate", cwd=tmp_path)
    assert done.code == 1
    assert "entity/one/item   OK" in done.out
    assert "entity/two/item   FAILED" in done.out
    assert parsed("forge", "validate", cwd=tmp_path, code=1)["summary"]["errors"] == 1
    assert list(parsed("forge", "compile", cwd=tmp_path, code=1)["domains"]) == ["one"]
    write_entity(tmp_path / "domains" / "two", domain="two")
    graphs = parsed("forge", "graph", cwd=tmp_path)["graphs"]
    assert [graph["domain"] for graph in graphs] == ["one", "two"]
    refused = spc("forge", "generate", *TYPES, cwd=tmp_path)
    assert refused.code == 2
    assert "`domains/one`, `domains/two`" in refused.err
    assert spc("forge", "generate", "domains/two", *TYPES, cwd=tmp_path).code == 0
