"""The figures as text: minimum and median per operation, ratios, and what has to hold."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from statistics import median

from bench.api.load import CONNECTIONS, OPERATIONS
from bench.api.rounds import Result

OURS = "generated"
REFERENCES = "abc"
"""The letters of what it is compared with."""
NOISE = 0.10
"""By how much the generated service may be slower than (b)."""

BOUNDS = {
    ("a", "get"): 0.40,
    ("a", "list"): 0.25,
    ("a", "post"): 0.45,
    ("a", "patch"): 0.45,
    **{("b", operation): 1.0 + NOISE for operation in OPERATIONS},
}
"""Most that the generated service may cost, as a share of a reference."""


def conditions(rounds: int, seconds: int, postgres: str) -> str:
    """On what, and how, it is measured."""
    names = ("uvicorn", "uvloop", "httptools", "asyncpg", "fastapi", "msgspec")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{os.cpu_count()} x {_processor()}, load {load}; Python"
        f" {platform.python_version()}, {packages}; {postgres} on 127.0.0.1;"
        f" {rounds} interleaved rounds of {seconds} s per operation, server on core 0,"
        f" wrk on core 1 with {CONNECTIONS} connections, one worker each"
    )


def _processor() -> str:
    with open("/proc/cpuinfo") as lines:
        names = (line.partition(":")[2] for line in lines if "model name" in line)
        return next(names, platform.machine()).strip()


def figures(results: Mapping[str, Result], *, database: bool) -> Iterator[str]:
    """CPU and latency of each service, and of their database where it is one process."""
    columns = "".join(f"{operation.upper():>16}" for operation in OPERATIONS)
    yield f"{'CPU of the server, us per request: min / median':<48}{columns}"
    for name, result in results.items():
        yield _row(name, result, "server")
    if database:
        yield f"{'CPU of PostgreSQL, us per request: min / median':<48}{columns}"
        for name, result in results.items():
            yield _row(name, result, "database")
    heading = f"latency at {CONNECTIONS} connections, ms: p50 / p99"
    yield f"{heading:<48}{columns}"
    for name, result in results.items():
        cells = (
            f"{min(s.p50 for s in result.samples[o]):.2f} /"
            f" {min(s.p99 for s in result.samples[o]):.2f}"
            for o in OPERATIONS
        )
        yield f"  {name:<46}{''.join(f'{cell:>16}' for cell in cells)}"
    yield "start-up, s to the first answer; memory of a worker, MB"
    for name, result in results.items():
        yield f"  {name:<46}{min(result.starts):16.2f}{min(result.memory):16.1f}"


def _row(name: str, result: Result, part: str) -> str:
    cells = ""
    for operation in OPERATIONS:
        values = [getattr(sample, part) for sample in result.samples[operation]]
        cells += f"{f'{min(values):.0f} / {median(values):.0f}':>16}"
    return f"  {name:<46}{cells}"


def ratios(results: Mapping[str, Result]) -> Iterator[tuple[str, bool]]:
    """Each ratio of minima beside its bound, and whether it holds."""
    ours = next(r for name, r in results.items() if name.startswith(OURS))
    for name, result in results.items():
        if result is ours:
            continue
        cells, holds = "", True
        for operation in OPERATIONS:
            ratio = _least(ours, operation) / _least(result, operation)
            bound = BOUNDS.get((name[1], operation))
            shown = f"{ratio:.2f}" if bound is None else f"{ratio:.2f} <= {bound:.2f}"
            if bound is not None and ratio > bound:
                shown, holds = f"{ratio:.2f} > {bound:.2f} !", False
            cells += f"{shown:>16}"
        yield f"  {'generated / ' + name:<46}{cells}", holds


def _least(result: Result, operation: str) -> float:
    return min(sample.server for sample in result.samples[operation])
