"""`make bench`: prints every figure beside its bound; exit 1 where one is missed."""

from __future__ import annotations

import sys

from bench import app, compiler, paging
from bench.api.__main__ import measure as measure_api


def main() -> int:
    """Measure and print."""
    figures = compiler.measure()
    starts, megabytes, size = app.measure()
    figures += starts
    for figure in figures:
        print(figure)
    print(f"{'app of 200: memory':<44}{megabytes:8.1f} MB (bound 150)")
    print(f"{'app of 200: openapi.json':<44}{size / 1e6:8.2f} MB")
    missed = [f for f in figures if f.bound is not None and f.seconds > f.bound]
    holds = paging.measure()
    holds = measure_api(number=5, seconds=2) and holds
    return 1 if missed or megabytes > 150 or not holds else 0


if __name__ == "__main__":
    sys.exit(main())
