"""One streamed call to a chat-completions server.

The libraries behind it take a second to import: only `openai_compatible` imports this, late.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

import httpx2
from openai import AsyncOpenAI, Omit, omit
from openai.types.chat import ChatCompletionStreamOptionsParam
from pydantic_ai import exceptions
from pydantic_ai.direct import model_request_stream
from pydantic_ai.messages import (
    BinaryContent,
    ModelMessage,
    ModelRequest,
    ModelResponse,
    PartDeltaEvent,
    PartStartEvent,
    SystemPromptPart,
    TextPart,
    TextPartDelta,
    ToolCallPart,
    ToolReturnPart,
    UserContent,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIChatModelSettings
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.tools import ToolDefinition
from pydantic_ai.usage import RequestUsage

from mojodex_tui.backend.chat.ports import ToolSpec
from mojodex_tui.backend.domain.briefs import Turn
from mojodex_tui.backend.engine.nodes import Call
from mojodex_tui.backend.llm.endpoint import CallFailed, Endpoint
from mojodex_tui.backend.llm.errors import (
    ContextTooLong,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    ModelSilent,
    ModelUnreachable,
)
from mojodex_tui.backend.llm.port import Ask, Piece, Usage
from mojodex_tui.backend.llm.tool_text import UNREADABLE, told_in_text, with_calls

_ANY_KEY = "none"
"""What a server that asks for no key is sent; the library insists on one."""
_CHARACTERS_PER_TOKEN = 4
_QUOTED = 300
_OPTIONAL = ("stream_options", "temperature", "max_tokens", "max_completion_tokens")
"""Fields that some servers refuse, and that a call can do without."""
_TOOLS = "tools"
"""What servers and models refuse that cannot be told of tools: they are told in the text."""
_PICTURES = "pictures"
"""What servers and models refuse that do not look at images: they are told that there are some."""
_ABOUT_TOOLS = re.compile(r"tool", re.IGNORECASE)
_ABOUT_PICTURES = re.compile(
    r"image|vision|multi-?modal|content (?:must|should) be a string", re.IGNORECASE
)
_UNSEEN = """[{count} cannot be shown to you: {names}. Do not guess what is in there. Say in your \
answer that you could not look at it.]"""
_REFUSED_BY = {"api.mistral.ai": frozenset({"stream_options"})}


class Chat:
    """A model at an endpoint."""

    def __init__(self, endpoint: Endpoint, connect_timeout: float) -> None:
        self._endpoint = endpoint
        self._refused = _REFUSED_BY.get(endpoint.host, frozenset[str]())
        key = endpoint.api_key.get_secret_value() if endpoint.api_key else _ANY_KEY
        client = AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=key,
            max_retries=0,
            http_client=httpx2.AsyncClient(
                # The caller bounds the silence; a connection kept for later could only be stale.
                timeout=httpx2.Timeout(None, connect=connect_timeout),
                limits=httpx2.Limits(max_keepalive_connections=0),
                # A company's proxy does not reach this machine.
                trust_env=not endpoint.is_on_this_machine,
            ),
        )
        hosted_by_openai = endpoint.host.endswith(("openai.com", "azure.com"))
        self._model = _ChatModel(
            endpoint.model,
            provider=OpenAIProvider(openai_client=client),
            profile=OpenAIModelProfile(openai_chat_supports_max_completion_tokens=hosted_by_openai),
        )

    @property
    def takes_pictures(self) -> bool:
        """Whether the model looks at images; it is thought to until it refuses one."""
        return _PICTURES not in self._refused

    async def stream(self, ask: Ask) -> AsyncGenerator[Piece]:
        """Yield the answer, an empty text as a sign of life, and last what it cost.

        Raises:
            CallFailed: the answer did not come, or not to its end.
        """
        if not self.takes_pictures:
            ask = replace(ask, prompt=tuple(map(_without_pictures, ask.prompt)))
        if _TOOLS in self._refused:
            pieces = self._stream(told_in_text(ask))
            pieces = with_calls(pieces) if ask.tools else pieces
        else:
            pieces = self._stream(ask)
        async with aclosing(pieces):
            async for piece in pieces:
                yield piece

    async def _stream(self, ask: Ask) -> AsyncGenerator[Piece]:
        failure = None
        try:
            async with model_request_stream(
                self._model,
                await asyncio.to_thread(_messages, ask.prompt),
                model_settings=self._settings(ask),
                model_request_parameters=_parameters(ask.tools),
            ) as events:
                written = 0
                async for event in events:
                    text = ""
                    match event:
                        case PartStartEvent(part=TextPart(content=text)):
                            pass
                        case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
                            pass
                    written += len(text)
                    yield text
                calls = [part for part in events.get().parts if isinstance(part, ToolCallPart)]
                self._check(events.finish_reason, written + len(calls), ask)
                for part in calls:
                    yield _call(part)
                yield self._usage(events.usage, ask, written)
        except (
            exceptions.ModelAPIError,
            exceptions.UnexpectedModelBehavior,
            httpx2.TransportError,
        ) as error:
            failure = self._explain(error, ask)
        if failure is not None:
            # Raised here, so that what the library says, with a key perhaps, is not its context.
            raise failure

    def _settings(self, ask: Ask) -> OpenAIChatModelSettings:
        settings = OpenAIChatModelSettings()
        if "temperature" not in self._refused:
            settings["temperature"] = ask.temperature
        if not self._refused & {"max_tokens", "max_completion_tokens"}:
            settings["max_tokens"] = ask.max_tokens
        self._model.counts = "stream_options" not in self._refused
        return settings

    def _check(self, finish_reason: str | None, written: int, ask: Ask) -> None:
        if finish_reason == "length":
            raise CallFailed(
                ContextTooLong(
                    f"The answer did not fit: it was cut off at {ask.max_tokens} tokens, or where "
                    f"{self._endpoint.model} has no more room. Ask for a shorter text, or choose a "
                    "model with a larger context."
                )
            )
        if finish_reason == "content_filter":
            raise CallFailed(
                ModelFailed(f"A filter of {self._endpoint.host} stopped the answer. Rephrase it.")
            )
        if not written:
            raise CallFailed(
                ModelSilent(
                    f"{self._endpoint.model} at {self._endpoint.host} answered with nothing. Try "
                    "again, or put it differently."
                )
            )

    def _usage(self, counted: RequestUsage, ask: Ask, written: int) -> Usage:
        read, wrote = counted.input_tokens, counted.output_tokens
        estimated = not wrote
        if estimated:
            asked = sum(len(turn.text) for turn in ask.prompt)
            read = asked // _CHARACTERS_PER_TOKEN + 1
            wrote = written // _CHARACTERS_PER_TOKEN + 1
        cost = self._endpoint.prices.of(read, wrote)
        return Usage(self._endpoint.model, read, wrote, cost, estimated)

    def _explain(self, error: Exception, ask: Ask) -> CallFailed:
        """Say what happened and what to do."""
        at, model = self._endpoint.host, self._endpoint.model
        if any(turn.pictures for turn in ask.prompt) and _refuses(error, _ABOUT_PICTURES):
            self._refused |= {_PICTURES}
            return CallFailed(ModelRefused(f"{model} takes no images."), again=True, after=0.0)
        if ask.tools and _refuses(error, _ABOUT_TOOLS):
            self._refused |= {_TOOLS}
            return CallFailed(ModelRefused(f"{model} takes no tools."), again=True, after=0.0)
        match error:
            case exceptions.ModelContextWindowExceededError():
                return CallFailed(
                    ContextTooLong(
                        f"The conversation is too long for {model}. Start the task anew with less "
                        "text, or choose a model with a larger context."
                    )
                )
            case exceptions.ModelAuthenticationError():
                return CallFailed(ModelRefused(self._about_the_key()))
            case exceptions.ModelNotFoundError():
                return CallFailed(
                    ModelRefused(
                        f"{at} has no model {model!r}. Check the model's name and the address in "
                        f"the settings.{self._said(error)}"
                    )
                )
            case exceptions.ModelQuotaExceededError():
                return CallFailed(
                    ModelBusy(f"The quota at {at} is used up. Top up the account there.")
                )
            case exceptions.ModelRateLimitError():
                wait = f" It asks to wait {error.retry_after:.0f} s." if error.retry_after else ""
                return CallFailed(
                    ModelBusy(f"{at} gets too many requests.{wait} Try again in a moment."),
                    again=True,
                    after=error.retry_after,
                )
            case exceptions.ModelUnavailableError() | exceptions.ModelServerError():
                return CallFailed(
                    ModelFailed(f"{at} failed. Try again in a moment.{self._said(error)}"),
                    again=True,
                    after=error.retry_after,
                )
            case exceptions.ModelConnectionError() | httpx2.TransportError():
                return self._broken(error)
            case exceptions.ModelRequestRejectedError():
                return self._rejected(error)
        return CallFailed(
            ModelFailed(f"{at} sent something that is no answer. Try again.{self._said(error)}"),
            again=True,
        )

    def _about_the_key(self) -> str:
        if self._endpoint.api_key is None:
            return (
                f"{self._endpoint.host} asks for a key, and none is set. Set MOJODEX_LLM_API_KEY, "
                "or name the key in the settings."
            )
        return (
            f"{self._endpoint.host} does not accept the key, or not for {self._endpoint.model}. "
            "Check the key in the settings."
        )

    def _broken(self, error: Exception) -> CallFailed:
        at = self._endpoint.host
        cause = error.__cause__.__cause__ if error.__cause__ is not None else None
        if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout):
            return CallFailed(
                ModelUnreachable(
                    f"Nothing answers at {self._endpoint.address}. Start the model's server, or "
                    "check the address in the settings."
                ),
                again=True,
            )
        return CallFailed(
            ModelFailed(f"The connection to {at} broke before the answer was whole. Try again."),
            again=True,
        )

    def _rejected(self, error: exceptions.ModelRequestRejectedError) -> CallFailed:
        blamed = {name for name in _OPTIONAL if name in str(error.body)} - self._refused
        self._refused |= blamed
        return CallFailed(
            ModelRefused(
                f"{self._endpoint.host} does not accept the request for {self._endpoint.model}."
                f"{self._said(error)}"
            ),
            again=bool(blamed),
            after=0.0,
        )

    def _said(self, error: Exception) -> str:
        """Return the server's own words, short, in one line and without the key."""
        body = error.body if isinstance(error, exceptions.ModelAPIError) else None
        words = body.get("message") if isinstance(body, dict) else body
        if not isinstance(words, str) or not words.strip():
            return ""
        if self._endpoint.api_key is not None:
            words = words.replace(self._endpoint.api_key.get_secret_value(), "…")
        return f" It said: {' '.join(words.split())[:_QUOTED]}"


