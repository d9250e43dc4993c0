"""Domains that are served on every adapter in this process, to converse with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from forge.ir.application import Application
from forge.ir.compiler import Compiler
from forge.targets.generation import generate
from forge.targets.registry import find_targets
from tests.model.apps import Service, services
from tests.model.playing import Step, hold
from tests.model.shrinking import shrunk
from tests.postgres_server import new_database


@dataclass(frozen=True, slots=True)
class Stage:
    """A domain that is served on every adapter."""

    ir: Application
    services: tuple[Service, ...]
    runner: asyncio.Runner

    def __repr__(self) -> str:
        return f"Stage({self.ir.domain!r})"

    def hold(self, steps: Sequence[Step]) -> None:
        """Hold one conversation. Raises `Divergence` with the shortest that fails."""
        first = self._fault(steps)
        if first is not None:
            short = shrunk(steps, lambda some: self._fault(some) is not None)
            fault = self._fault(short)
            if fault is not None:
                fault.add_note(f"to keep in regressions: {json.dumps(short)}")
                raise fault
            first.add_note(f"fails at times: {json.dumps(steps)}")
            raise first

    def _fault(self, steps: Sequence[Step]) -> Exception | None:
        try:
            self.runner.run(hold(self.ir, self.services, steps))
        except Exception as fault:
            return fault
        return None


@contextmanager
def staged(domain: Path, state: Path, server_url: str) -> Iterator[Stage]:
    """The contracts in a folder, compiled and served."""
    ir = Compiler(contract_root=domain).compile()
    state.mkdir(parents=True, exist_ok=True)
    folder = state / "app"
    for file in generate(ir, find_targets(("fastapi-prod",))):
        place = folder / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content.encode("utf-8"))
    with ExitStack() as stack:
        url = stack.enter_context(new_database(server_url))
        runner = stack.enter_context(asyncio.Runner())
        context = services(ir, folder, state, url)
        stage = Stage(ir, runner.run(context.__aenter__()), runner)
        try:
            yield stage
        finally:
            runner.run(context.__aexit__(None, None, None))
