"""Values of ours as values of the protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from forge.diagnostics import Applicability, Diagnostic, Edit, Fix, Severity
from forge.editing.completion import Sort, Suggestion
from forge.editing.domain import Domain
from forge.editing.symbols import Location, Symbol, SymbolSort, library_file
from forge.source import Span
from specora.lsp.session import Session

SOURCE = "specora"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
_ITEMS = {
    Sort.KEY: types.CompletionItemKind.Property,
    Sort.WORD: types.CompletionItemKind.EnumMember,
    Sort.FIELD: types.CompletionItemKind.Field,
    Sort.CONTRACT: types.CompletionItemKind.Reference,
    Sort.STATE: types.CompletionItemKind.Constant,
    Sort.FUNCTION: types.CompletionItemKind.Function,
}
_SYMBOLS = {
    SymbolSort.ENTITY: types.SymbolKind.Class,
    SymbolSort.WORKFLOW: types.SymbolKind.Enum,
    SymbolSort.ROUTE: types.SymbolKind.Interface,
    SymbolSort.PAGE: types.SymbolKind.File,
    SymbolSort.AGENT: types.SymbolKind.Event,
    SymbolSort.MIXIN: types.SymbolKind.Module,
    SymbolSort.INFRA: types.SymbolKind.Namespace,
    SymbolSort.FIELD: types.SymbolKind.Field,
    SymbolSort.STATE: types.SymbolKind.EnumMember,
    SymbolSort.OPERATION: types.SymbolKind.Method,
}


class Conversion:
    """Conversions that need the texts of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def location(self, domain: Domain, place: Location) -> types.Location:
        """A place in any file of a domain or of the standard library."""
        return types.Location(
            self._session.uri_of(place.file), self._range(domain, place)
        )

    def _range(self, domain: Domain, place: Location) -> types.Range:
        text = domain.text(place.file)
        if text is None:
            text = domain.text_of_library(place.file)
        return self._session.lines_of(place.file, text).range(place.start, place.end)

    def diagnostic(
        self, domain: Domain, diagnostic: Diagnostic, texts: dict[str, str]
    ) -> types.Diagnostic:
        """A fault, with its places in the texts in which it was found."""
        message = diagnostic.message
        if diagnostic.help:
            message = f"{message}\n{diagnostic.help}"
        return types.Diagnostic(
            range=self.span(diagnostic.span, texts),
            message=message,
            severity=_SEVERITIES[diagnostic.severity],
            code=diagnostic.name,
            source=SOURCE,
            related_information=[
                types.DiagnosticRelatedInformation(
                    types.Location(
                        self._session.uri_of(_file(r.span)),
                        self._related(domain, r.span, texts),
                    ),
                    r.text,
                )
                for r in diagnostic.related
                if _file(r.span)
            ],
        )

    def span(self, span: Span, texts: dict[str, str]) -> types.Range:
        """A span in the text that it was found in; one character where it holds none."""
        text = texts.get(span.file, "")
        start, end = span.start.offset, span.end.offset
        if start >= end and text[start : start + 1] not in ("", "\n", "\r"):
            end = start + 1
        return self._session.lines_of(span.file, text).range(start, end)

    def _related(
        self, domain: Domain, span: Span, texts: dict[str, str]
    ) -> types.Range:
        if span.file in texts:
            return self.span(span, texts)
        place = Location(_file(span), span.start.offset, span.end.offset)
        return self._range(domain, place)

    def item(self, domain: Domain, file: str, one: Suggestion) -> types.CompletionItem:
        """A suggestion."""
        lines = self._session.lines(domain, file)
        documentation = None
        if one.documentation:
            documentation = types.MarkupContent(
                types.MarkupKind.Markdown, one.documentation
            )
        return types.CompletionItem(
            label=one.label,
            kind=_ITEMS[one.sort],
            detail=one.detail or None,
            documentation=documentation,
            sort_text=f"{one.rank:04}{one.label}",
            filter_text=one.label,
            text_edit=types.TextEdit(lines.range(one.start, one.end), one.text),
        )

    def symbol(self, domain: Domain, symbol: Symbol) -> types.DocumentSymbol:
        """A symbol with what is in it."""
        return types.DocumentSymbol(
            name=symbol.name,
            kind=_SYMBOLS[symbol.sort],
            range=self._range(domain, symbol.whole),
            selection_range=self._range(domain, symbol.place),
            detail=symbol.detail or None,
            children=[self.symbol(domain, child) for child in symbol.children],
        )

    def workspace_symbol(self, domain: Domain, symbol: Symbol) -> types.WorkspaceSymbol:
        """A symbol by itself."""
        return types.WorkspaceSymbol(
            location=self.location(domain, symbol.place),
            name=symbol.name,
            kind=_SYMBOLS[symbol.sort],
            container_name=symbol.container or None,
        )

    def edits(
        self, edits: Iterable[Edit], texts: dict[str, str]
    ) -> dict[str, list[types.TextEdit]]:
        """Edits by URI."""
        found: dict[str, list[types.TextEdit]] = {}
        for edit in edits:
            file = edit.span.file
            lines = self._session.lines_of(file, texts.get(file, ""))
            place = lines.range(edit.span.start.offset, edit.span.end.offset)
            found.setdefault(self._session.uri_of(file), []).append(
                types.TextEdit(place, edit.text)
            )
        return found

    def whole(self, file: str, before: str, after: str) -> types.TextEdit:
        """The edit from one text of a file to another, without what begins and ends both."""
        start = 0
        while start < min(len(before), len(after)) and before[start] == after[start]:
            start += 1
        end = 0
        most = min(len(before), len(after)) - start
        while end < most and before[-1 - end] == after[-1 - end]:
            end += 1
        lines = self._session.lines_of(file, before)
        place = lines.range(start, len(before) - end)
        return types.TextEdit(place, after[start : len(after) - end])


def offered(diagnostics: Iterable[Diagnostic]) -> Iterator[tuple[Diagnostic, Fix]]:
    """The fixes that an editor can carry out, each with its fault."""
    for diagnostic in diagnostics:
        for fix in diagnostic.fixes:
            if fix.edits and fix.applicability is not Applicability.DISPLAY:
                yield diagnostic, fix


def _file(span: Span) -> str:
    """The file of a span; empty for what no file holds."""
    if span.file.startswith("<stdlib>/"):
        return library_file(span.file)
    return "" if span.file.startswith("<") else span.file
