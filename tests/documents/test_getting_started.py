"""`getting-started.md`: the Python runs as printed, and what it makes answers as printed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.documents.snippets import cut, indented
from tests.servers import App, running
from tests.shared import shared

BACKENDS = ("memory", "sqlite", "postgres")

TREE = """
backend/app.py backend/config.py backend/models.py backend/routes_customers.py
backend/routes_agents.py backend/routes_tickets.py backend/repositories/base.py
backend/repositories/memory.py backend/repositories/postgres.py database/schema.sql
Dockerfile Dockerfile.healer docker-compose.yml requirements.txt requirements.healer.txt
.env.example types.ts
"""


def first_script(document: Path) -> str:
    """Steps 3 to 6: contracts, validation, compilation, generation."""
    write = cut(document, "from pathlib import Path", '(base / "entities" / "example')
    check = cut(document, "from forge.parser.loader", "# 10 contracts loaded")
    build = cut(document, "from forge.ir.compiler", 'print("Generated files')
    return write + check + build


def second_script(document: Path) -> str:
    """The review entity, in a session in which the first script has run."""
    text = document.read_text("utf-8")
    lines = text[
        text.index("# 1. Write the review") : text.index("Rebuild the running")
    ]
    return indented(lines.splitlines())


def spc(name: str) -> str:
    """The path of an installed command."""
    return str(Path(sys.executable).parent / name)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A scaffolded project in which the document's scripts ran: folder, output, second script."""
    document = shared("requirements", "getting-started.md")
    parent = tmp_path_factory.mktemp("project")
    subprocess.run(
        [spc("specora-init"), "helpdesk"], cwd=parent, check=True, capture_output=True
    )
    folder = parent / "helpdesk"
    script = first_script(document)
    (folder / "first.py").write_text(script, "utf-8")
    done = subprocess.run(
        [sys.executable, "first.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    setup = "from contextlib import redirect_stdout\nfrom io import StringIO\n"
    setup += "with redirect_stdout(StringIO()):\n    exec(open('first.py').read())\n"
    second = setup + second_script(document)
    return folder, done.stdout, second


def test_prints_what_the_document_prints(project: tuple[Path, str, str]) -> None:
    _, printed, _ = project
    assert printed.splitlines() == [
        "10 contracts loaded, 0 errors",
        "Entities: 3, Workflows: 1, Routes: 3, Pages: 3",
        "Generated files in runtime/",
    ]


def test_writes_the_documented_tree(project: tuple[Path, str, str]) -> None:
    folder, _, _ = project
    missing = [
        name for name in TREE.split() if not (folder / "runtime" / name).is_file()
    ]
    assert missing == []


def test_command_line_says_the_same(project: tuple[Path, str, str]) -> None:
    folder, _, _ = project
    done = subprocess.run(
        [spc("spc"), "forge", "validate", "domains/helpdesk"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.splitlines()[-2:] == [
        "10 contracts validated, 0 errors, 0 warnings",
        "All 10 contracts are valid",
    ]


def test_generate_adopts_what_the_script_wrote(project: tuple[Path, str, str]) -> None:
    folder, _, _ = project
    done = subprocess.run(
        [
            spc("spc"),
            "forge",
            "generate",
            "domains/helpdesk",
            "--target",
            "fastapi-prod",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("wrote 0 files to runtime")


def walk(app: App) -> dict[str, Any]:
    """The document's calls, in its order; the customer and the ticket they made."""
    assert app.call("GET", "/health") == (200, {"status": "ok", "domain": "helpdesk"})
    status, customer = app.call(
        "POST",
        "/customers",
        {"name": "Alice Smith", "email": "alice@example.com", "company": "Acme Corp"},
    )
    assert status == 201
    assert customer["_links"]["self"] == f"/customers/{customer['id']}"
    assert customer["company"] == "Acme Corp"
    assert customer["created_at"].endswith("Z")
    status, ticket = app.call(
        "POST",
        "/tickets",
        {
            "subject": "Cannot log in",
            "description": "Getting 403 error on login page",
            "priority": "high",
            "customer_id": customer["id"],
        },
    )
    assert status == 201
    assert ticket["number"] == "TKT-000001"
    assert ticket["state"] == "new"
    status, refused = app.call(
        "PUT", f"/tickets/{ticket['id']}/state", {"state": "resolved"}
    )
    assert status == 400
    assert refused["allowed_states"] == ["assigned", "closed"]
    status, moved = app.call(
        "PUT", f"/tickets/{ticket['id']}/state", {"state": "assigned"}
    )
    assert (status, moved["state"]) == (200, "assigned")
    status, page = app.call("GET", "/tickets")
    assert (status, page["total"], len(page["items"])) == (200, 1, 1)
    status, _ = app.call("GET", "/docs", parse=False)
    assert status == 200
    return {"customer": customer, "ticket": ticket}


@pytest.mark.parametrize("backend", BACKENDS)
def test_calls_answer_as_printed_and_rows_survive_a_new_entity(
    project: tuple[Path, str, str],
    backend: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    folder, _, second = project
    url = request.getfixturevalue("postgres_url") if backend == "postgres" else ""
    first = tmp_path / "first"
    subprocess.run(["cp", "-r", str(folder), str(first)], check=True)
    with running(first / "runtime", backend, state=tmp_path, postgres_url=url) as app:
        made = walk(app)
    (first / "second.py").write_text(second, "utf-8")
    done = subprocess.run(
        [sys.executable, "second.py"],
        cwd=first,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "0 errors -- all contracts valid" in done.stdout.splitlines()
    with running(first / "runtime", backend, state=tmp_path, postgres_url=url) as app:
        review = {
            "rating": 5,
            "comment": "Quick",
            "ticket_id": made["ticket"]["id"],
            "customer_id": made["customer"]["id"],
        }
        if backend == "memory":
            assert app.call("GET", "/reviews")[1]["total"] == 0
            return
        assert app.call("GET", f"/tickets/{made['ticket']['id']}")[0] == 200
        status, body = app.call("POST", "/reviews", review)
        assert status == 201, json.dumps(body)
        status, body = app.call("POST", "/reviews", {**review, "rating": 6})
        assert (status, body["errors"][0]["pointer"]) == (422, "/rating")
