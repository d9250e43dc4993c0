"""One editor's session on a copy of the helpdesk: every feature, over real streams."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from forge.ir.compiler import analyze
from forge.parser.loader import load_all_contracts
from tests.lsp.completions import COMPLETIONS
from tests.lsp.editor import Editor, edited, path_of, position
from tests.lsp.places import CUSTOMER, DOMAIN, FLOW, PAGE, REVIEW, ROOT, TICKET


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project of an editor")
    shutil.copytree(ROOT / DOMAIN, folder / DOMAIN)
    return folder


@pytest.fixture(scope="module")
def started(project: Path) -> Iterator[Editor]:
    watching = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    moving = types.WorkspaceEditClientCapabilities(
        resource_operations=[types.ResourceOperationKind.Rename]
    )
    workspace = types.WorkspaceClientCapabilities(
        did_change_watched_files=watching, workspace_edit=moving
    )
    editor = Editor(project, types.ClientCapabilities(workspace=workspace))
    yield editor
    assert editor.stop() == 0
    assert editor.errors == ""


@pytest.fixture
def editor(started: Editor) -> Iterator[Editor]:
    """The editor, whose files all stand as on disk before and after."""
    yield started
    for uri in tuple(started._versions):
        started.close(uri.removeprefix(started.folder.as_uri() + "/"))


def test_says_what_it_can_do_and_nothing_else(editor: Editor) -> None:
    able = editor.capabilities
    assert able.position_encoding == types.PositionEncodingKind.Utf16
    assert able.document_formatting_provider is None
    assert able.rename_provider == types.RenameOptions(prepare_provider=True)
    editor.until(lambda: types.WORKSPACE_DID_CHANGE_WATCHED_FILES in editor.watched)


def test_faults_come_and_go_with_keystrokes_in_every_file(editor: Editor) -> None:
    text = editor.open(TICKET)
    editor.open(TICKET, text.replace("    subject:\n", "    sujet:\n"))
    editor.until(lambda: editor.codes(PAGE) == ["page/unknown-field"] * 2)
    assert editor.codes(REVIEW) == ["entity/unknown-target-field"]
    assert editor.codes(TICKET) == []
    editor.open(TICKET, text)
    editor.until(lambda: not editor.codes(PAGE) and not editor.codes(REVIEW))


def test_text_that_cannot_be_read_troubles_no_other_file(editor: Editor) -> None:
    text = editor.open(TICKET)
    editor.open(TICKET, text.replace("  fields:\n", "  fields\n"))
    editor.until(lambda: editor.codes(TICKET) == ["yaml/syntax"])
    assert editor.codes(PAGE) == []
    assert editor.codes(REVIEW) == []
    editor.close(TICKET)
    editor.until(lambda: editor.codes(TICKET) == [])


def test_a_fault_of_form_points_at_its_place(editor: Editor) -> None:
    text = editor.open(CUSTOMER).replace("type: email", "type: emial")
    editor.open(CUSTOMER, text)
    editor.until(lambda: editor.codes(CUSTOMER) == ["entity/unknown-field-type"])
    (fault,) = editor.diagnostics[editor.uri(CUSTOMER)]
    assert fault.range.start == position(text, "emial")
    assert fault.range.end == position(text, "emial", 5)
    assert fault.severity is types.DiagnosticSeverity.Error
    assert fault.source == "specora"


def test_files_that_change_on_disk_are_seen(editor: Editor) -> None:
    before = editor.read(PAGE)
    try:
        (editor.folder / PAGE).write_text(
            before.replace("[number, subject", "[number, sub")
        )
        editor.changed_on_disk(PAGE)
        editor.until(lambda: len(editor.codes(PAGE)) == 2)
    finally:
        editor.save(PAGE, before)
    editor.until(lambda: editor.codes(PAGE) == [])


def test_a_file_that_is_gone_takes_its_faults_along(editor: Editor) -> None:
    name = f"{DOMAIN}/entities/note.contract.yaml"
    (editor.folder / name).write_text("kind: Entity\n")
    editor.changed_on_disk(name)
    editor.until(lambda: "contract/missing-key" in editor.codes(name))
    (editor.folder / name).unlink()
    editor.changed_on_disk(name)
    editor.until(lambda: editor.codes(name) == [])


@pytest.mark.parametrize("case", COMPLETIONS)
def test_completes(editor: Editor, case: str) -> None:
    name, old, new, offered, absent = COMPLETIONS[case]
    text = editor.read(name)
    assert old in text
    found = editor.complete(name, text.replace(old, new, 1))
    assert offered <= found.keys()
    assert not absent & found.keys()


def test_completes_an_empty_file(editor: Editor) -> None:
    name = f"{DOMAIN}/entities/fresh.contract.yaml"
    assert {"apiVersion", "kind", "metadata", "spec"} <= editor.complete(
        name, "▮"
    ).keys()
    found = editor.complete(name, "kind: Entity\nmetadata:\n  ▮")
    assert {"name", "domain"} <= found.keys()
    found = editor.complete(name, "kind: Entity\nmetadata:\n  name: ▮")
    assert found["fresh"].text_edit is not None
    editor.close(name)


def test_completing_replaces_the_word_and_no_more(editor: Editor) -> None:
    text = editor.read(TICKET)
    typed = text.replace("mixin/stdlib/taggable", "mixin/stdlib/tag▮  # words", 1)
    item = editor.complete(TICKET, typed)["mixin/stdlib/taggable"]
    assert isinstance(item.text_edit, types.TextEdit)
    assert item.documentation is not None
    whole = edited(typed.replace("▮", ""), [item.text_edit])
    assert whole == text.replace(
        "mixin/stdlib/taggable", "mixin/stdlib/taggable  # words", 1
    )


def test_hovers(editor: Editor) -> None:
    text = editor.open(TICKET)
    key = editor.hover(TICKET, position(text, "number_prefix"))
    assert "prefix of 2 to 6 capitals" in key
    contract = editor.hover(TICKET, position(text, "entity/helpdesk/customer", 9))
    assert "A person or company that asks for help" in contract
    assert "`deleted_at`" in contract
    page = editor.open(PAGE)
    field = editor.hover(PAGE, position(page, "subject"))
    assert "**`subject`**: string" in field
    assert "maxLength: 300" in field
    flow = editor.open(FLOW)
    state = editor.hover(FLOW, position(flow, "in_progress"))
    assert "`waiting_customer`" in state
    assert editor.hover(TICKET, position(text, "A request for help")) == ""


def test_hovers_over_fields_that_come_from_elsewhere(editor: Editor) -> None:
    text = editor.read(PAGE).replace("[number, subject", "[number, created_at, subject")
    editor.open(PAGE, text)
    editor.until(lambda: editor.codes(PAGE) == [])
    mixed = editor.hover(PAGE, position(text, "created_at"))
    assert "mixin/stdlib/timestamped" in mixed
    assert "added by the language" in editor.hover(PAGE, position(text, "state"))


def test_hovering_over_a_fault_explains_its_rule(editor: Editor) -> None:
    text = editor.read(PAGE).replace("[number, subject", "[number, sub")
    editor.open(PAGE, text)
    editor.until(lambda: len(editor.codes(PAGE)) == 2)
    shown = editor.hover(PAGE, position(text, "sub,", 1))
    assert "page/unknown-field" in shown
    assert "## Instead" in shown


def test_goes_to_definitions(editor: Editor) -> None:
    text = editor.open(TICKET)
    assert editor.definition(TICKET, position(text, "entity/helpdesk/agent", 3)) == [
        ("agent.contract.yaml", "agent")
    ]
    assert editor.definition(TICKET, position(text, "mixin/stdlib/auditable", 3)) == [
        ("auditable.contract.yaml", "auditable")
    ]
    page = editor.read(PAGE).replace("[number, subject", "[number, created_at, subject")
    editor.open(PAGE, page)
    assert editor.definition(PAGE, position(page, "created_at")) == [
        ("timestamped.contract.yaml", "created_at")
    ]
    assert editor.definition(PAGE, position(page, "group_by: state", 11)) == [
        ("ticket_lifecycle.contract.yaml", "ticket_lifecycle")
    ]
    assert editor.definition(TICKET, position(text, "- spent_hours", 3)) == [
        ("ticket.contract.yaml", "spent_hours")
    ]
    flow = editor.open(FLOW)
    assert editor.definition(FLOW, position(flow, "resolution !=")) == [
        ("ticket.contract.yaml", "resolution")
    ]
    assert editor.definition(FLOW, position(flow, '-> closed"', 4)) == [
        ("ticket_lifecycle.contract.yaml", "closed")
    ]


def test_finds_references(editor: Editor) -> None:
    text = editor.open(TICKET)
    at = position(text, "    subject:", 5)
    found = editor.references(TICKET, at)
    assert sorted(found) == [
        ("review.contract.yaml", "subject"),
        ("ticket.contract.yaml", "subject"),
        ("tickets.contract.yaml", "subject"),
        ("tickets.contract.yaml", "subject"),
    ]
    assert len(editor.references(TICKET, at, declaration=False)) == 3
    named = editor.references(TICKET, position(text, "  name: ticket", 9))
    assert [one for one, _ in named].count("tickets.contract.yaml") == 2
    flow = editor.open(FLOW)
    states = editor.references(FLOW, position(flow, "waiting_customer"))
    assert len(states) == 4


def test_lists_symbols(editor: Editor) -> None:
    editor.open(FLOW)
    params = types.DocumentSymbolParams(editor.document(FLOW))
    (top,) = editor.ask(editor.client.text_document_document_symbol_async(params)) or ()
    assert isinstance(top, types.DocumentSymbol)
    assert top.name == "workflow/helpdesk/ticket_lifecycle"
    assert [child.name for child in top.children or ()][:2] == ["new", "assigned"]
    query = types.WorkspaceSymbolParams("hlpsla")
    found = editor.ask(editor.client.workspace_symbol_async(query)) or ()
    assert "entity/helpdesk/sla_policy" in [one.name for one in found]


def _apply(editor: Editor, edit: types.WorkspaceEdit | None) -> None:
    """Carry out an edit on disk, as an editor does that saves."""
    assert edit is not None
    changes = dict(edit.changes or {})
    for one in edit.document_changes or ():
        if isinstance(one, types.TextDocumentEdit):
            changes[one.text_document.uri] = [
                e for e in one.edits if isinstance(e, types.TextEdit)
            ]
    for uri, edits in changes.items():
        path = path_of(uri)
        path.write_text(edited(path.read_text(), list(edits)))
    for one in edit.document_changes or ():
        if isinstance(one, types.RenameFile):
            old, new = (
                u.removeprefix("file://").replace("%20", " ")
                for u in (one.old_uri, one.new_uri)
            )
            Path(old).rename(new)


def _errors(folder: Path) -> list[str]:
    found = analyze(load_all_contracts(folder / DOMAIN)).diagnostics
    return [f"{d.span.file}: {d.message}" for d in found if d.is_error]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Editor]:
    """An editor on a copy of its own, whose files may change."""
    shutil.copytree(ROOT / DOMAIN, tmp_path / DOMAIN)
    moving = types.WorkspaceEditClientCapabilities(
        resource_operations=[types.ResourceOperationKind.Rename]
    )
    workspace = types.WorkspaceClientCapabilities(workspace_edit=moving)
    editor = Editor(tmp_path, types.ClientCapabilities(workspace=workspace))
    yield editor
    assert editor.stop() == 0
    assert editor.errors == ""


def test_renames_a_field_wherever_it_is_named(own: Editor) -> None:
    text = own.open(TICKET)
    at = position(text, "    resolution:", 6)
    _apply(own, own.rename(TICKET, at, "outcome"))
    assert _errors(own.folder) == []
    ticket, flow = own.read(TICKET), own.read(FLOW)
    assert "    outcome:\n      type: text\n      renamed_from: resolution\n" in ticket
    assert "require_fields: [outcome]" in flow
    assert 'priority != "critical" || outcome != null' in flow
    own.until(lambda: any("examples.yaml" in message for message in own.messages))


def test_renames_again_keep_every_name_that_a_database_may_know(own: Editor) -> None:
    was = "channel"
    for name, note in (
        ("origin", "renamed_from: channel"),
        ("source", "renamed_from: [origin, channel]"),
        ("channel", "renamed_from: [source, origin]"),
    ):
        text = own.open(TICKET)
        edit = own.rename(TICKET, position(text, f"    {was}:", 5), name)
        _apply(own, edit)
        own.save(TICKET, own.read(TICKET))
        assert f"    {name}:\n      type: string\n      {note}\n" in own.read(TICKET)
        was = name
    assert _errors(own.folder) == []


def test_renames_an_entity_with_its_code_and_its_paths(own: Editor) -> None:
    text = own.open(REVIEW)
    edit = own.rename(REVIEW, position(text, "name: review", 7), "rating_note")
    _apply(own, edit)
    assert "renamed_from: review" in own.read(REVIEW)
    assert (own.folder / DOMAIN / "behaviors" / "rating_note.py").is_file()
    pages = own.read(f"{DOMAIN}/pages/reviews.contract.yaml")
    assert "entity: entity/helpdesk/rating_note" in pages
    assert _errors(own.folder) == []


REFUSALS = {
    "a state": (FLOW, "in_progress", "doing", "records that hold `in_progress`"),
    "a field of the library": (PAGE, "state}", "status", "no contract declares"),
    "a mixin of the library": (
        TICKET,
        "mixin/stdlib/taggable",
        "tags",
        "standard library",
    ),
    "a taken name": (
        TICKET,
        "    subject:",
        "priority",
        "has a field `priority` already",
    ),
    "no name": (TICKET, "    subject:", "Sub ject", "snake_case"),
    "a description": (TICKET, "A request for help", "x", "nothing here has a name"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refuses_to_rename(editor: Editor, case: str) -> None:
    name, needle, new, reason = REFUSALS[case]
    text = editor.open(name)
    at = position(text, needle, len(needle) - len(needle.lstrip()))
    with pytest.raises(JsonRpcException, match=reason) as refusal:
        editor.rename(name, at, new)
    assert refusal.value.code == types.LSPErrorCodes.RequestFailed


def test_prepares_a_rename(editor: Editor) -> None:
    text = editor.open(TICKET)
    at = position(text, "entity/helpdesk/customer", 2)
    params = types.PrepareRenameParams(editor.document(TICKET), at)
    found = editor.ask(editor.client.text_document_prepare_rename_async(params))
    assert isinstance(found, types.PrepareRenamePlaceholder)
    assert found.placeholder == "customer"
    assert found.range.start == position(text, "entity/helpdesk/customer", 16)


def test_fixes_what_a_diagnostic_offers(editor: Editor) -> None:
    text = editor.read(CUSTOMER)
    typed = text.replace("required: true", "requird: true", 1)
    editor.open(CUSTOMER, typed)
    (action,) = editor.actions(CUSTOMER, [types.CodeActionKind.QuickFix])
    assert action.edit is not None
    changes = (action.edit.changes or {})[editor.uri(CUSTOMER)]
    assert edited(typed, list(changes)) == text
    assert editor.actions(CUSTOMER, ["source.fixAll"]) == []


def test_fixes_all_that_is_safe(own: Editor) -> None:
    agent = f"{DOMAIN}/entities/agent.contract.yaml"
    text = own.read(agent).replace(
        "  fields:\n", "  fields:\n    password_hash:\n      type: string\n"
    )
    own.open(agent, text)
    (own.folder / DOMAIN / "infra").mkdir()
    own.save(
        f"{DOMAIN}/infra/auth.contract.yaml",
        "apiVersion: specora.dev/v1\nkind: Infra\nmetadata: {name: auth, domain: helpdesk}\n"
        "spec:\n  category: auth\n"
        "  config: {user_entity: entity/helpdesk/agent, role_field: department}\n",
    )
    (action,) = own.actions(agent, ["source.fixAll"])
    assert action.edit is not None
    changes = (action.edit.changes or {})[own.uri(agent)]
    assert "sensitive: true" in edited(text, list(changes))


def test_is_calm_outside_of_domains(editor: Editor, tmp_path: Path) -> None:
    stray = tmp_path / "stray.contract.yaml"
    stray.write_text("kind: Entity\nspec: {}\n")
    name = str(stray)
    text = editor.open(name)
    editor.until(lambda: editor.codes(name) == ["contract/missing-key"] * 2)
    assert editor.hover(name, position(text, "spec")) != ""
    assert editor.definition(name, position(text, "Entity")) == []
    editor.close(name)
    editor.until(lambda: editor.codes(name) == [])
    other = tmp_path / "notes.yaml"
    other.write_text("kind: Entity\n")
    editor.open(str(other))
    assert editor.complete(str(other), "ki▮") == {}
    assert editor.hover(str(other), types.Position(0, 1)) == ""
    assert editor.actions(str(other)) == []
    editor.close(str(other))
