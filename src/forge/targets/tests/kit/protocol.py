"""What HTTP itself asks for: methods and their discovery."""

from __future__ import annotations

import pytest

from . import expect
from .collecting import Suite
from .declarations import Resource
from .desk import Desk
from .reading import unknown_key

METHODS: dict[str, dict[str, tuple[str, ...]]] = {
    "": {"list": ("GET", "HEAD"), "create": ("POST",)},
    "/{key}": {
        "read": ("GET", "HEAD"),
        "update": ("PATCH",),
        "replace": ("PUT",),
        "delete": ("DELETE",),
    },
    "/{key}/state": {"transition": ("PUT",)},
}
"""Below the collection's path: operation -> its methods."""


def _offered(resource: Resource, suffix: str) -> set[str]:
    found = {
        method
        for operation, methods in METHODS[suffix].items()
        if resource.operation(operation) is not None
        for method in methods
    }
    # They may be below one record alone, and be for others than who asks here.
    handled = {
        method
        for method, _, path in (one.partition(" ") for one in resource.handlers)
        if path == suffix.replace("{key}", "{}")
    }
    if "GET" in handled:
        handled.add("HEAD")
    return (found | handled) if found else found


class Protocol(Suite):
    """Every path of the collection."""

    @pytest.mark.parametrize("suffix", METHODS)
    def test_options_lists_the_methods(self, desk: Desk, suffix: str) -> None:
        offered = _offered(self.resource, suffix)
        if not offered:
            pytest.skip("nothing is offered at this path")
        answer = desk.request(
            self.resource, "", "OPTIONS", _path(self.resource, suffix)
        )
        assert answer.status_code in (200, 204), expect.told(answer)
        assert offered <= _allow(answer.headers.get("allow", "")), expect.told(answer)

    @pytest.mark.parametrize("suffix", METHODS)
    def test_other_methods_are_refused(self, desk: Desk, suffix: str) -> None:
        offered = _offered(self.resource, suffix)
        if not offered:
            pytest.skip("nothing is offered at this path")
        every = {"GET", "POST", "PUT", "PATCH", "DELETE"}
        for method in sorted(every - offered):
            answer = desk.request(
                self.resource, "", method, _path(self.resource, suffix)
            )
            expect.problem(answer, 405)
            allowed = _allow(answer.headers.get("allow", ""))
            assert offered <= allowed, expect.told(answer)
            assert method not in allowed, expect.told(answer)

    def test_path_with_a_slash_at_its_end_is_no_collection(self, desk: Desk) -> None:
        if not self.resource.path.strip("/"):
            pytest.skip("the collection stands at the root, which is a slash")
        answer = desk.request(self.resource, "list", "GET", "/")
        expect.problem(answer, 404)


def _path(resource: Resource, suffix: str) -> str:
    return suffix.replace("{key}", unknown_key(resource))


def _allow(text: str) -> set[str]:
    return {method.strip() for method in text.split(",") if method.strip()}
