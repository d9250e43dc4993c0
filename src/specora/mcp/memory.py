"""What a server remembers of contracts between calls."""

from __future__ import annotations

from forge.contracts.envelope import Contract
from forge.editing.assessment import Lowered
from forge.source import SourceFile


class Remembered(Lowered):
    """Contracts by file, as long as their texts stay what they are."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[str, tuple[str, Contract]] = {}

    def contract(self, source: SourceFile) -> Contract | None:
        """The contract in a file, where this very text was read before."""
        kept = self._texts.get(source.name)
        return kept[1] if kept is not None and kept[0] == source.text else None

    def note(self, source: SourceFile, contract: Contract) -> None:
        """Keep a contract that is free of faults of form."""
        if source.text is not None:
            self._texts[source.name] = (source.text, contract)
