"""The tools that run for long, each in a process of its own: generating, and testing."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import anyio

from specora.mcp import arguments as taken
from specora.mcp.faults import Answer, Refused, fault
from specora.mcp.pages import MAX_BYTES, fitting, shortened
from specora.mcp.processes import Ended, run, spc
from specora.mcp.project import Project

GENERATE_SECONDS = 300
_folders: dict[Path, anyio.Lock] = {}
"""Held while something runs in an output folder, so that no test meets half a service."""
_LISTED = 100
"""Paths of a kind that an answer lists."""
_NOTHING_COLLECTED = 5
_ELSEWHERE = frozenset({"DATABASE_URL", "BASE_URL"})
"""Variables that would let tests work on a service or a database of somebody's."""


async def generate(project: Project, call: taken.Generate) -> Answer:
    """Generate the service of a domain, as `spc forge generate --json`."""
    domain = project.domain(call.path)
    output = project.inside(call.output, "/output")
    options = ["--json", f"--output={output.as_posix()}"]
    options += [f"--target={target}" for target in call.targets or ()]
    options += ["--check"] if call.check else []
    command = spc("forge", "generate", *options, "--", domain.as_posix())
    async with _folders.setdefault(output, anyio.Lock()):
        done = await run(command, seconds=GENERATE_SECONDS, environment=os.environ)
    answer = _printed(done)
    for key in ("written", "removed", "refused"):
        names = answer.get(key, [])
        answer[f"{key}_total"] = len(names)
        answer[key] = names[:_LISTED]
    answer = shortened(answer, MAX_BYTES // 2)
    answer["would_change"] = done.code == 3
    if answer["refused"] or answer["summary"]["errors"]:
        raise Refused(answer)
    return answer


def _printed(done: Ended) -> Answer:
    """The JSON value that a command printed."""
    try:
        answer: Answer = json.loads(done.out)
    except ValueError:
        said = done.err.strip() or done.out.strip()
        raise fault("mcp/refused", said[-2000:] or f"exit {done.code}") from None
    return answer


async def run_tests(project: Project, call: taken.RunTests) -> Answer:
    """Run the generated tests of a service: in memory, without any database."""
    output = project.inside(call.output, "/output")
    async with _folders.setdefault(output, anyio.Lock()):
        return await _tested(output / "tests", call)


async def _tested(tests: Path, call: taken.RunTests) -> Answer:
    if not tests.is_dir():
        raise fault(
            "mcp/not-generated",
            f"there is no `{tests.as_posix()}`",
            argument="/output",
            help="call `generate` first",
        )
    environment = {k: v for k, v in os.environ.items() if k not in _ELSEWHERE}
    environment["DATABASE_BACKEND"] = "memory"
    with tempfile.TemporaryDirectory(prefix="specora-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        command += [f"--junitxml={report}", str(tests)]
        command += [f"-k={call.select}"] if call.select else []
        done = await run(command, seconds=call.seconds, environment=environment)
        if not report.is_file():
            said = (done.err.strip() or done.out.strip())[-4000:]
            raise fault("mcp/tests-did-not-run", said or f"exit {done.code}")
        if done.code == _NOTHING_COLLECTED:
            raise fault("mcp/no-tests", "no test was selected", argument="/select")
        return _outcome(report, done)


def _outcome(report: Path, done: Ended) -> Answer:
    """What a report in JUnit's form says."""
    failures: list[dict[str, Any]] = []
    counts = dict.fromkeys(("passed", "failed", "errors", "skipped"), 0)
    for case in ElementTree.parse(report).iter("testcase"):
        kind, said = _verdict(case)
        counts[kind] += 1
        if kind in ("failed", "errors"):
            name = f"{case.get('classname', '')}.{case.get('name', '')}"
            failures.append({"test": name, "message": said})
    shown = fitting(failures)
    return {
        **counts,
        "ok": done.code == 0,
        "failures": shown,
        "more_failures": len(failures) - len(shown),
    }


def _verdict(case: ElementTree.Element) -> tuple[str, str]:
    for tag, kind in (
        ("failure", "failed"),
        ("error", "errors"),
        ("skipped", "skipped"),
    ):
        found = case.find(tag)
        if found is not None:
            return kind, (found.text or found.get("message") or "")[-3000:]
    return "passed", ""
