"""Counters of requests in the text format of Prometheus."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

BUCKETS: Final = (
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
)
"""Upper bounds of the duration histogram, in seconds."""

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_METHODS: Final = frozenset(
    {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
)


class Metrics:
    """Requests by method, route and status, and how long they took.

    Routes are templates and foreign methods share one name, so that clients cannot
    make up series.
    """

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, int], int] = {}
        self._buckets: dict[tuple[str, str], list[int]] = {}
        self._seconds: dict[tuple[str, str], float] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one finished request."""
        if method not in _METHODS:
            method = "OTHER"
        request, series = (method, route, status), (method, route)
        self._requests[request] = self._requests.get(request, 0) + 1
        buckets = self._buckets.get(series)
        if buckets is None:
            buckets = self._buckets[series] = [0] * (len(BUCKETS) + 1)
            self._seconds[series] = 0.0
        buckets[bisect_left(BUCKETS, seconds)] += 1
        self._seconds[series] += seconds

    def render(self) -> str:
        """All series as text."""
        lines = [
            "# HELP http_requests_total Requests answered.",
            "# TYPE http_requests_total counter",
        ]
        for (method, route, status), count in sorted(self._requests.items()):
            labels = f'{_labels(method, route)},status="{status}"'
            lines.append(f"http_requests_total{{{labels}}} {count}")
        name = "http_request_duration_seconds"
        lines.append(f"# HELP {name} Time from the request to the end of its answer.")
        lines.append(f"# TYPE {name} histogram")
        for series, buckets in sorted(self._buckets.items()):
            labels, total = _labels(*series), 0
            for bound, count in zip((*BUCKETS, "+Inf"), buckets, strict=True):
                total += count
                lines.append(f'{name}_bucket{{{labels},le="{bound}"}} {total}')
            lines.append(f"{name}_sum{{{labels}}} {self._seconds[series]:.6f}")
            lines.append(f"{name}_count{{{labels}}} {total}")
        return "\n".join(lines) + "\n"


def _labels(method: str, route: str) -> str:
    escaped = route.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'method="{method}",route="{escaped}"'
