"""CPU seconds of the command line: the whole process tree, an empty home, no cache of ours."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.synthetic import touch, write_domain
from forge.cache import FOLDER

SPC = Path(sys.executable).parent / "spc"
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the report: the smallest of several rounds, beside its bound."""

    name: str
    seconds: float
    bound: float | None = None

    def __str__(self) -> str:
        verdict = "" if self.bound is None else f"  (bound {self.bound:.2f})"
        return f"{self.name:<44}{self.seconds:8.3f} s{verdict}"


def cpu(command: Sequence[str | Path], cwd: Path) -> float:
    """CPU seconds, user and system, of a command and all it starts."""
    home = cwd / "home"
    home.mkdir(exist_ok=True)
    environment = {**os.environ, "HOME": str(home)}
    # The figures are of warm byte code, which this would keep from being written.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(
            f"{command} exited {done.returncode}: {done.stdout.decode()[-2000:]}"
        )
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def _first(command: Sequence[str | Path], folder: Path) -> float:
    """CPU seconds of a run that finds nothing of an earlier one."""
    shutil.rmtree(folder / FOLDER, ignore_errors=True)
    return cpu(command, folder)


def _warm_up(folder: Path) -> None:
    """Let every module be compiled to byte code."""
    domain = folder / "warm-up"
    write_domain(domain, 10)
    for _ in range(2):
        cpu([SPC, "forge", "validate", domain], folder)
        cpu(_generate(domain, folder / "warm-up-output"), folder)
        touch(domain)


def _generate(domain: Path, output: Path) -> list[str | Path]:
    return [SPC, "forge", "generate", domain, "--target", "prod", "--output", output]


def measure() -> list[Measure]:
    """Every figure of the compiler."""
    found = []
    with tempfile.TemporaryDirectory(prefix="specora-bench-") as name:
        folder = Path(name)
        _warm_up(folder)
        help_seconds = min(cpu([SPC, "--help"], folder) for _ in range(ROUNDS))
        found.append(Measure("spc --help", help_seconds, 0.08))
        for count in (10, 200, 1000):
            found += _of_size(folder, count)
    return found


def _of_size(folder: Path, count: int) -> list[Measure]:
    domain = folder / f"domain{count}"
    write_domain(domain, count)
    rounds = ROUNDS if count < 1000 else 1
    bounds = {10: (0.25, None, None), 200: (1.0, 2.5, 0.6), 1000: (None, 12.5, None)}[
        count
    ]
    validate = [SPC, "forge", "validate", domain]
    seconds = min(_first(validate, folder) for _ in range(rounds))
    found = [Measure(f"validate, {count} entities", seconds, bounds[0])]
    firsts, touched = [], []
    for number in range(rounds):
        generate = _generate(domain, folder / f"out{count}-{number}")
        firsts.append(_first(generate, folder))
        touch(domain)
        touched.append(cpu(generate, folder))
        write_domain(domain, min(count, 10))
    found.append(
        Measure(f"generate all, {count} entities, first", min(firsts), bounds[1])
    )
    found.append(
        Measure(f"generate all, {count} entities, one touched", min(touched), bounds[2])
    )
    return found
