"""What a user was about to decide, kept on disk while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mojodex_tui.state.step_result import ItemTexts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import JsonValue

    from mojodex_tui.client.port import Drafts


class DecisionDrafts:
    """Keeps the instruction and the edited results of one run.

    Args:
        drafts: Where they are kept.
        execution_pk: The run.
    """

    def __init__(self, drafts: Drafts, execution_pk: int) -> None:
        self._drafts = drafts
        self._prefix = f"workflow:{execution_pk}"
        self._kept: dict[str, JsonValue] = {}

    async def instruction(self) -> str:
        """Return the instruction that was typed and not sent."""
        typed = await self._drafts.get(f"{self._prefix}:instruction")
        return typed if isinstance(typed, str) else ""

    async def keep_instruction(self, text: str) -> None:
        """Keep the instruction."""
        await self._keep("instruction", text or None)

    async def reviewed(self) -> int | None:
        """Return the step execution that was talked about last."""
        pk = await self._drafts.get(f"{self._prefix}:review")
        return pk if isinstance(pk, int) else None

    async def keep_reviewed(self, step_execution_pk: int) -> None:
        """Remember which step execution is talked about."""
        await self._keep("review", step_execution_pk)

    async def result(
        self, step_execution_pk: int, texts: tuple[ItemTexts, ...]
    ) -> tuple[ItemTexts, ...] | None:
        """Return a result as it was left; `None` if nothing of `texts` was changed."""
        kept = await self._drafts.get(f"{self._prefix}:result:{step_execution_pk}")
        return _brought_back(texts, kept)

    async def keep_result(self, step_execution_pk: int, items: Sequence[ItemTexts]) -> None:
        """Keep a result that is being edited."""
        texts: list[JsonValue] = [[field.text for field in item.fields] for item in items]
        await self._keep(f"result:{step_execution_pk}", texts)

    async def forget_result(self, step_execution_pk: int) -> None:
        """It was saved."""
        await self._keep(f"result:{step_execution_pk}", None)

    async def _keep(self, name: str, value: JsonValue) -> None:
        if name in self._kept and self._kept[name] == value:
            return
        self._kept[name] = value
        if value is None:
            await self._drafts.forget(f"{self._prefix}:{name}")
        else:
            await self._drafts.put(f"{self._prefix}:{name}", value)


def _brought_back(texts: tuple[ItemTexts, ...], kept: JsonValue) -> tuple[ItemTexts, ...] | None:
    """Return the items as they were left; `None` if nothing was, or if they do not fit."""
    if not isinstance(kept, list) or not texts:
        return None
    shape = texts[0]
    items: list[ItemTexts] = []
    for place, one in enumerate(kept):
        like = texts[place] if place < len(texts) else shape.emptied()
        if not isinstance(one, list) or len(one) != len(like.fields):
            return None
        items.append(like.with_texts([str(text) for text in one]))
    return tuple(items) if tuple(items) != texts else None
