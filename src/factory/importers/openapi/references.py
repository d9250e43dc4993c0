"""`$ref`: to another place of the document, or to another file of the source."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from factory.importers.documents import Document

MAX_STEPS = 30


class References:
    """Looks references up."""

    def __init__(self, main: Document, others: Mapping[str, Document]) -> None:
        self.main = main
        self.others = others

    def resolve(self, value: Any, document: Document | None = None) -> Any:
        """What a value refers to in the end; itself where it is no reference, `None` for a
        reference that leads nowhere or round in a circle."""
        here = document or self.main
        for _ in range(MAX_STEPS):
            if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
                return value
            here, value = self._step(here, value["$ref"])
        return None

    def _step(self, here: Document, reference: str) -> tuple[Document, Any]:
        file, _, pointer = reference.partition("#")
        document = here
        if file:
            path = posixpath.normpath(
                posixpath.join(posixpath.dirname(here.name), unquote(file))
            )
            found = self.others.get(path)
            if found is None:
                return here, None
            document = found
        value = document.value
        for step in pointer.strip("/").split("/") if pointer.strip("/") else ():
            name = unquote(step).replace("~1", "/").replace("~0", "~")
            if isinstance(value, dict):
                value = value.get(name)
            elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
                value = value[int(name)]
            else:
                return document, None
        return document, value


def name_in(value: Any) -> str:
    """The name of the schema that a value refers to; empty for none."""
    reference = value.get("$ref") if isinstance(value, dict) else None
    if not isinstance(reference, str):
        return ""
    for start in ("#/components/schemas/", "#/definitions/"):
        _, found, name = reference.partition(start)
        if found and "/" not in name:
            return unquote(name).replace("~1", "/").replace("~0", "~")
    return ""
