"""Every command ends with 0, 1, 2, 3 or 70, and never with 0 when it failed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.spc import TYPES, environment, spc, write_entity

READING = (
    "forge validate",
    "forge compile",
    "forge graph",
    "forge generate --target typescript",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Domains that are right, wrong, empty and several."""
    folder = tmp_path_factory.mktemp("place")
    write_entity(folder / "good", domain="good")
    write_entity(folder / "bad", domain="bad", type="strng")
    write_entity(folder / "many" / "domains" / "one", domain="one")
    write_entity(folder / "many" / "domains" / "two", domain="two")
    (folder / "empty").mkdir()
    (folder / "torn").mkdir()
    (folder / "torn" / "torn.contract.yaml").write_text("kind: [Entity\n", "utf-8")
    return folder


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize(
    ("path", "code"),
    [("good", 0), ("bad", 1), ("torn", 1), ("empty", 1), ("missing", 1)],
)
def test_reading_contracts(
    command: str, path: str, code: int, place: Path, tmp_path: Path
) -> None:
    generating = command.startswith("forge generate")
    output = ("--output", tmp_path / "out") if generating else ()
    done = spc(*command.split(), path, *output, cwd=place)
    assert (done.code, done.err) == (code, "")
    assert done.out.strip()
    assert (tmp_path / "out").exists() == (generating and code == 0)


USAGE = (
    "--nonsense",
    "nonsense",
    "forge nonsense",
    "forge validate --nonsense",
    "forge validate good bad",
    "forge validate good --output nonsense",
    "forge compile --nonsense",
    "forge graph good --format nonsense",
    "forge fix --nonsense",
    "forge generate good --target nonsense",
    "forge generate good --target typescript --target fastapi-prd",
    "forge generate many --target typescript",
    "forge generate good --output good/entities/item.contract.yaml",
    "explain nonsense/rule",
    "explain a b",
    "schema nonsense",
    "init",
    "init 123",
    "init good",
    "up many",
    "up good --port 0",
    "up good --port 99999",
    "up good --backend nonsense",
)


@pytest.mark.parametrize("line", USAGE)
def test_wrong_usage(line: str, place: Path) -> None:
    done = spc(*line.split(), cwd=place)
    assert (done.code, done.out) == (2, "")
    assert done.err.strip()


@pytest.mark.parametrize(
    ("line", "guess"),
    [
        ("forge generate good --target postgress", "postgres"),
        ("forge generate good --target fastapi-prd", "fastapi-prod"),
        ("forge valdate good", "validate"),
        ("explan", "explain"),
        ("explain entity/unknown-field-typ", "entity/unknown-field-type"),
    ],
)
def test_wrong_usage_is_told_the_nearest_name(
    line: str, guess: str, place: Path
) -> None:
    done = spc(*line.split(), cwd=place)
    assert done.code == 2
    assert f"did you mean `{guess}`" in done.err.replace("Did", "did")


@pytest.mark.parametrize(("path", "code"), [("good", 0), ("empty", 1), ("missing", 1)])
def test_fixing_contracts(path: str, code: int, place: Path) -> None:
    for extra in ((), ("--json",)):
        done = spc("forge", "fix", path, *extra, cwd=place)
        assert (done.code, done.err) == (code, "")


def test_warnings_fail_only_a_strict_run(tmp_path: Path) -> None:
    write_entity(tmp_path / "shop")
    workflow = tmp_path / "shop" / "workflows" / "life.contract.yaml"
    workflow.parent.mkdir()
    workflow.write_text(
        "apiVersion: specora.dev/v1\nkind: Workflow\nmetadata: {name: life, domain: shop}\n"
        "spec:\n  initial: new\n  transitions: {new: [old]}\n"
        "  states: {new: {}, lost: {terminal: true}, old: {terminal: true}}\n",
        "utf-8",
    )
    for command in ("validate", "compile"):
        assert spc("forge", command, "shop", cwd=tmp_path).code == 0
        strict = spc("forge", command, "shop", "--strict", cwd=tmp_path)
        assert (strict.code, strict.err) == (1, "")
    out = ("--output", "out", *TYPES)
    assert spc("forge", "generate", "shop", "--strict", *out, cwd=tmp_path).code == 1
    assert not (tmp_path / "out").exists()
    assert spc("forge", "generate", "shop", *out, cwd=tmp_path).code == 0