class _ChatModel(OpenAIChatModel):
    """Asks for token counts only where that is allowed."""

    counts = True

    def _get_stream_options(
        self, model_settings: OpenAIChatModelSettings
    ) -> ChatCompletionStreamOptionsParam:
        if self.counts:
            return super()._get_stream_options(model_settings)
        # The caller passes it on as it is, and `omit` is how the client leaves a field out.
        left_out: ChatCompletionStreamOptionsParam | Omit = omit
        return left_out  # type: ignore[return-value]  # the hook's type has no word for absence


def _refuses(error: Exception, words: re.Pattern[str]) -> bool:
    """Whether a server, or its model, cannot take something; each says so in its own words."""
    return (
        isinstance(error, exceptions.ModelRequestRejectedError | exceptions.ModelServerError)
        and not isinstance(error, exceptions.ModelUnavailableError)
        and words.search(str(error.body)) is not None
    )


def _without_pictures(turn: Turn) -> Turn:
    """Return a turn that names its images instead."""
    if not turn.pictures:
        return turn
    names = ", ".join(picture.name for picture in turn.pictures)
    count = "An image" if len(turn.pictures) == 1 else f"{len(turn.pictures)} images"
    told = _UNSEEN.format(count=count, names=names)
    return replace(turn, text=f"{turn.text}\n\n{told}", pictures=())


