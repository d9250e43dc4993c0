"""What `spc lsp` takes to answer: wall time that an editor sees, and CPU time of the server."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median, quantiles

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from bench.compiler import SPC
from bench.synthetic import write_domain

ROUNDS = 60
BOUND = 0.1
"""Seconds in which 95 of 100 answers have come, diagnostics aside."""
SIZES = (50, 200)
"""Entities; each makes four contracts."""
CLOCK = 100
"""Ticks a second of the times in `/proc`."""

Question = Callable[[int], Awaitable[object]]


class Bench:
    """A server on a domain, and a file of it that is being edited."""

    def __init__(self, folder: Path, entities: int) -> None:
        self.folder = folder / f"domains{entities}" / "domains" / "bench"
        write_domain(self.folder, entities)
        self.client = LanguageClient("bench", "1")
        self.said: dict[str, int] = {}
        self.entity = sorted((self.folder / "entities").iterdir())[entities // 2]
        self.page = sorted((self.folder / "pages").iterdir())[entities // 2]
        self.version = 1

    async def start(self) -> float:
        """Start the server and open the files; seconds until the first diagnosis."""
        begun = time.perf_counter()

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def told(params: types.PublishDiagnosticsParams) -> None:
            self.said[params.uri] = len(params.diagnostics)

        await self.client.start_io(str(SPC), "lsp")
        root = self.folder.parent.parent.as_uri()
        await self.client.initialize_async(
            types.InitializeParams(types.ClientCapabilities(), root_uri=root)
        )
        self.client.initialized(types.InitializedParams())
        for file in (self.entity, self.page):
            item = types.TextDocumentItem(file.as_uri(), "yaml", 1, file.read_text())
            self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await self.keystroke(0)
        seconds = time.perf_counter() - begun
        await self.keystroke(1)
        return seconds

    def cpu(self) -> float:
        """CPU seconds of the server so far."""
        assert self.client._server is not None
        stat = (
            Path(f"/proc/{self.client._server.pid}/stat")
            .read_text()
            .rpartition(")")[2]
            .split()
        )
        return (int(stat[11]) + int(stat[12])) / CLOCK

    def _place(
        self, file: Path, needle: str, plus: int = 0, after: str = ""
    ) -> types.Position:
        text = file.read_text()
        at = text.index(needle, text.index(after)) + plus
        return types.Position(text.count("\n", 0, at), at - text.rfind("\n", 0, at) - 1)

    async def keystroke(self, number: int) -> None:
        """Write a name that is wrong, or right again; wait for what other files have of it."""
        text = self.entity.read_text()
        wrong = number % 2 == 0
        if wrong:
            text = text.replace("    title:\n", "    titel:\n")
        self.version += 1
        self.said.pop(self.page.as_uri(), None)
        self._change(text)
        uri = self.page.as_uri()
        while uri not in self.said or (self.said[uri] > 0) is not wrong:
            await asyncio.sleep(0.001)

    def _change(self, text: str) -> None:
        document = types.VersionedTextDocumentIdentifier(
            self.version, self.entity.as_uri()
        )
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(document, [change])
        )

    async def completion(self, number: int) -> object:
        """Complete a mixin's name right after the keystroke that begins it."""
        text = self.entity.read_text() + f"    - mixin/{'s' * (number % 3)}"
        self.version += 1
        self._change(text)
        line = text.count("\n")
        place = types.Position(line, len(text) - text.rfind("\n") - 1)
        document = types.TextDocumentIdentifier(self.entity.as_uri())
        return await self.client.text_document_completion_async(
            types.CompletionParams(document, place)
        )

    async def hover(self, number: int) -> object:
        """Point at the FQN of an entity."""
        place = self._place(self.page, "entity: ", 10)
        document = types.TextDocumentIdentifier(self.page.as_uri())
        return await self.client.text_document_hover_async(
            types.HoverParams(document, place)
        )

    async def definition(self, number: int) -> object:
        """Go from a column of a page to its field."""
        place = self._place(self.page, "title", 1, "columns")
        document = types.TextDocumentIdentifier(self.page.as_uri())
        return await self.client.text_document_definition_async(
            types.DefinitionParams(document, place)
        )

    async def references(self, number: int) -> object:
        """Find what names a field that every entity has by name."""
        document = types.TextDocumentIdentifier(self.entity.as_uri())
        return await self.client.text_document_references_async(
            types.ReferenceParams(
                types.ReferenceContext(True),
                document,
                self._place(self.entity, "title:", 1),
            )
        )

    async def rename(self, number: int) -> object:
        """Rename that field."""
        document = types.TextDocumentIdentifier(self.entity.as_uri())
        return await self.client.text_document_rename_async(
            types.RenameParams(
                document, self._place(self.entity, "title:", 1), "heading"
            )
        )

    async def stop(self) -> None:
        """End the server."""
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()


async def _measure(folder: Path, entities: int) -> bool:
    bench = Bench(folder, entities)
    first = await bench.start()
    print(f"{entities * 4} contracts: first diagnosis after {first:.2f} s")
    print(f"{'ms':<24}{'p50':>8}{'p95':>8}{'CPU':>8}")
    holds = True
    for ask in (
        bench.hover,
        bench.definition,
        bench.references,
        bench.rename,
        bench.completion,
    ):
        holds = await _row(bench, ask) <= BOUND and holds
    bench.version += 1
    bench._change(bench.entity.read_text())
    await asyncio.sleep(1)
    await _row(bench, bench.keystroke)
    await bench.stop()
    return holds


async def _row(bench: Bench, ask: Question) -> float:
    seconds, before = [], bench.cpu()
    for number in range(ROUNDS):
        begun = time.perf_counter()
        answer = await ask(number)
        seconds.append(time.perf_counter() - begun)
        if ask != bench.keystroke and not answer:
            raise RuntimeError(f"{ask.__name__} found nothing")
        await asyncio.sleep(0.02)
    p95 = quantiles(seconds, n=20)[-1]
    cpu = (bench.cpu() - before) / ROUNDS
    print(
        f"{ask.__name__:<24}{median(seconds) * 1e3:8.1f}{p95 * 1e3:8.1f}{cpu * 1e3:8.1f}"
    )
    return p95


def measure() -> bool:
    """Print every figure; whether each answer came in time."""
    with tempfile.TemporaryDirectory(prefix="specora-bench-") as name:
        held = [asyncio.run(_measure(Path(name), size)) for size in SIZES]
    return all(held)


if __name__ == "__main__":
    sys.exit(0 if measure() else 1)
