"""Interleaved rounds: every service in turn, so that all of them meet the same machine."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.api.data import CUSTOMERS, identifier
from bench.api.load import OPERATIONS, Sample, Target, load
from bench.api.processes import free_port, megabytes, running, tree
from bench.api.services import Service

WARM_UP = 1


@dataclass(frozen=True, slots=True)
class Result:
    """What the rounds of one service found."""

    samples: dict[str, list[Sample]] = field(default_factory=dict)
    """By operation."""
    starts: list[float] = field(default_factory=list)
    """Seconds from the start of the process to its first answer."""
    memory: list[float] = field(default_factory=list)
    """Megabytes of the serving process after its round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What the rounds of all services share."""

    folder: Path
    """For ids and logs."""
    ids: tuple[Path, Path]
    database: int
    """Process id of PostgreSQL; 0 for none."""
    clean: Callable[[], None]
    """Brings the tables back to what was loaded."""
    seconds: int
    operations: Sequence[str] = OPERATIONS


def measure(
    services: Sequence[Service], rounds: int, conditions: Conditions
) -> dict[str, Result]:
    """Every operation of every service, `rounds` times."""
    found = {service.name: Result() for service in services}
    for number in range(rounds):
        for service in services if number % 2 == 0 else services[::-1]:
            _round(service, found[service.name], conditions)
            conditions.clean()
    return found


def _round(service: Service, result: Result, conditions: Conditions) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running(
        (*service.command, str(port)),
        cores="0",
        folder=service.folder,
        environment=service.environment,
        url=f"{url}/tickets/{identifier('t1')}",
        log=conditions.folder / "server.log",
    ) as (pid, seconds):
        _check(service, url)
        target = Target(
            url, pid, conditions.database, service.parameters, conditions.ids
        )
        load(target, "get", WARM_UP)
        for operation in conditions.operations:
            sample = load(target, operation, conditions.seconds)
            result.samples.setdefault(operation, []).append(sample)
        result.starts.append(seconds)
        result.memory.append(max(megabytes(one) for one in tree(pid)))


def throughput(
    service: Service, workers: int, conditions: Conditions
) -> dict[str, float]:
    """Requests per second of each operation with so many workers, on every core."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running(
        (*service.command, str(port), "--workers", str(workers)),
        cores="0,1",
        folder=service.folder,
        environment=service.environment,
        url=f"{url}/tickets/{identifier('t1')}",
        log=conditions.folder / "server.log",
    ) as (pid, _):
        target = Target(
            url, pid, conditions.database, service.parameters, conditions.ids
        )
        load(target, "get", WARM_UP, "0,1")
        found = {
            operation: load(target, operation, conditions.seconds, "0,1").per_second
            for operation in conditions.operations
        }
    conditions.clean()
    return found


def _check(service: Service, url: str) -> None:
    """Raise where a service does not do what it is measured for."""
    customer = identifier(f"c{1 + 4 % CUSTOMERS}")
    place = f"{url}/tickets/{identifier('t4')}"
    _expect(_send("GET", place)["subject"], "Ticket number 4", "changed")
    query = f"{service.parameters}customer_id={customer}&limit=50"
    page = _send("GET", f"{url}/tickets?{query}")
    _expect(len(page["items"] if isinstance(page, dict) else page), 50)
    body = {"customer_id": customer, "subject": "bench", "body": 'a "b" \u00e9\n'}
    _expect(_send("POST", f"{url}/tickets", body)["body"], body["body"])
    _expect(_send("PATCH", place, {"subject": "changed"})["subject"], "changed")


def _send(method: str, url: str, body: object = None) -> Any:
    request = urllib.request.Request(
        url,
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def _expect(found: object, *wanted: object) -> None:
    if not any(str(found).startswith(str(one)) for one in wanted):
        raise RuntimeError(f"{found!r} instead of {wanted}")
