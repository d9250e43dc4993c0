"""Which tests a collection gets: the hooks and fixtures of the generated `conftest.py`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest

from .client import Client, connected
from .declarations import Resource, Service
from .desk import Desk, Shelf

Test = TypeVar("Test", bound=Callable[..., None])


class Suite:
    """Tests of one collection, which a test module names in a subclass."""

    resource: ClassVar[Resource]


def each(cases: Callable[[Resource], Sequence[Any]]) -> Callable[[Test], Test]:
    """Run a test for every case that the collection has; its name shows the case."""

    def mark(test: Test) -> Test:
        vars(test)["cases"] = cases
        return test

    return mark


def when(applies: Callable[[Resource], Any]) -> Callable[[Test], Test]:
    """Run a test where the collection has what it is about."""

    def mark(test: Test) -> Test:
        vars(test).setdefault("applies", []).append(applies)
        return test

    return mark


def needs(*operations: str) -> Callable[[Test], Test]:
    """Run a test where the collection offers the operations."""
    return when(lambda resource: all(map(resource.operation, operations)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test its cases."""
    cases = getattr(metafunc.function, "cases", None)
    suite = metafunc.cls
    if cases is None or suite is None or not issubclass(suite, Suite):
        return
    found = cases(suite.resource) if _applies(metafunc.function, suite.resource) else []
    metafunc.parametrize("case", found or [None], ids=str)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Drop the tests of what a collection does not have."""
    items[:] = [item for item in items if _is_wanted(item)]


def _is_wanted(item: pytest.Item) -> bool:
    suite, test = getattr(item, "cls", None), getattr(item, "function", None)
    if suite is None or not issubclass(suite, Suite):
        return True
    if hasattr(test, "cases"):
        call: Any = getattr(item, "callspec", None)
        return call is not None and call.params.get("case") is not None
    return _applies(test, suite.resource)


def _applies(test: Any, resource: Resource) -> bool:
    return all(applies(resource) for applies in getattr(test, "applies", ()))


def prepare(service: Service, root: Path) -> None:
    """Let `backend` be found, and let it start without a server and without set-up."""
    sys.path.insert(0, str(root))
    os.environ.setdefault("DATABASE_BACKEND", "memory")
    os.environ.setdefault("LOG_LEVEL", "error")
    if service.has_auth:
        os.environ.setdefault("AUTH_DEV_LOGIN", "true")
    in_memory = os.environ["DATABASE_BACKEND"] == "memory"
    for name, value in service.environment.items():
        if in_memory or name != "DATABASE_URL":
            os.environ.setdefault(name, value)


@pytest.fixture(scope="session")
def client(service: Service) -> Iterator[Client]:
    """The service, in this process or at `BASE_URL`."""
    with connected(service) as found:
        yield found


@pytest.fixture(scope="session")
def shelf(client: Client) -> Iterator[Shelf]:
    """Records that all tests share."""
    found = Shelf(client)
    yield found
    found.keeper.tidy()


@pytest.fixture
def desk(client: Client, shelf: Shelf) -> Iterator[Desk]:
    """A desk for one test."""
    found = Desk(client, shelf)
    yield found
    found.tidy()
