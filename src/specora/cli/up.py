"""`spc up`"""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from forge.cache import Cache
from forge.emit import File
from forge.emit.writer import apply_changes, plan_changes
from forge.ir.compiler import Compiler
from forge.targets.generation import generate
from forge.targets.registry import EVERYTHING, find_targets
from specora.cli import output
from specora.cli.domains import domains_of, path_argument
from specora.run.embedded_postgres import PostgresMissing, embedded_postgres
from specora.run.examples import ExamplesRefused, create_examples, load_examples
from specora.run.service import AddressRefused, Service
from specora.run.watch import snapshot

POLL_SECONDS = 0.5


@click.command("up")
@path_argument
@click.option(
    "--backend",
    type=click.Choice(("sqlite", "memory", "postgres")),
    default="sqlite",
    show_default=True,
    help="Where records are kept.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option(
    "--output",
    "-o",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("runtime"),
    show_default=True,
    help="Folder to generate to.",
)
@click.option(
    "--reload/--no-reload",
    default=True,
    help="Regenerate and restart on a change; on by default.",
)
@click.option(
    "--examples/--no-examples",
    default=True,
    help="Create the domain's example records.",
)
@output.json_lines_option
def command(
    path: Path | None,
    backend: str,
    host: str,
    port: int,
    folder: Path,
    reload: bool,
    examples: bool,
    as_json: bool,
) -> int:
    """Generate the service of a domain, run it, and keep it true to its contracts."""
    gc.enable()
    tell = output.Teller(as_json)
    domains = domains_of(path)
    if len(domains) > 1:
        names = ", ".join(f"`{d.as_posix()}`" for d in domains)
        raise click.UsageError(f"several domains here, name one: {names}")
    domain = domains[0]
    # Taken first, so that what changes while the service starts is noticed.
    seen = snapshot(domain)
    try:
        with _stopped_by_signals():
            if not _generate(domain, folder, tell):
                return output.ERRORS
            with _service(folder, host, port, backend) as service:
                steps = load_examples(domain) if examples else []
                if not _serve(domain, service, steps, tell):
                    return output.ERRORS
                if reload:
                    _watch(domain, folder, service, seen, tell)
                return _wait(service)
    except (PostgresMissing, ExamplesRefused) as error:
        raise click.ClickException(str(error)) from None
    return output.OK


def _generate(domain: Path, folder: Path, tell: output.Teller) -> bool:
    """Bring `folder` to the contracts; whether that was possible."""
    cache = Cache()
    analysis = Compiler(domain, cache=cache).analyze()
    diagnostics = analysis.diagnostics
    files: tuple[File, ...] = ()
    if not analysis.failed:
        targets = find_targets((EVERYTHING,))
        generated = generate(analysis.application, targets, cache)
        diagnostics += generated.diagnostics
        files = generated.files
    tell.diagnostics(diagnostics)
    if output.exit_code(diagnostics):
        return False
    owners = {t.name for t in targets}
    changes = plan_changes(folder, files, owners)
    if changes.refused:
        for name in (*changes.edited, *changes.foreign):
            place = f"{folder.as_posix()}/{name}"
            tell("refused", f"{place}: edited by hand, or not generated", file=place)
        return False
    apply_changes(folder, analysis.application.domain, files, changes)
    return True


@contextmanager
def _database(backend: str, folder: Path) -> Iterator[dict[str, str]]:
    """The environment that points a service at its database."""
    environment = {"DATABASE_BACKEND": backend}
    if backend != "postgres":
        os.environ.pop("DATABASE_URL", None)
    if "AUTH_DEV_LOGIN" not in os.environ:
        environment["AUTH_DEV_LOGIN"] = "true"
    embedded = backend == "postgres" and "DATABASE_URL" not in os.environ
    with embedded_postgres(folder) if embedded else nullcontext("") as url:
        if url:
            environment["DATABASE_URL"] = url
        yield environment


@contextmanager
def _service(folder: Path, host: str, port: int, backend: str) -> Iterator[Service]:
    """The service with its database; both end with the block."""
    with _database(backend, folder) as environment:
        service = Service(folder, host, port, environment)
        try:
            yield service
        finally:
            service.stop()


class _Stopped(Exception):
    pass


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """End the block on SIGTERM and SIGINT, so that what it started is stopped as well."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _Stopped

    before = {s: signal.signal(s, stop) for s in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except _Stopped:
        output.note("stopped")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _serve(
    domain: Path, service: Service, steps: list[dict[str, Any]], tell: output.Teller
) -> bool:
    """Start the service and fill it with examples; whether it answers."""
    if not _start(service):
        return False
    if made := create_examples(service, steps):
        tell(
            "examples", f"Created example records with {made} requests.", requests=made
        )
    places = {"documentation": f"{service.url}/docs", "health": f"{service.url}/health"}
    lines = (f"  {name:<15} {url}" for name, url in places.items())
    served = f"Serving {domain.as_posix()} at {service.url}"
    text = "\n".join((served, *lines, "Press Ctrl+C to stop."))
    tell("serving", text, url=service.url, **places)
    return True


def _start(service: Service) -> bool:
    try:
        service.start()
    except AddressRefused as error:
        output.note(str(error))
        return False
    if service.wait_until_ready():
        return True
    output.note(f"the service did not start at {service.url}")
    return False


def _wait(service: Service) -> int:
    while service.exit_code() is None:
        time.sleep(POLL_SECONDS)
    return output.ERRORS


def _watch(
    domain: Path,
    folder: Path,
    service: Service,
    seen: dict[str, tuple[int, int]],
    tell: output.Teller,
) -> NoReturn:
    """Restart on every change of a contract. Contracts with errors leave the service as it is."""
    while True:
        time.sleep(POLL_SECONDS)
        current = snapshot(domain)
        if current == seen:
            if service.exit_code() is not None:
                output.note("the service ended; it starts again with the next change")
                service.stop()
            continue
        seen = current
        tell("changed", "Contracts changed.")
        if _regenerate(domain, folder, tell):
            service.stop()
            if _start(service):
                tell("serving", f"Serving at {service.url}", url=service.url)


def _regenerate(domain: Path, folder: Path, tell: output.Teller) -> bool:
    """As `_generate`; what stands in the way is told and does not end the command."""
    try:
        return _generate(domain, folder, tell)
    except click.ClickException as error:
        output.note(error.format_message())
    except OSError as error:
        output.note(str(error))
    return False
