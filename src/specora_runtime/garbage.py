"""How often Python looks for cycles while it serves.

By default it looks after some 700 new containers, which is after a few requests, and walks
through those that are under way. Requests leave few cycles behind, so that looking is rarer
here, and passes over what stands since the start.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_USUAL: Final = frozenset({(700, 10, 10), (2000, 10, 10), (2000, 10, 0)})
"""What Pythons start with."""
_SERVING: Final = (10_000, 10, 10)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect rarely within the block, unless somebody has decided on it already."""
    usual = gc.get_threshold()
    if not gc.isenabled() or usual not in _USUAL:
        yield
        return
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SERVING)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
