"""The engine's three scripts on Langroid, with its mock model; only where it is installed."""

import importlib
from collections.abc import Awaitable, Callable
from typing import Any


class _Words:
    """A tokenizer that needs no download; cheaper than the real one, so it favours Langroid."""

    def encode(self, text: str, **_: object) -> list[int]:
        """Return a number per word."""
        return [len(word) for word in text.split()]


def _words(_: str) -> _Words:
    return _Words()


def scripts(steps: int) -> dict[str, Callable[[], Awaitable[None]]]:
    """Return one run of each script, as a function to await."""
    tokens: Any = importlib.import_module("tiktoken")
    tokens.get_encoding = tokens.encoding_for_model = _words
    importlib.import_module("langroid.utils.configuration").settings.quiet = True
    agent = importlib.import_module("langroid.agent.chat_agent")
    mock = importlib.import_module("langroid.language_models.mock_lm")
    base = importlib.import_module("langroid.agent.task")
    tools = importlib.import_module("langroid.agent.tool_message")

    class Add(tools.ToolMessage):  # type: ignore[misc, name-defined] # Langroid is not installed here
        request: str = "add"
        purpose: str = "to add one to <a>"
        a: int

        def handle(self) -> str:
            return str(self.a)

    def speaker(name: str, reply: str) -> Any:  # noqa: ANN401 - Langroid is not installed here
        llm = mock.MockLMConfig(default_response=reply)
        return agent.ChatAgent(agent.ChatAgentConfig(name=name, llm=llm, vecdb=None))

    quiet = base.TaskConfig(inf_loop_cycle_len=0, enable_loggers=False, enable_html_logging=False)

    def task(made: Any, **options: Any) -> Any:  # noqa: ANN401 - Langroid is not installed here
        return base.Task(made, config=quiet, **options)

    chat = task(speaker("Main", "tell me more"), default_human_response="and then?")
    caller = speaker("Main", '{"request": "add", "a": 1}')
    caller.enable_message(Add)
    loop = task(caller, interactive=False)
    parent = task(speaker("Main", "tell me more"), interactive=False)
    child = task(speaker("Bob", "done so"), interactive=False, single_round=True)
    parent.add_sub_task([(child, quiet.model_copy(update={"restart_as_subtask": True}))])

    def once(made: Any) -> Callable[[], Awaitable[None]]:  # noqa: ANN401 - Langroid is not installed here
        async def run() -> None:
            await made.run_async("hi", turns=steps)

        return run

    return {"chat": once(chat), "tool": once(loop), "sub_task": once(parent)}
