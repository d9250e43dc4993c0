"""`make demo-check`: the demo on a free port, walked through as the documents print it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.servers import App, free_port

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120

Check = tuple[str, Callable[[], bool]]


def main() -> int:
    """Start the demo, make the documented calls, print a line for each; 1 if one fails."""
    with tempfile.TemporaryDirectory(prefix="specora-demo-") as folder:
        port = free_port()
        command = [str(Path(sys.executable).parent / "spc"), "up", "domains/helpdesk"]
        options = ["--port", str(port), "--output", f"{folder}/app", "--no-reload"]
        process = subprocess.Popen([*command, *options], cwd=ROOT)
        app = App(f"http://127.0.0.1:{port}")
        try:
            _wait(app, process)
            return _walk(app)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _walk(app: App) -> int:
    made: dict[str, Any] = {}

    def create(name: str, path: str, body: dict[str, Any]) -> bool:
        status, made[name] = app.call("POST", path, body)
        return status == 201

    def move(state: str) -> tuple[int, Any]:
        return app.call(
            "PUT", f"/tickets/{made['ticket']['id']}/state", {"state": state}
        )

    healthy = {"status": "ok", "domain": "helpdesk"}
    person = {
        "name": "Carol Example",
        "email": "carol@example.org",
        "company": "Example",
    }

    def ticket() -> dict[str, Any]:
        owner = made["customer"]["id"]
        return {"subject": "Cannot log in", "priority": "high", "customer_id": owner}

    checks: list[Check] = [
        ("health", lambda: app.call("GET", "/health") == (200, healthy)),
        ("create a customer", lambda: create("customer", "/customers", person)),
        ("create a ticket", lambda: create("ticket", "/tickets", ticket())),
        ("refuse an illegal transition", lambda: move("resolved")[0] == 400),
        ("take a legal transition", lambda: move("assigned")[1]["state"] == "assigned"),
        ("list tickets", lambda: app.call("GET", "/tickets")[1]["total"] >= 3),
        (
            "refuse an unknown parameter",
            lambda: app.call("GET", "/tickets?colour=red")[0] == 400,
        ),
        ("documentation", lambda: app.call("GET", "/docs", parse=False)[0] == 200),
        (
            "description",
            lambda: "/tickets" in app.call("GET", "/openapi.json")[1]["paths"],
        ),
    ]
    failed = 0
    for name, check in checks:
        good = _holds(check)
        failed += not good
        print(f"{'ok' if good else 'FAILED':<8}{name}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (KeyError, TypeError, OSError) as error:
        print(f"        {error!r}")
        return False


def _wait(app: App, process: subprocess.Popen[bytes]) -> None:
    """Until the service answers and its example records are there."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"spc up ended with {process.returncode}")
        with suppress(OSError, KeyError, TypeError):
            if app.call("GET", "/knowledge_articles")[1]["total"]:
                return
        time.sleep(0.2)
    raise SystemExit(f"no answer within {START_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
