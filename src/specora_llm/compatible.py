"""The chat completions of servers that are like OpenAI's and leave out what says nothing."""

from __future__ import annotations

from typing import Any

from pydantic_ai.models.openai import OpenAIChatModel


class CompatibleModel(OpenAIChatModel):
    """Takes answers without `id`, `created` and the like, which the client demands."""

    def _validate_completion(self, response: Any) -> Any:
        response.id = response.id or "none"
        response.object = "chat.completion"
        response.created = response.created or 0
        response.model = response.model or self.model_name
        for number, choice in enumerate(response.choices):
            choice.index = choice.index or number
            choice.message.role = "assistant"
        return super()._validate_completion(response)
