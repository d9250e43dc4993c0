"""The rule by which texts are cut into words, read as data.

It stands in the runtime, which cuts searches by it; targets write it in their languages.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_RUN = re.compile(r"([0-9a-f]+)(?:-([0-9a-f]+))?(?:/(\d))?(?::(-?[0-9a-f]+))?")


def longest() -> int:
    """How many characters of a word count."""
    found = _rule()["LONGEST"]
    assert isinstance(found, int)
    return found


def searched() -> int:
    """How many characters of a record are searched."""
    found = _rule()["SEARCHED"]
    assert isinstance(found, int)
    return found


def folds() -> Iterator[tuple[int, int]]:
    """Code points and what they are compared as."""
    for first, last, step, delta in _RUN.findall(str(_rule()["FOLDS"])):
        for point in range(int(first, 16), int(last or first, 16) + 1, int(step or 1)):
            yield point, point + int(delta, 16)


def separators() -> Iterator[tuple[int, int]]:
    """The first and the last of each range of code points that separate words."""
    for first, last, _, _ in _RUN.findall(str(_rule()["SEPARATORS"])):
        yield int(first, 16), int(last or first, 16)


@cache
def _rule() -> dict[str, object]:
    # Finding a top-level package does not import it.
    spec = find_spec("specora_runtime")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "words.py"
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.target.id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Constant)
    }
