"""`make check`: every check at once, each with its time; exit 1 if one fails."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent

SOURCES = ("src", "tests", "bench")

CHECKS: dict[str, tuple[str, ...]] = {
    "types": (str(BIN / "mypy"),),
    "format": (str(BIN / "ruff"), "format", "--check", *SOURCES),
    "lint": (str(BIN / "ruff"), "check", "--quiet", *SOURCES),
    # What ships inside generated apps has to please the linter's defaults as well.
    "lint-runtime": (
        str(BIN / "ruff"),
        "check",
        "--quiet",
        "--isolated",
        "src/specora_runtime",
        "src/forge/targets/python_client/kit",
    ),
    "layers": (str(BIN / "lint-imports"), "--no-logo"),
    "budgets": (sys.executable, "-m", "tests.quality.budgets"),
    "docs": (sys.executable, "-m", "tests.quality.docs"),
}


def run(name: str) -> tuple[str, int, str, float]:
    """Name, exit code, output and seconds of one check."""
    start = time.monotonic()
    done = subprocess.run(
        CHECKS[name], cwd=ROOT, capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - start
    return name, done.returncode, done.stdout + done.stderr, seconds


def main() -> int:
    """Run every check; print the output of those that fail."""
    failed = 0
    with ThreadPoolExecutor(max_workers=3) as pool:
        for name, code, text, seconds in pool.map(run, CHECKS):
            print(f"{name:<14}{'ok' if code == 0 else 'FAILED':<8}{seconds:5.1f} s")
            if code:
                failed += 1
                print(text.rstrip())
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
