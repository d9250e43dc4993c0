"""What an answer says of a name that a client wrote, and which name was meant."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches


def nearest(name: str, legal: Sequence[str]) -> str:
    """Help that names the nearest legal name, or all of them where none is near."""
    near = get_close_matches(name[:64], legal, n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"legal are {', '.join(f'`{one}`' for one in legal)}" if legal else ""


def quoted(text: str) -> str:
    """What the client wrote, short enough to repeat in an answer."""
    return f"`{text if len(text) <= 60 else text[:60] + '…'}`"
