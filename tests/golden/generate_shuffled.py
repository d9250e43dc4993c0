"""`spc`, with contract files found in a random order. Argument one is the seed."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from forge.parser import loader
from specora.cli import main


def shuffle(seed: int) -> None:
    """Let the loader find files in an order that no file system gives."""
    found = loader.contract_files

    def shuffled(root: Path) -> list[Path]:
        files = found(root)
        random.Random(seed).shuffle(files)
        return files

    loader.contract_files = shuffled


if __name__ == "__main__":
    shuffle(int(sys.argv.pop(1)))
    main()
