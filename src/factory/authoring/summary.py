"""A paragraph by a model beside the explanation that the compiler gives."""

from __future__ import annotations

from collections.abc import Iterable

from factory.authoring import prompts
from factory.explanation import Page
from specora_llm import Message, Model


def summarise(model: Model, pages: Iterable[Page]) -> str:
    """What somebody who sees the pages for the first time should know. Raises `ModelFault`."""
    told = "\n\n".join(page.markdown() for page in pages)
    reply = model.ask(
        [Message.user(prompts.data("explanation", told))], system=prompts.summarising()
    )
    return reply.text.strip()
