"""The service as a whole: its health, its description, and paths that lead nowhere."""

from __future__ import annotations

import pytest

from . import expect
from .client import ANONYMOUS, Client
from .declarations import Service


class ServiceAsAWhole:
    """Paths that belong to no collection."""

    def test_health_names_the_domain(self, client: Client, service: Service) -> None:
        found = expect.content(client.call("GET", "/health", role=ANONYMOUS), 200)
        assert found["status"] in ("ok", "active")
        assert found["domain"] == service.domain

    @pytest.mark.parametrize("path", ["/livez", "/readyz"])
    def test_service_is_alive_and_ready(self, client: Client, path: str) -> None:
        found = expect.content(client.call("GET", path, role=ANONYMOUS), 200)
        assert found["status"] == "ok"

    def test_description_is_openapi(self, client: Client) -> None:
        found = expect.content(client.call("GET", "/openapi.json", role=ANONYMOUS), 200)
        assert str(found["openapi"]).startswith("3.")
        assert found["paths"]

    @pytest.mark.parametrize("path", ["/no/such/path", "/no-such-collection"])
    def test_unknown_path_is_not_found(self, client: Client, path: str) -> None:
        expect.problem(client.call("GET", path, role=ANONYMOUS), 404)

    def test_kinds_of_problems_are_explained(self, client: Client) -> None:
        found = expect.problem(client.call("GET", "/no/such/path", role=ANONYMOUS), 404)
        page = client.call("GET", found["type"], role=ANONYMOUS)
        assert expect.content(page, 200)["status"] == 404
