"""The short way of standard paths is left as soon as somebody adds a layer."""

from __future__ import annotations

from pathlib import Path

from desk import build
from serving import served
from starlette.types import ASGIApp, Receive, Scope, Send


class Counting:
    """A layer that a person adds to the application."""

    seen = 0

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            Counting.seen += 1
        await self.app(scope, receive, send)


def test_an_added_layer_sees_every_request(tmp_path: Path) -> None:
    (tmp_path / "short").mkdir()
    (tmp_path / "whole").mkdir()
    short, whole = build(tmp_path / "short"), build(tmp_path / "whole")
    whole.add_middleware(Counting)
    answers = []
    for app in (short, whole):
        with served(app) as client:
            found = [client.get(path) for path in ("/health", "/customers", "/none")]
        answers.append([(one.status_code, one.json()) for one in found])
    assert answers[0] == answers[1]
    assert Counting.seen == 3
