"""Asks a provider through pydantic-ai; only the client of that provider is imported."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from functools import cache

from specora_llm.choosing import Choice, Wire
from specora_llm.conversation import Message, Reply, Role, Shape, Usage
from specora_llm.faults import (
    MISSING,
    BrokenAnswer,
    Declined,
    EmptyAnswer,
    NotInstalled,
    Overlong,
)
from specora_llm.limits import Limits
from specora_llm.transcript import Request

try:
    import httpx2
    from genai_prices import calc_price
    from pydantic_ai import messages as parts
    from pydantic_ai.direct import model_request, model_request_stream
    from pydantic_ai.models import Model, ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition
    from pydantic_ai.settings import ModelSettings

    from specora_llm import failures
except ImportError as problem:
    raise NotInstalled(MISSING) from problem

OnText = Callable[[str], None]


def connect(choice: Choice, limits: Limits) -> Provided:
    """What asks the chosen model; nothing is reached before it is asked."""
    return Provided(choice, limits)


class Provided:
    """A model of a provider. Each attempt has a connection of its own and is not repeated here."""

    def __init__(self, choice: Choice, limits: Limits) -> None:
        self.name = str(choice)
        self._choice = choice
        self._limits = limits

    def send(self, request: Request, on_text: OnText | None) -> Reply:
        """One attempt; a `ModelFault` where it brings no answer."""
        with warnings.catch_warnings():
            # Clients warn about prices and fields that they do not know: nothing to act upon.
            warnings.simplefilter("ignore")
            return asyncio.run(self._attempt(request, on_text))

    async def _attempt(self, request: Request, on_text: OnText | None) -> Reply:
        with failures.translated(self._choice, self._limits):
            async with _model(self._choice, self._limits) as model:
                asked = _asked(request)
                settings = _settings(self._choice, self._limits)
                parameters = _parameters(request.shape, model)
                if on_text is None:
                    response = await model_request(
                        model,
                        asked,
                        model_settings=settings,
                        model_request_parameters=parameters,
                    )
                else:
                    response = await _streamed(
                        model, asked, settings, parameters, on_text
                    )
        return _reply(response, model.model_name, self._choice)


async def _streamed(
    model: Model,
    asked: list[parts.ModelMessage],
    settings: ModelSettings,
    parameters: ModelRequestParameters,
    on_text: OnText,
) -> parts.ModelResponse:
    async with model_request_stream(
        model, asked, model_settings=settings, model_request_parameters=parameters
    ) as stream:
        async for event in stream:
            if isinstance(event, parts.PartStartEvent):
                if isinstance(event.part, parts.TextPart) and event.part.content:
                    on_text(event.part.content)
            elif isinstance(event, parts.PartDeltaEvent) and isinstance(
                event.delta, parts.TextPartDelta
            ):
                on_text(event.delta.content_delta)
        response = stream.get()
    if response.finish_reason is None:
        raise BrokenAnswer("The model's answer broke off before its end.")
    return response


def _reply(response: parts.ModelResponse, model: str, choice: Choice) -> Reply:
    title = choice.provider.title
    if response.finish_reason == "content_filter":
        raise Declined(f"{title} declined to answer this.")
    if response.finish_reason == "length":
        raise Overlong(f"The answer of {choice} is longer than the model may write.")
    text = response.text
    if not text:
        # A server may answer an object by calling a tool that nobody offered.
        text = "\n".join(call.args_as_json_str() for call in response.tool_calls)
    if not text.strip():
        raise EmptyAnswer(f"{choice} answered without a word.")
    used = response.usage
    usage = Usage(
        used.input_tokens, used.output_tokens, 1, _cost(response, model, choice)
    )
    return Reply(text, f"{choice.provider.name}:{model}", usage)


def _cost(response: parts.ModelResponse, model: str, choice: Choice) -> Decimal | None:
    if choice.local:
        return None
    try:
        price = calc_price(response.usage, model, provider_id=choice.provider.name)
    except (LookupError, ValueError):
        return None
    return price.total_price


def _asked(request: Request) -> list[parts.ModelMessage]:
    asked = [_message(message) for message in request.messages]
    if request.system and isinstance(asked[0], parts.ModelRequest):
        system = parts.SystemPromptPart(request.system)
        asked[0] = replace(asked[0], parts=[system, *asked[0].parts])
    return asked


def _message(message: Message) -> parts.ModelMessage:
    if message.role is Role.USER:
        return parts.ModelRequest(parts=[parts.UserPromptPart(message.text)])
    return parts.ModelResponse(parts=[parts.TextPart(message.text)])


def _parameters(shape: Shape | None, model: Model) -> ModelRequestParameters:
    if shape is None or not model.profile.get("supports_json_schema_output"):
        return ModelRequestParameters()
    wanted = OutputObjectDefinition(shape.schema, shape.name, shape.description)
    return ModelRequestParameters(output_mode="native", output_object=wanted)


def _settings(choice: Choice, limits: Limits) -> ModelSettings:
    settings = ModelSettings(
        timeout=limits.timeout, request_timeout=limits.longest, max_retries=0
    )
    if choice.provider.wire is Wire.ANTHROPIC:
        settings["max_tokens"] = limits.output_tokens
    return settings


@asynccontextmanager
async def _model(choice: Choice, limits: Limits) -> AsyncIterator[Model]:
    async with _http(limits) as http:
        match choice.provider.wire:
            case Wire.ANTHROPIC:
                yield _anthropic(choice, http)
            case Wire.OPENAI:
                name = await _name(choice, http)
                yield _openai(replace(choice, model=name), http)
            case Wire.GOOGLE:
                yield _google(choice, http, limits)


def _http(limits: Limits) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        timeout=limits.timeout, follow_redirects=False, verify=_certificates()
    )


@cache
def _certificates() -> ssl.SSLContext:
    # Reading the authorities costs more than a request on loopback.
    return httpx2.create_ssl_context()


def _anthropic(choice: Choice, http: httpx2.AsyncClient) -> Model:
    from anthropic import AsyncAnthropic
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    client = AsyncAnthropic(
        api_key=choice.key,
        base_url=choice.base_url,
        http_client=http,
        max_retries=0,
    )
    return AnthropicModel(
        choice.model, provider=AnthropicProvider(anthropic_client=client)
    )


def _openai(choice: Choice, http: httpx2.AsyncClient) -> Model:
    from openai import AsyncOpenAI
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai import OpenAIProvider

    from specora_llm.compatible import CompatibleModel

    client = AsyncOpenAI(
        api_key=choice.key or "none",
        base_url=choice.base_url,
        http_client=http,
        max_retries=0,
    )
    # Without it, a stream that ends in the middle of a sentence is a whole answer.
    strict = OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True)
    return CompatibleModel(
        choice.model, provider=OpenAIProvider(openai_client=client), profile=strict
    )


def _google(choice: Choice, http: httpx2.AsyncClient, limits: Limits) -> Model:
    from google.genai import Client
    from google.genai.types import HttpOptions, HttpRetryOptions
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    options = HttpOptions(
        base_url=choice.base_url,
        httpx_async_client=http,
        client_args={"verify": _certificates()},
        # The service ends a request then; how long it may be silent is set by request.
        timeout=int(limits.longest * 1000),
        retry_options=HttpRetryOptions(attempts=1),
    )
    client = Client(vertexai=False, api_key=choice.key, http_options=options)
    return GoogleModel(choice.model, provider=GoogleProvider(client=client))


async def _name(choice: Choice, http: httpx2.AsyncClient) -> str:
    """The model to ask: of a local server the first that it has, unless one is forced."""
    if choice.forced or not choice.local:
        return choice.model
    try:
        listed = (await http.get(f"{choice.base_url}/models")).json()
        names = [str(row["id"]) for row in listed["data"]]
    except (httpx2.HTTPError, ValueError, LookupError, TypeError):
        return choice.model
    return next((name for name in names if "embed" not in name), choice.model)
