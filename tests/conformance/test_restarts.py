"""What is stored survives the process: rows, numbers and versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.apps import Served
from tests.conformance.sessions import Session
from tests.servers import running


@pytest.mark.parametrize("adapter", ["memory", "sqlite", "postgres"])
def test_a_restart_keeps_what_is_stored(
    conformance_app: Path, adapter: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if adapter == "postgres" else ""
    with running(conformance_app, adapter, state=tmp_path, postgres_url=url) as app:
        session = Session(Served(adapter, app, tmp_path))
        session.made("/accounts", code="first", name="Ä 'quoted'", tags=["a"])
        session.made("/accounts", code="gone", name="x")
        session.delete("/accounts/gone")
        made = session.post(
            "/tasks", {"title": "x", "account_code": "first", "price": "0.10"}
        )
        agent = session.made("/agents", name="x")
        session.made("/finance/invoices", unit_price="1.2345")
        session.client.close()
    with running(conformance_app, adapter, state=tmp_path, postgres_url=url) as app:
        session = Session(Served(adapter, app, tmp_path))
        if adapter == "memory":
            assert session.get("/accounts").body["total"] == 0
            return
        again = session.get(made.headers["location"])
        assert (again.body, again.etag) == (made.body, made.etag)
        assert session.items("/accounts?tags[contains]=a")[0]["name"] == "Ä 'quoted'"
        session.refused(404, "GET", "/accounts/gone")
        session.refused(409, "POST", "/accounts", {"code": "gone", "name": "x"})
        task = session.made("/tasks", title="y", account_code="first")
        assert (made.body["number"], task["number"]) == ("TSK-000001", "TSK-000002")
        assert session.made("/agents", name="y")["number"] == agent["number"] + 1
        assert session.made("/finance/invoices", unit_price=1)["position"] == "2"
        session.refused(409, "DELETE", "/accounts/first")
        session.client.close()
