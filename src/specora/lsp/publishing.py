"""Diagnostics on their way to the editor: pushed, or pulled where the editor asks for them."""

from __future__ import annotations

import hashlib
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from forge.editing.assessment import Verdict
from forge.editing.domain import Domain
from specora.lsp.conversion import Conversion
from specora.lsp.session import Session, file_of


class Publishing:
    """What the editor was told."""

    def __init__(
        self, speaker: LanguageServer, session: Session, conversion: Conversion
    ) -> None:
        self._speaker = speaker
        self._session = session
        self._conversion = conversion
        self._told: dict[str, list[types.Diagnostic]] = {}
        """By URI."""
        self._pulls = False
        self._refreshes = False
        self.moves_files = False
        """Whether the editor can move files as part of an edit."""

    def listen(self, capabilities: types.ClientCapabilities) -> None:
        """Take in what the editor can do."""
        document, workspace = capabilities.text_document, capabilities.workspace
        self._pulls = document is not None and document.diagnostic is not None
        refreshing = workspace.diagnostics if workspace else None
        self._refreshes = bool(refreshing and refreshing.refresh_support)
        editing = workspace.workspace_edit if workspace else None
        operations = (editing.resource_operations or ()) if editing else ()
        self.moves_files = types.ResourceOperationKind.Rename in operations

    def publish(self, domain: Domain, verdict: Verdict) -> None:
        """Tell what is new of the files whose text is still the one that was looked at."""
        changed = False
        gone = [
            uri
            for uri in self._told
            if (file := file_of(uri))
            and domain.holds(file)
            and file not in verdict.texts
        ]
        for file in verdict.texts:
            if domain.text(file) != verdict.texts[file]:
                continue
            changed = (
                self._tell(
                    self._session.uri_of(file), self._found(domain, verdict, file)
                )
                or changed
            )
        for uri in gone:
            changed = self._tell(uri, []) or changed
        if changed and self._pulls and self._refreshes:
            self._speaker.workspace_diagnostic_refresh(None)

    def withdraw(self, uri: str) -> None:
        """Take back what was said of a file."""
        self._tell(uri, [])

    def _tell(self, uri: str, found: list[types.Diagnostic]) -> bool:
        if self._told.get(uri, []) == found:
            return False
        self._told[uri] = found
        if not self._pulls:
            document = self._speaker.workspace.text_documents.get(uri)
            version = document.version if document is not None else None
            self._speaker.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(uri, found, version)
            )
        return True

    def _found(
        self, domain: Domain, verdict: Verdict, file: str
    ) -> list[types.Diagnostic]:
        return [
            self._conversion.diagnostic(domain, one, verdict.texts)
            for one in verdict.diagnostics.get(file, ())
        ]

    async def diagnostic(
        self, params: types.DocumentDiagnosticParams
    ) -> (
        types.RelatedFullDocumentDiagnosticReport
        | types.RelatedUnchangedDocumentDiagnosticReport
    ):
        """What is wrong with one file."""
        known = self._session.known(params.text_document.uri)
        if known is None:
            return types.RelatedFullDocumentDiagnosticReport([])
        domain, file = known
        verdict = await self._session.current(domain)
        found = self._found(domain, verdict, file)
        result = _digest(found)
        if result == params.previous_result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(result)
        return types.RelatedFullDocumentDiagnosticReport(found, result_id=result)

    async def workspace_diagnostic(
        self, params: types.WorkspaceDiagnosticParams
    ) -> types.WorkspaceDiagnosticReport:
        """What is wrong with every file of the domains that are open."""
        before = {one.uri: one.value for one in params.previous_result_ids}
        items: list[Any] = []
        for domain in self._session.domains:
            verdict = await self._session.current(domain)
            for file in verdict.texts:
                uri = self._session.uri_of(file)
                found = self._found(domain, verdict, file)
                result = _digest(found)
                if before.get(uri) == result:
                    items.append(
                        types.WorkspaceUnchangedDocumentDiagnosticReport(uri, result)
                    )
                elif found or uri in before:
                    items.append(
                        types.WorkspaceFullDocumentDiagnosticReport(
                            uri, found, result_id=result
                        )
                    )
        return types.WorkspaceDiagnosticReport(items)


def _digest(found: list[types.Diagnostic]) -> str:
    return hashlib.blake2b(
        repr(found).encode(errors="replace"), digest_size=12
    ).hexdigest()
