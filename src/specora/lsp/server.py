"""The language server: what it answers, and when it speaks by itself."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import json_rpc
from pygls.uris import to_fs_path

from forge.diagnostics import Applicability, Diagnostic
from forge.diagnostics.fixes import Texts, fix_texts
from forge.editing import renaming, symbols
from forge.editing.assessment import Verdict
from forge.editing.completion import complete
from forge.editing.domain import Domain
from forge.editing.hover import hover
from forge.editing.renaming import Refusal, Renaming
from specora.lsp.conversion import Conversion, offered
from specora.lsp.publishing import Publishing
from specora.lsp.session import Session

NAME = "specora"
FIX_ALL = "source.fixAll.specora"
_TRIGGERS = (":", " ", "/", "-", ">", ",", "[", "{", '"', "'", ".", "=")
_WATCHED = ("**/*.contract.yaml", "**/behaviors/**/*.py", "**/behaviors/*.py")
_MOST_SYMBOLS = 500
_SWITCH = 0.0005
"""Seconds after which an analysis makes way for a request."""


class RequestFailed(JsonRpcException):
    """A request that is understood and cannot be carried out, with the reason."""

    CODE = types.LSPErrorCodes.RequestFailed


def _is_fault(record: logging.LogRecord) -> bool:
    """Whether a record of the library tells of a fault: a refusal is an answer."""
    return not (record.exc_info and isinstance(record.exc_info[1], RequestFailed))


class Server:
    """The state behind the handlers."""

    def __init__(self, speaker: LanguageServer) -> None:
        self.speaker = speaker
        self.session = Session(self._heard)
        self.conversion = Conversion(self.session)
        self.publishing = Publishing(speaker, self.session, self.conversion)

    def _heard(self, domain: Domain, verdict: Verdict) -> None:
        self.publishing.publish(domain, verdict)

    def at(self, uri: str, position: types.Position) -> tuple[Domain, str, int] | None:
        """What a position means; `None` where it is in no contract."""
        known = self.session.known(uri)
        if known is None:
            return None
        domain, file = known
        return domain, file, self.session.lines(domain, file).offset(position)

    # Life

    def initialize(self, params: types.InitializeParams) -> None:
        encoding = self.speaker.workspace.position_encoding
        self.session.encoding = str(getattr(encoding, "value", encoding))
        self._take_folders(params.root_uri)
        self.publishing.listen(params.capabilities)

    def initialized(self, params: types.InitializedParams) -> None:
        workspace = self.speaker.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching is not None and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
            self.speaker.client_register_capability(
                types.RegistrationParams(
                    [
                        types.Registration(
                            "watched-files",
                            types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                            types.DidChangeWatchedFilesRegistrationOptions(watchers),
                        )
                    ]
                )
            )
        self._load_folders()

    def folders_changed(self, params: types.DidChangeWorkspaceFoldersParams) -> None:
        self._take_folders(None)
        self._load_folders()

    def _take_folders(self, otherwise: str | None) -> None:
        """What the editor has open; `otherwise` where it names no folders."""
        uris = list(self.speaker.workspace.folders) or [otherwise or ""]
        paths = (to_fs_path(uri) for uri in uris)
        self.session.folders = tuple(Path(path) for path in paths if path)

    def _load_folders(self) -> None:
        for domain in self.session.load_folders():
            self.session.schedule(domain)

    # Texts

    def opened(
        self,
        params: types.DidOpenTextDocumentParams | types.DidChangeTextDocumentParams,
    ) -> None:
        uri = params.text_document.uri
        text = self.speaker.workspace.get_text_document(uri).source
        domain = self.session.open(uri, text)
        if domain is not None:
            self.session.schedule(domain)

    def closed(self, params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        domain = self.session.close(uri)
        if domain is None:
            return
        if domain.single:
            self.publishing.withdraw(uri)
        else:
            self.session.schedule(domain)

    def saved(self, params: types.DidSaveTextDocumentParams) -> None:
        for domain in tuple(self.session.refresh((params.text_document.uri,))):
            self.session.schedule(domain)

    def watched(self, params: types.DidChangeWatchedFilesParams) -> None:
        uris = tuple(change.uri for change in params.changes)
        for domain in tuple(self.session.refresh(uris)):
            self.session.schedule(domain)

    # Reading

    def completion(self, params: types.CompletionParams) -> types.CompletionList:
        found = self.at(params.text_document.uri, params.position)
        items = []
        if found is not None:
            domain, file, offset = found
            suggestions = complete(domain, file, offset)
            items = [self.conversion.item(domain, file, one) for one in suggestions]
        return types.CompletionList(is_incomplete=False, items=items)

    def hover(self, params: types.HoverParams) -> types.Hover | None:
        found = self.at(params.text_document.uri, params.position)
        answer = hover(*found) if found is not None else None
        if found is None or answer is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, answer.text)
        lines = self.session.lines(found[0], found[1])
        return types.Hover(content, lines.range(answer.place.start, answer.place.end))

    def definition(self, params: types.DefinitionParams) -> list[types.Location]:
        found = self.at(params.text_document.uri, params.position)
        if found is None:
            return []
        places = symbols.definitions(*found)
        return [self.conversion.location(found[0], place) for place in places]

    def references(self, params: types.ReferenceParams) -> list[types.Location]:
        found = self.at(params.text_document.uri, params.position)
        if found is None:
            return []
        declaration = params.context.include_declaration
        places = symbols.references(*found, declaration=declaration)
        return [self.conversion.location(found[0], place) for place in places]

    def document_symbols(
        self, params: types.DocumentSymbolParams
    ) -> list[types.DocumentSymbol]:
        known = self.session.known(params.text_document.uri)
        if known is None:
            return []
        found = symbols.document_symbols(*known)
        return [self.conversion.symbol(known[0], one) for one in found]

    def workspace_symbols(
        self, params: types.WorkspaceSymbolParams
    ) -> list[types.WorkspaceSymbol]:
        found = (
            self.conversion.workspace_symbol(domain, one)
            for domain in self.session.domains
            for one in symbols.workspace_symbols(domain, params.query)
        )
        return [one for one, _ in zip(found, range(_MOST_SYMBOLS), strict=False)]

    # Changing

    def prepare_rename(
        self, params: types.PrepareRenameParams
    ) -> types.PrepareRenamePlaceholder | None:
        found = self.at(params.text_document.uri, params.position)
        if found is None:
            return None
        answer = renaming.prepare(*found)
        if isinstance(answer, Refusal):
            raise RequestFailed(answer.reason)
        lines = self.session.lines(found[0], found[1])
        place = lines.range(answer.place.start, answer.place.end)
        return types.PrepareRenamePlaceholder(place, answer.name)

    def rename(self, params: types.RenameParams) -> types.WorkspaceEdit | None:
        found = self.at(params.text_document.uri, params.position)
        if found is None:
            return None
        answer = renaming.rename(*found, params.new_name)
        if isinstance(answer, Refusal):
            raise RequestFailed(answer.reason)
        if answer.mentions:
            listed = ", ".join(answer.mentions)
            self.speaker.window_show_message(
                types.ShowMessageParams(
                    types.MessageType.Info,
                    f"No edit changes these, look at them: {listed}",
                )
            )
        return self._workspace_edit(found[0], answer)

    def _workspace_edit(self, domain: Domain, answer: Renaming) -> types.WorkspaceEdit:
        texts = {
            edit.span.file: domain.text(edit.span.file) or ""
            for edit in answer.fix.edits
        }
        changes = self.conversion.edits(answer.fix.edits, texts)
        if not answer.moves:
            return types.WorkspaceEdit(changes=changes)
        if not self.publishing.moves_files:
            raise RequestFailed(
                f"`{answer.moves[0][0]}` is called after it, and this editor moves no files"
            )
        documents: list[
            types.TextDocumentEdit
            | types.CreateFile
            | types.RenameFile
            | types.DeleteFile
        ] = [
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri, None), list(edits)
            )
            for uri, edits in changes.items()
        ]
        documents += [
            types.RenameFile(self.session.uri_of(old), self.session.uri_of(new))
            for old, new in answer.moves
        ]
        return types.WorkspaceEdit(document_changes=documents)

    async def code_actions(
        self, params: types.CodeActionParams
    ) -> list[types.CodeAction]:
        known = self.session.known(params.text_document.uri)
        if known is None:
            return []
        domain, file = known
        verdict = await self.session.current(domain)
        only = params.context.only
        found: list[types.CodeAction] = []
        if _wanted(types.CodeActionKind.QuickFix, only):
            found += self._quick_fixes(domain, verdict, file, params.range)
        if _wanted(FIX_ALL, only):
            found += self._fix_all(domain, verdict, file)
        return found

    def _quick_fixes(
        self, domain: Domain, verdict: Verdict, file: str, around: types.Range
    ) -> list[types.CodeAction]:
        found = []
        for diagnostic, fix in offered(verdict.diagnostics.get(file, ())):
            one = self.conversion.diagnostic(domain, diagnostic, verdict.texts)
            if one.range.end < around.start or around.end < one.range.start:
                continue
            changes = self.conversion.edits(fix.edits, verdict.texts)
            found.append(
                types.CodeAction(
                    title=fix.title,
                    kind=types.CodeActionKind.QuickFix,
                    diagnostics=[one],
                    is_preferred=fix is diagnostic.fixes[0],
                    edit=types.WorkspaceEdit(changes=changes),
                )
            )
        return found

    def _fix_all(
        self, domain: Domain, verdict: Verdict, file: str
    ) -> list[types.CodeAction]:
        """One action for every safe fix of the file, where there are any."""
        text = verdict.texts.get(file)
        offers = offered(verdict.diagnostics.get(file, ()))
        safe = any(fix.applicability is Applicability.SAFE for _, fix in offers)
        if text is None or not safe:
            return []

        def faults(texts: Texts) -> tuple[Diagnostic, ...]:
            return tuple(d for d in domain.tried(texts, {}) if d.span.file == file)

        fixed = fix_texts({file: text}, faults).changed.get(file)
        if fixed is None:
            return []
        edit = self.conversion.whole(file, text, fixed)
        return [
            types.CodeAction(
                title="Apply every safe fix",
                kind=FIX_ALL,
                edit=types.WorkspaceEdit(changes={self.session.uri_of(file): [edit]}),
            )
        ]


def _wanted(kind: str, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether a client that asks for some kinds of action alone asks for this one."""
    if only is None:
        return True
    names = [str(getattr(one, "value", one)) for one in only]
    kind = str(getattr(kind, "value", kind))
    return any(kind == name or kind.startswith(f"{name}.") for name in names)


