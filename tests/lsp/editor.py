"""An editor: a real LSP client that talks to a real `spc lsp` over its standard streams."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.uris import to_fs_path

Value = TypeVar("Value")
SPC = Path(sys.executable).parent / "spc"
PATIENCE = 30.0
MARK = "▮"
"""Stands in texts for the place of the cursor."""


class Editor:
    """Has files open, and asks about them. All calls wait for their answer."""

    def __init__(
        self, folder: Path, capabilities: types.ClientCapabilities | None = None
    ) -> None:
        self.folder = folder
        self.diagnostics: dict[str, list[types.Diagnostic]] = {}
        """What was pushed last, by URI."""
        self.messages: list[str] = []
        self.refreshes = 0
        self.watched: list[str] = []
        self.errors = ""
        """What the server wrote to its standard error."""
        self._versions: dict[str, int] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.client = LanguageClient("editor", "1")
        self._listen()
        self.capabilities = self.ask(self._start(capabilities)).capabilities

    def ask(self, question: Coroutine[Any, Any, Value]) -> Value:
        """The answer to a question."""
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(PATIENCE)

    async def _start(
        self, capabilities: types.ClientCapabilities | None
    ) -> types.InitializeResult:
        await self.client.start_io(str(SPC), "lsp")
        self._reading = asyncio.ensure_future(self._read_errors())
        uri = self.folder.as_uri()
        answer = await self.client.initialize_async(
            types.InitializeParams(
                capabilities=_with_renames(capabilities or types.ClientCapabilities()),
                root_uri=uri,
                workspace_folders=[types.WorkspaceFolder(uri, "folder")],
            )
        )
        self.client.initialized(types.InitializedParams())
        return answer

    async def _read_errors(self) -> None:
        server = self.client._server
        assert server is not None
        assert server.stderr is not None
        while line := await server.stderr.readline():
            self.errors += line.decode(errors="replace")

    def _listen(self) -> None:
        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.diagnostics[params.uri] = list(params.diagnostics)

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def shown(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @self.client.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        def refreshed(*params: object) -> None:
            self.refreshes += 1

        @self.client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def registered(params: types.RegistrationParams) -> None:
            self.watched += [one.method for one in params.registrations]

    # Files

    def uri(self, name: str) -> str:
        """The URI of a file of the folder."""
        return (self.folder / name).as_uri()

    def read(self, name: str) -> str:
        """The text of a file on disk."""
        return (self.folder / name).read_bytes().decode()

    def open(self, name: str, text: str | None = None) -> str:
        """Open a file, or change it where it is open. A mark in the text is left out."""
        full = self.read(name) if text is None else text
        shown = full.replace(MARK, "")
        uri = self.uri(name)
        version = self._versions[uri] = self._versions.get(uri, 0) + 1
        if version == 1:
            item = types.TextDocumentItem(uri, "yaml", version, shown)
            self.tell(
                self.client.text_document_did_open,
                types.DidOpenTextDocumentParams(item),
            )
        else:
            change = types.TextDocumentContentChangeWholeDocument(shown)
            changed = types.VersionedTextDocumentIdentifier(version, uri)
            params = types.DidChangeTextDocumentParams(changed, [change])
            self.tell(self.client.text_document_did_change, params)
        return shown

    def close(self, name: str) -> None:
        """Close a file, whose text on disk counts again."""
        self._versions.pop(self.uri(name), None)
        params = types.DidCloseTextDocumentParams(self.document(name))
        self.tell(self.client.text_document_did_close, params)

    def save(self, name: str, text: str) -> None:
        """Write a file and say so."""
        (self.folder / name).write_bytes(text.encode())
        params = types.DidSaveTextDocumentParams(self.document(name))
        self.tell(self.client.text_document_did_save, params)

    def changed_on_disk(self, name: str) -> None:
        """Say that something else changed a file."""
        event = types.FileEvent(self.uri(name), types.FileChangeType.Changed)
        params = types.DidChangeWatchedFilesParams([event])
        self.tell(self.client.workspace_did_change_watched_files, params)

    def tell(self, method: Callable[[Any], None], params: object) -> None:
        """Send a notification."""

        async def tell() -> None:
            method(params)

        self.ask(tell())

    def document(self, name: str) -> types.TextDocumentIdentifier:
        """A file as requests name it."""
        return types.TextDocumentIdentifier(self.uri(name))

    # Questions

    def complete(self, name: str, text: str) -> dict[str, types.CompletionItem]:
        """What could stand at the mark of a text, by label."""
        self.open(name, text)
        place = position(text)
        params = types.CompletionParams(self.document(name), place)
        answer = self.ask(self.client.text_document_completion_async(params))
        assert isinstance(answer, types.CompletionList)
        return {item.label: item for item in answer.items}

    def hover(self, name: str, at: types.Position) -> str:
        """What is shown at a place; empty where that is nothing."""
        params = types.HoverParams(self.document(name), at)
        answer = self.ask(self.client.text_document_hover_async(params))
        if answer is None:
            return ""
        assert isinstance(answer.contents, types.MarkupContent)
        return answer.contents.value

    def definition(self, name: str, at: types.Position) -> list[tuple[str, str]]:
        """Where something is declared: file names, and the text that stands there."""
        params = types.DefinitionParams(self.document(name), at)
        answer = self.ask(self.client.text_document_definition_async(params))
        return [
            self._quoted(one) for one in answer or () if isinstance(one, types.Location)
        ]

    def references(
        self, name: str, at: types.Position, *, declaration: bool = True
    ) -> list[tuple[str, str]]:
        """Every place that means the same: file names, and the text that stands there."""
        context = types.ReferenceContext(declaration)
        params = types.ReferenceParams(context, self.document(name), at)
        answer = self.ask(self.client.text_document_references_async(params))
        return [self._quoted(one) for one in answer or ()]

    def _quoted(self, place: types.Location) -> tuple[str, str]:
        path = path_of(place.uri)
        return path.name, within(path.read_bytes().decode(), place.range)

    def rename(
        self, name: str, at: types.Position, new: str
    ) -> types.WorkspaceEdit | None:
        """The edits of a rename."""
        params = types.RenameParams(self.document(name), at, new)
        return self.ask(self.client.text_document_rename_async(params))

    def actions(
        self, name: str, only: list[types.CodeActionKind | str] | None = None
    ) -> list[types.CodeAction]:
        """What an editor offers in all of a file."""
        whole = types.Range(types.Position(0, 0), types.Position(10_000, 0))
        context = types.CodeActionContext([], only)
        params = types.CodeActionParams(self.document(name), whole, context)
        answer = self.ask(self.client.text_document_code_action_async(params))
        return [one for one in answer or () if isinstance(one, types.CodeAction)]

    def codes(self, name: str) -> list[str]:
        """The names of the rules that files break, as pushed last."""
        found = self.diagnostics.get(self.uri(name), [])
        return [str(one.code) for one in found]

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; fails where it never does."""
        end = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < end, (
                f"not in time; the server said: {self.errors}"
            )
            time.sleep(0.01)

    def stop(self) -> int | None:
        """End the server as editors do; its exit code."""

        async def end() -> int | None:
            await self.client.shutdown_async(None)
            self.client.exit(None)
            server = self.client._server
            assert server is not None
            code = await server.wait()
            await self.client.stop()
            await self._reading
            return code

        code = self.ask(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        return code


def _with_renames(capabilities: types.ClientCapabilities) -> types.ClientCapabilities:
    """What a client can do, renames that are asked about first included."""
    document = capabilities.text_document or types.TextDocumentClientCapabilities()
    document.rename = types.RenameClientCapabilities(prepare_support=True)
    capabilities.text_document = document
    return capabilities


def path_of(uri: str) -> Path:
    """The path of a file."""
    path = to_fs_path(uri)
    assert path is not None
    return Path(path)


def position(text: str, needle: str = MARK, plus: int = 0) -> types.Position:
    """The place of a needle in a text, in UTF-16."""
    at = text.index(needle) + plus
    before = text[:at].replace("\r\n", "\n")
    line, last = before.count("\n"), before.rpartition("\n")[2]
    return types.Position(line, len(last.encode("utf-16-le")) // 2)


def within(text: str, place: types.Range) -> str:
    """What stands in a range of one line, in UTF-16."""
    line = text.split("\n")[place.start.line].encode("utf-16-le")
    return line[place.start.character * 2 : place.end.character * 2].decode("utf-16-le")


def edited(text: str, edits: list[types.TextEdit]) -> str:
    """A text of one unit a character with edits carried out."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for edit in sorted(
        edits, key=lambda e: (e.range.start.line, e.range.start.character)
    )[::-1]:
        start = starts[edit.range.start.line] + edit.range.start.character
        end = starts[edit.range.end.line] + edit.range.end.character
        text = text[:start] + edit.new_text + text[end:]
    return text
