"""What depends on the client: diagnostics that it asks for, encodings, line ends."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types

from tests.lsp.editor import Editor, position
from tests.lsp.places import CUSTOMER, DOMAIN, PAGE, ROOT, TICKET


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / DOMAIN, tmp_path / DOMAIN)
    return tmp_path


def _pulling() -> types.ClientCapabilities:
    return types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            diagnostic=types.DiagnosticClientCapabilities()
        ),
        workspace=types.WorkspaceClientCapabilities(
            diagnostics=types.DiagnosticWorkspaceClientCapabilities(
                refresh_support=True
            )
        ),
    )


def test_clients_that_ask_are_told_when_they_ask(project: Path) -> None:
    editor = Editor(project, _pulling())
    text = editor.open(TICKET)
    editor.open(PAGE)
    editor.open(TICKET, text.replace("    subject:\n", "    sujet:\n"))
    params = types.DocumentDiagnosticParams(editor.document(PAGE))
    found = editor.ask(editor.client.text_document_diagnostic_async(params))
    assert isinstance(found, types.RelatedFullDocumentDiagnosticReport)
    assert [one.code for one in found.items] == ["page/unknown-field"] * 2
    params.previous_result_id = found.result_id
    again = editor.ask(editor.client.text_document_diagnostic_async(params))
    assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
    everything = types.WorkspaceDiagnosticParams([])
    report = editor.ask(editor.client.workspace_diagnostic_async(everything))
    files = sorted(item.uri.rpartition("/")[2] for item in report.items)
    assert files == ["review.contract.yaml", "tickets.contract.yaml"]
    editor.until(lambda: editor.refreshes > 0)
    assert editor.diagnostics == {}
    assert editor.stop() == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_places_are_counted_as_agreed(project: Path, encoding: str) -> None:
    kind = types.PositionEncodingKind(encoding)
    general = types.GeneralClientCapabilities(position_encodings=[kind])
    editor = Editor(project, types.ClientCapabilities(general=general))
    assert editor.capabilities.position_encoding == kind
    text = (
        editor.read(PAGE)
        .replace("title: Tickets", 'title: "😀𝄞", entity')
        .replace(
            "- {type: table, default: true", "- {title: 😀é, type: table, default: true"
        )
    )
    text = text.replace(", entity\n", "\n").replace("\n", "\r\n")
    editor.open(PAGE, text)
    line = next(n for n, one in enumerate(text.split("\r\n")) if "😀é" in one)
    before = text.split("\r\n")[line].partition("subject")[0]
    unit = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
    codec = encoding if encoding == "utf-8" else f"{encoding}-le"
    column = len(before.encode(codec)) // unit
    params = types.HoverParams(editor.document(PAGE), types.Position(line, column + 1))
    found = editor.ask(editor.client.text_document_hover_async(params))
    assert found is not None
    assert found.range == types.Range(
        types.Position(line, column), types.Position(line, column + len("subject"))
    )
    assert editor.stop() == 0


def test_notes_of_a_rename_keep_the_line_ends(project: Path) -> None:
    editor = Editor(project)
    text = editor.read(CUSTOMER).replace("\n", "\r\n")
    (project / CUSTOMER).write_bytes(text.encode())
    editor.open(CUSTOMER)
    edit = editor.rename(CUSTOMER, position(text, "    company:", 5), "firm")
    assert edit is not None
    written = [one.new_text for one in (edit.changes or {})[editor.uri(CUSTOMER)]]
    assert "\r\n      renamed_from: company" in written
    assert editor.stop() == 0


def test_folders_that_are_opened_later_are_looked_through(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "domains/shop/entities").mkdir(parents=True)
    broken = other / "domains/shop/entities/item.contract.yaml"
    broken.write_text("kind: Entity\n")
    editor = Editor(project)
    added = types.WorkspaceFolder(other.as_uri(), "other")
    event = types.WorkspaceFoldersChangeEvent(added=[added], removed=[])
    editor.tell(
        editor.client.workspace_did_change_workspace_folders,
        types.DidChangeWorkspaceFoldersParams(event),
    )
    editor.until(lambda: bool(editor.diagnostics.get(broken.as_uri())))
    assert editor.stop() == 0


def test_says_what_to_install_where_the_library_is_missing() -> None:
    script = (
        "import sys; sys.modules['pygls'] = None; sys.argv = ['spc', 'lsp']; "
        "from specora.cli import main; main()"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "specora-core[lsp]" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_server_ends_with_its_client(project: Path) -> None:
    editor = Editor(project)
    server = editor.client._server
    assert server is not None
    assert server.stdin is not None

    async def leave() -> int:
        assert server.stdin is not None
        server.stdin.close()
        return await server.wait()

    assert editor.ask(leave()) == 0