def make() -> LanguageServer:
    """A server with its handlers."""
    speaker = LanguageServer(
        NAME, "1", text_document_sync_kind=types.TextDocumentSyncKind.Full
    )
    server = Server(speaker)
    plain: Mapping[str, Callable[[Any], Any]] = {
        types.INITIALIZE: server.initialize,
        types.INITIALIZED: server.initialized,
        types.TEXT_DOCUMENT_DID_OPEN: server.opened,
        types.TEXT_DOCUMENT_DID_CHANGE: server.opened,
        types.TEXT_DOCUMENT_DID_CLOSE: server.closed,
        types.TEXT_DOCUMENT_DID_SAVE: server.saved,
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES: server.watched,
        types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: server.folders_changed,
        types.TEXT_DOCUMENT_HOVER: server.hover,
        types.TEXT_DOCUMENT_DEFINITION: server.definition,
        types.TEXT_DOCUMENT_REFERENCES: server.references,
        types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: server.document_symbols,
        types.WORKSPACE_SYMBOL: server.workspace_symbols,
        types.TEXT_DOCUMENT_PREPARE_RENAME: server.prepare_rename,
        types.WORKSPACE_DIAGNOSTIC: server.publishing.workspace_diagnostic,
    }
    for method, handler in plain.items():
        # The library marks what it is given, which a method does not bear.
        speaker.feature(method)(partial(handler))
    triggers = types.CompletionOptions(trigger_characters=list(_TRIGGERS))
    speaker.feature(types.TEXT_DOCUMENT_COMPLETION, triggers)(
        partial(server.completion)
    )
    speaker.feature(
        types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True)
    )(partial(server.rename))
    kinds = types.CodeActionOptions([types.CodeActionKind.QuickFix, FIX_ALL])
    speaker.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)(
        partial(server.code_actions)
    )
    pulled = types.DiagnosticOptions(
        inter_file_dependencies=True, workspace_diagnostics=True, identifier=NAME
    )
    speaker.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, pulled)(
        partial(server.publishing.diagnostic)
    )
    return speaker


def run() -> None:
    """Serve on standard input and output until the client is done."""
    sys.setswitchinterval(_SWITCH)
    json_rpc.logger.addFilter(_is_fault)
    make().start_io()
