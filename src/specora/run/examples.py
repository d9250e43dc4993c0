"""Example records of a domain, created over HTTP in an empty service.

`examples.yaml` beside the contracts is a list of `{path, body}`. A record with `as: NAME` can be
referred to by later ones: the text `@NAME` stands for its id. Steps with `method: PUT` move records
through their states.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from forge.source import plain, read
from specora.run.service import Service

FILE = "examples.yaml"


class ExamplesRefused(Exception):
    """The service did not take an example record."""


def load_examples(domain: Path) -> list[dict[str, Any]]:
    """The steps in `examples.yaml`; none where there is no such file."""
    path = domain / FILE
    if not path.is_file():
        return []
    steps = plain(read(path.as_posix(), path.read_text("utf-8")).root)
    if not isinstance(steps, list) or not all(
        isinstance(s, dict) and "path" in s for s in steps
    ):
        raise ExamplesRefused(
            f"{path.as_posix()} is not a list of mappings with a `path`"
        )
    return [dict(step) for step in steps if isinstance(step, dict)]


def create_examples(service: Service, steps: list[dict[str, Any]]) -> int:
    """Carry out `steps`, unless the first collection holds records; the number of requests made."""
    if not steps:
        return 0
    status, page = service.request("GET", f"{steps[0]['path']}?limit=1")
    if status != 200 or not isinstance(page, dict) or page.get("total"):
        return 0
    ids: dict[str, str] = {}
    for step in steps:
        path = _with_ids(step["path"], ids)
        method = step.get("method", "POST")
        status, answer = service.request(method, path, _with_ids(step.get("body"), ids))
        if not 200 <= status < 300:
            raise ExamplesRefused(f"{method} {path} answered {status}: {answer}")
        if "as" in step and isinstance(answer, dict):
            ids[str(step["as"])] = str(answer["id"])
    return len(steps)


def _with_ids(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _with_ids(item, ids) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_ids(item, ids) for item in value]
    if isinstance(value, str):
        if value.startswith("@") and value[1:] in ids:
            return ids[value[1:]]
        parts = value.split("/")
        return "/".join(ids.get(p[1:], p) if p.startswith("@") else p for p in parts)
    return value