def test_help_and_lists(tmp_path: Path) -> None:
    lines = (
        "",
        "forge",
        "forge validate",
        "forge compile",
        "forge generate",
        "forge graph",
    )
    for line in (*lines, "explain", "init", "schema", "up"):
        done = spc(*line.split(), "--help", cwd=tmp_path)
        assert (done.code, done.err) == (0, "")
        assert "Usage:" in done.out
    for line in ("explain", "schema", "schema entity"):
        assert spc(*line.split(), cwd=tmp_path).code == 0


def test_specora_init_is_spc_init(tmp_path: Path) -> None:
    assert spc("shop", cwd=tmp_path, command="specora-init").code == 0
    assert spc("shop", cwd=tmp_path, command="specora-init").code == 2
    assert spc("init", "shop", "--path", "more", cwd=tmp_path).code == 0
    assert spc("forge", "validate", "domains/shop", cwd=tmp_path / "shop").code == 0
    first, second = (
        {p.relative_to(f): p.read_bytes() for p in sorted(f.rglob("*")) if p.is_file()}
        for f in (tmp_path / "shop", tmp_path / "more" / "shop")
    )
    assert first == second


FAILING_TARGET = """
from forge.diagnostics import Rule, Severity
from forge.emit import File, Generated
from forge.source import whole_file

RULE = Rule("target/refusing", Severity.ERROR, "cannot be expressed")

class Refusing:
    name = "refusing"
    summary = "Refuses everything."

    def generate(self, ir, options=None):
        fault = RULE.at(whole_file("shop.contract.yaml"), label="here")
        return Generated((File("a.txt", "a\\n"),), (fault,))

class Raising:
    name = "raising"
    summary = "Has a bug."

    def generate(self, ir, options=None):
        raise RuntimeError("a bug of the target")

REFUSING = Refusing()
RAISING = Raising()
"""


@pytest.fixture
def plugin(tmp_path: Path) -> dict[str, str]:
    """The environment in which another distribution brings targets that fail."""
    folder = tmp_path / "site"
    (folder / "failing-1.0.dist-info").mkdir(parents=True)
    (folder / "failing-1.0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: failing\nVersion: 1.0\n", "utf-8"
    )
    (folder / "failing-1.0.dist-info" / "entry_points.txt").write_text(
        "[specora.targets]\nrefusing = failing:REFUSING\nraising = failing:RAISING\n",
        "utf-8",
    )
    (folder / "failing.py").write_text(FAILING_TARGET, "utf-8")
    return {"PYTHONPATH": str(folder), "TMPDIR": str(tmp_path)}


def test_a_target_that_refuses_fails_the_run(
    tmp_path: Path, plugin: dict[str, str]
) -> None:
    write_entity(tmp_path / "shop")
    line = (
        "forge",
        "generate",
        "shop",
        "--output",
        "out",
        *TYPES,
        "--target",
        "refusing",
    )
    done = spc(*line, cwd=tmp_path, env=plugin)
    assert (done.code, done.err) == (1, "")
    assert "error[target/refusing]: cannot be expressed" in done.out
    assert not (tmp_path / "out").exists()


def test_a_bug_is_70_and_leaves_a_report(
    tmp_path: Path, plugin: dict[str, str]
) -> None:
    write_entity(tmp_path / "shop")
    line = ("forge", "generate", "shop", "--output", "out", "--target", "raising")
    done = spc(*line, "--json", cwd=tmp_path, env=plugin)
    assert (done.code, done.out) == (70, "")
    assert "RuntimeError: a bug of the target" in done.err
    (report,) = tmp_path.glob("specora-bug-*.txt")
    assert "Traceback" in report.read_text("utf-8")
    assert str(report) in done.err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_no_bug(tmp_path: Path) -> None:
    write_entity(tmp_path / "shop")
    done = spc(
        "forge", "generate", "shop", "--output", "/proc/out", *TYPES, cwd=tmp_path
    )
    assert (done.code, done.out) == (1, "")
    assert "/proc/out" in done.err


def test_a_reader_that_goes_away_sees_no_traceback() -> None:
    script = "from specora.cli import main; main()"
    command = [sys.executable, "-c", script, "schema"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    assert process.stdout is not None
    process.stdout.close()
    _, err = process.communicate(timeout=60)
    # What the command found reached nobody: that is no success.
    assert (process.returncode, err) == (1, b"")
