"""An import in a process of its own, with bounds, and what it cost.

`python -m tests.importers.measured` forks for each import that it is asked for. A fork begins
with the memory of the process that it is of, so that one has to be without anybody else's.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import traceback
from dataclasses import asdict, dataclass
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath

from factory.importers import migrate
from factory.importers.drafts import Unreadable
from factory.importers.migration import FORMATS
from factory.importers.pruning import Refused
from tests.importers.mutations import Case

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 10
MEGABYTES = 500
_SPACE = 2_000 * 2**20
"""Address space: more than may be used, so that what is used is measured and not guessed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an import ended."""

    kind: str
    """`imported`, `refused`, or the fault."""
    seconds: float
    megabytes: float
    detail: str = ""

    @property
    def fault(self) -> str:
        """What is wrong with it; empty for nothing."""
        if self.kind not in ("imported", "refused"):
            return f"{self.kind}: {self.detail}"
        if self.seconds > SECONDS:
            return f"{self.seconds:.1f} s"
        over = self.megabytes > MEGABYTES
        return f"{self.megabytes:.0f} MB" if over else ""


def run(case: Case) -> Outcome:
    """What becomes of an import."""
    folder = Path(tempfile.mkdtemp(prefix="mutation-"))
    try:
        asked = [str(case.write(folder)), case.format, str(folder / "none")]
        process = _process()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        return Outcome(**json.loads(process.stdout.readline()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _process() -> subprocess.Popen[str]:
    """The process that forks. It ends with its input, and so with this one."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.importers.measured"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _serve() -> None:
    # Forks share what is loaded here, so that each costs what its source does.
    import_module("forge.parser.behaviors")
    for form in FORMATS:
        import_module(f"factory.importers.{form.replace('-', '_')}")
    for line in sys.stdin:
        source, form, output = json.loads(line)
        outcome = _forked(Path(source), form, Path(output))
        print(json.dumps(asdict(outcome)), flush=True)


def _forked(source: Path, form: str, output: Path) -> Outcome:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code = 70
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS + 2, SECONDS + 3))
            resource.setrlimit(resource.RLIMIT_AS, (_SPACE, _SPACE))
            sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115
            told = _import(source, form, output)
            code = 0
        except BaseException:
            told = "traceback\n" + traceback.format_exc()[-3000:]
        os.write(writing, told.encode("utf-8", "replace")[:60_000])
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode("utf-8", "replace")
    _, status, used = os.wait4(child, 0)
    kind, _, detail = told.partition("\n")
    if os.WIFSIGNALED(status):
        kind, detail = "killed", f"signal {os.WTERMSIG(status)}"
    seconds = used.ru_utime + used.ru_stime
    return Outcome(kind or "nothing", seconds, used.ru_maxrss / 1024, detail)


def _import(source: Path, form: str, output: Path) -> str:
    try:
        found = migrate(source, "shop", format=form, output=output)
    except (Unreadable, Refused) as error:
        if not str(error).strip():
            raise AssertionError("refused without a word") from error
        return f"refused\n{error}"
    json.dumps(found.to_json()).encode("utf-8")
    for name, text in found.texts.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not name.isascii():
            raise AssertionError(f"a file elsewhere: {name}")
        text.encode("utf-8")
    found.apply(output)
    return "imported\n"


if __name__ == "__main__":
    _serve()
