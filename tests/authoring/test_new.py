"""`spc factory new` as a process: descriptions, interviews that end too early, consent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.authoring.test_phrases import STARTING
from tests.cli.spc import BIN, Done, environment, spc

CUSTOMER = """\
apiVersion: specora.dev/v1
kind: Entity
metadata: {name: customer, domain: helpdesk}  # ours
spec:
  fields:
    # as on the invoice
    email: {type: email}
"""
ANSWERS = [
    "helpdesk",
    "customers and tickets",
    "a name and a unique email",
    "",
    "",
    "a title and an optional note",
    "new -> open -> closed",
    "are submitted by customers",
    "tickets are numbered TKT-0001",
]
PATHS = ("entities/customer", "entities/ticket", "routes/tickets", "pages/customers")


def answered(*lines: str, cwd: Path, args: tuple[str, ...] = ()) -> Done:
    """`new` with answers that come over a pipe, and then the end of it."""
    done = subprocess.run(
        [str(BIN / "spc"), "factory", "new", *args],
        cwd=cwd,
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=clean(),
    )
    return Done(done.returncode, done.stdout, done.stderr)


def clean() -> dict[str, str]:
    """No model is configured, whatever the machine has."""
    offered = ("_API_KEY", "_BASE_URL", "SPECORA_AI_MODEL")
    return {k: v for k, v in environment().items() if not k.endswith(offered)}


def described(*args: str, cwd: Path) -> Done:
    kept = {k: "" for k in os.environ if k.endswith(("_API_KEY", "_BASE_URL"))}
    return spc("factory", "new", *args, cwd=cwd, env=kept)


def held(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): p.read_text("utf-8")
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def test_the_documented_sentence_makes_a_service_that_answers(tmp_path: Path) -> None:
    done = described("--describe", STARTING, "--yes", cwd=tmp_path)
    assert done.code == 0, done.err
    again = described("--describe", STARTING, "--yes", cwd=tmp_path)
    assert (again.code, again.out) == (0, "Nothing to change.\n")
    made = spc(
        "forge",
        "generate",
        "domains/helpdesk",
        "--target",
        "fastapi-prod",
        cwd=tmp_path,
    )
    assert made.code == 0, made.out + made.err
    asked = subprocess.run(
        [sys.executable, "-c", REQUEST],
        cwd=tmp_path / "runtime",
        capture_output=True,
        text=True,
        check=False,
        env=environment({"DATABASE_BACKEND": "memory"}),
    )
    assert asked.returncode == 0, asked.stderr
    customer, ticket = map(json.loads, asked.stdout.splitlines())
    assert ticket["customer_id"] == customer["id"]
    assert ticket["state"] == "new"


REQUEST = """
import asyncio, json, httpx
from backend.app import app

async def main():
    async with app.router.lifespan_context(app):
        wire = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=wire, base_url="http://app") as client:
            made = await client.post("/customers", json={"name": "Alice"})
            print(json.dumps(made.json()))
            body = {"name": "Printer", "customer_id": made.json()["id"]}
            print(json.dumps((await client.post("/tickets", json=body)).json()))

asyncio.run(main())
"""


def test_dry_run_and_json_write_nothing(tmp_path: Path) -> None:
    done = described("--describe", STARTING, "--dry-run", "--json", cwd=tmp_path)
    told = json.loads(done.out)
    assert done.code == 0
    assert told["valid"]
    assert not told["applied"]
    assert {f["path"] for f in told["files"]} >= {
        f"domains/helpdesk/{name}.contract.yaml" for name in PATHS
    }
    assert held(tmp_path) == {}


def test_a_file_of_text_and_what_of_it_is_left(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("A shop with orders.\nThey love pizza.\n", "utf-8")
    args = ("--describe-file", "text", "--yes", "-d", "mart", "--output", "out")
    done = described(*args, cwd=tmp_path)
    assert done.code == 0
    assert "2:1: not understood: They love pizza" in done.err.splitlines()
    assert (tmp_path / "out" / "entities" / "order.contract.yaml").is_file()
    strict = described(*args, "--strict", cwd=tmp_path)
    assert strict.code == 1


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (("--describe", "tickets and customers"), 2),
        (("--describe", "x", "--describe-file", "/dev/null"), 2),
        (("-d", "shop", "--describe", "zzz qqq"), 1),
    ],
)
def test_what_cannot_be_is_said(
    args: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    done = described(*args, cwd=tmp_path)
    assert done.code == code, done.err
    assert held(tmp_path) == {}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an interview went to its end."""
    folder = tmp_path_factory.mktemp("whole")
    done = answered(*ANSWERS, "y", cwd=folder)
    assert done.code == 0, done.err
    assert "not understood" not in done.err
    return folder


def test_an_interview_makes_a_domain(whole: Path) -> None:
    files = held(whole / "domains" / "helpdesk")
    assert set(files) >= {f"{name}.contract.yaml" for name in PATHS}
    for word in (
        "number_prefix: TKT",
        "customer_id:",
        "workflow/helpdesk/ticket_lifecycle",
    ):
        assert word in files["entities/ticket.contract.yaml"]
    assert not list((whole / ".forge").iterdir())
    valid = spc("forge", "validate", "domains/helpdesk", cwd=whole)
    assert valid.code == 0, valid.out


@pytest.mark.parametrize("cut", [3])
def test_an_interrupted_interview_goes_on(
    cut: int, whole: Path, tmp_path: Path
) -> None:
    parts = tmp_path / "parts"
    parts.mkdir()
    first = answered(*ANSWERS[:cut], cwd=parts)
    assert first.code in (1, 130), first.err
    assert not (parts / "domains").exists()
    second = answered(*ANSWERS[cut:], "y", cwd=parts)
    assert second.code == 0, second.err
    assert held(parts) == held(whole)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_answers_outlive_the_process(end: signal.Signals, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [str(BIN / "spc"), "factory", "new"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=clean(),
    )
    assert process.stdin
    process.stdin.write("".join(f"{a}\n" for a in ANSWERS[:4]).encode())
    process.stdin.flush()
    kept = tmp_path / ".forge" / "interview.json"
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if kept.is_file() and len(json.loads(kept.read_text("utf-8"))["answers"]) == 4:
            break
        time.sleep(0.05)
    process.send_signal(end)
    process.communicate(timeout=60)
    assert process.returncode == (130 if end == signal.SIGINT else -end)
    done = answered(*ANSWERS[4:], "y", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "Going on after 4 answers" in done.err


def test_no_is_no_and_the_answers_stay(tmp_path: Path) -> None:
    done = answered(*ANSWERS, "n", cwd=tmp_path)
    assert done.code == 1
    assert not (tmp_path / "domains").exists()
    assert answered("y", cwd=tmp_path).code == 0
    begun = answered("y", cwd=tmp_path, args=("--restart",))
    assert begun.code == 130


def test_an_interview_extends_what_exists(tmp_path: Path) -> None:
    path = tmp_path / "domains" / "helpdesk" / "people.contract.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(CUSTOMER, "utf-8")
    lines = (
        "customers have a phone; tickets",
        "",
        "",
        "",
        "open -> closed",
        "",
        "",
        "y",
    )
    done = answered(*lines, cwd=tmp_path, args=("-d", "helpdesk"))
    assert done.code == 0, done.err
    after = path.read_text("utf-8")
    assert after.startswith(CUSTOMER)
    assert after.removeprefix(CUSTOMER).lstrip().startswith("phone:")
