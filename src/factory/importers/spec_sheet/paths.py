"""Paths and entries of a sheet's endpoints, in every notation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from factory.importers.naming import Names, snake

DEEPEST = 4
"""Steps that a path without an end is served with."""
_REST = re.compile(
    r"\*{1,2}(\w*)|\{\*{1,2}(\w+)\}|\{(\w+)[+*]\}|\{(\w+):(?:path|\.\*)\}|<path:(\w+)>"
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def path_of(steps: Iterable[str]) -> str:
    """A path of its steps."""
    return "/" + "/".join(steps)


def entry_of(value: object) -> Mapping[str, Any] | None:
    """An item of a list: `{path:, methods:}`, `GET /x - what`, or `GET /x: what`."""
    if isinstance(value, str):
        line, _, about = value.partition(" - ")
        value = {line: about or None}
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("path"), str):
        return value
    if len(value) != 1:
        return None
    ((path, spec),) = value.items()
    return keyed(path, spec) if "/" in path else None


def keyed(path: str, spec: object) -> dict[str, Any]:
    """An endpoint whose path is a key, with its method or without."""
    method, _, rest = path.strip().partition(" ")
    found: dict[str, Any] = dict(spec) if isinstance(spec, dict) else {}
    if isinstance(spec, list):
        found["methods"] = spec
    elif isinstance(spec, str):
        found["methods" if spec.upper() in METHODS else "description"] = spec
    if rest and method.upper() in METHODS:
        return {"methods": method, **found, "path": rest.strip()}
    methods = [key for key in found if key.upper() in METHODS]
    if methods and "methods" not in found:
        about = {k: v for k, v in found.items() if k not in methods}
        return {"methods": methods, **about, "path": path}
    return {**found, "path": path}


def static_steps(steps: Sequence[str]) -> int:
    """How many steps come before the first parameter."""
    return next((n for n, s in enumerate(steps) if parameter_in(s)), len(steps))


def parameter_in(step: str) -> str:
    """The name in braces; empty for any other step."""
    plain = step[1:-1]
    is_one = step[:1] == "{" and step[-1:] == "}" and "{" not in plain
    return plain if is_one and plain else ""


def is_open(path: str) -> bool:
    """Whether a path ends in as many steps as one likes: `/*`, `/{path+}`, `/{rest:path}`."""
    return _REST.fullmatch(_split(path)[-1]) is not None


def steps_of(path: str) -> tuple[str, ...]:
    """The steps of a path, with `:id`, `<id>` and `*` as parameters."""
    found = []
    names = Names()
    for step in _split(path):
        rest = _REST.fullmatch(step)
        if rest:
            step = "{" + (next((name for name in rest.groups() if name), "path")) + "}"
        elif step[:1] == ":" or (step[:1] == "<" and step[-1:] == ">"):
            step = "{" + step.strip(":<>") + "}"
        name = parameter_in(step)
        if name:
            step = "{" + names.claim(snake(name, "key")) + "}"
        found.append(step)
    return tuple(found) if found != [""] else ()


def _split(path: str) -> list[str]:
    return path.partition("?")[0].strip().strip("/").split("/")


def deeper(path: str) -> Iterator[tuple[int, str]]:
    """A path that ends in a parameter, with two of them and more, up to `DEEPEST`."""
    name = parameter_in(path.rpartition("/")[2])
    for number in range(2, DEEPEST + 1):
        path = f"{path}/{{{name}_{number}}}"
        yield number, path
