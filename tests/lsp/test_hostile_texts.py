"""Texts as no person types them: whatever is asked about them, the server answers and lives."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.lsp.editor import Editor
from tests.lsp.places import DOMAIN, ROOT

EDITS = 4_000 if os.environ.get("SPECORA_SOAK") == "1" else 150
"""Each with seven requests at two random places."""
PIECES = (
    '"', "'", "{", "}", "[", "]", ":", ": ", "- ", "\n", "\r\n", "\r", "\t", "#", "|", ">", "&a ",
    "*a", "!!str ", "---\n", "\u2028", "\x85", "\x0b", "\x00", "😀", "e\u0301", "\ufeff", "  ",
    "->", "entity/", "= ", ",", "%", "@", "`", "? ", "<<: ", "~", "kind: Page\n", "spec:\n",
    "\ud800",
)  # fmt: skip


def test_no_text_and_no_place_ends_the_server_or_makes_it_fail(tmp_path: Path) -> None:
    shutil.copytree(ROOT / DOMAIN, tmp_path / DOMAIN)
    editor = Editor(tmp_path)
    chance = random.Random(20)
    names = sorted(
        path.relative_to(tmp_path).as_posix()
        for path in tmp_path.rglob("*.contract.yaml")
    )
    answered = 0
    for _ in range(EDITS):
        name = chance.choice(names)
        text = _mutated(chance, editor.read(name))
        editor.open(name, text)
        lines = text.split("\n")
        for _ in range(2):
            line = chance.randrange(len(lines) + 1)
            length = len(lines[line]) if line < len(lines) else 0
            place = types.Position(line, chance.randrange(length + 3))
            answered += editor.ask(_ask_everything(editor, name, place))
    assert answered == EDITS * 2 * 7
    assert editor.stop() == 0
    assert "Traceback" not in editor.errors


async def _ask_everything(editor: Editor, name: str, place: types.Position) -> int:
    """Ask every question about a place at once; how many were answered."""
    client, document = editor.client, editor.document(name)
    around = types.Range(place, place)
    found = await asyncio.gather(
        client.text_document_completion_async(types.CompletionParams(document, place)),
        client.text_document_hover_async(types.HoverParams(document, place)),
        client.text_document_definition_async(types.DefinitionParams(document, place)),
        client.text_document_references_async(
            types.ReferenceParams(types.ReferenceContext(True), document, place)
        ),
        client.text_document_document_symbol_async(
            types.DocumentSymbolParams(document)
        ),
        client.text_document_rename_async(
            types.RenameParams(document, place, "fresh_name")
        ),
        client.text_document_code_action_async(
            types.CodeActionParams(document, around, types.CodeActionContext([]))
        ),
        return_exceptions=True,
    )
    return sum(map(_is_answer, found))


def _is_answer(found: Any) -> bool:
    """Whether it is an answer or a refusal, not a failure."""
    if isinstance(found, JsonRpcException):
        return found.code == types.LSPErrorCodes.RequestFailed
    return not isinstance(found, BaseException)


def _mutated(chance: random.Random, text: str) -> str:
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.randint(0, 30))
        kind = chance.random()
        if kind < 0.5:
            text = text[:start] + chance.choice(PIECES) + text[start:]
        elif kind < 0.75:
            text = text[:start] + text[end:]
        elif kind < 0.85:
            text = text[:start]
        else:
            other = chance.randrange(len(text) + 1)
            text = text[:start] + text[other : other + 200] + text[end:]
    return text