def _parameters(tools: Sequence[ToolSpec]) -> ModelRequestParameters:
    return ModelRequestParameters(
        function_tools=[
            ToolDefinition(
                name=tool.name,
                description=tool.description,
                parameters_json_schema={"type": "object", "properties": {}, **tool.parameters},
            )
            for tool in tools
        ]
    )


def _call(part: ToolCallPart) -> Call:
    try:
        args = part.args_as_dict(raise_if_invalid=True)
    except (ValueError, AssertionError):
        # The library asserts that JSON is an object; what is neither is told to the model.
        return Call(id=part.tool_call_id, name=UNREADABLE)
    return Call(id=part.tool_call_id, name=part.tool_name, args=args)


def _messages(prompt: tuple[Turn, ...]) -> list[ModelMessage]:
    """Return a prompt as the library takes it; images are read from the disk."""
    messages: list[ModelMessage] = []
    for turn in prompt:
        match turn.speaker:
            case "assistant":
                said = [TextPart(turn.text)] if turn.text or not turn.uses else []
                calls = [
                    ToolCallPart(use.name, dict(use.args), tool_call_id=use.call_id)
                    for use in turn.uses
                ]
                messages.append(ModelResponse([*said, *calls]))
                if turn.uses:
                    messages.append(
                        ModelRequest(
                            [
                                ToolReturnPart(use.name, use.result, tool_call_id=use.call_id)
                                for use in turn.uses
                            ]
                        )
                    )
            case "system":
                messages.append(ModelRequest([SystemPromptPart(turn.text)]))
            case "user":
                messages.append(ModelRequest([UserPromptPart(_shown(turn))]))
    return messages


def _shown(turn: Turn) -> str | list[UserContent]:
    """Return what a user says, with the images named and shown after it."""
    if not turn.pictures:
        return turn.text
    shown: list[UserContent] = [turn.text]
    for picture in turn.pictures:
        content = BinaryContent(picture.path.read_bytes(), media_type=picture.media_type)
        shown += [f"{picture.name}:", content]
    return shown
