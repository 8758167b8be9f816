"""The catalog in the database, and who has what of it."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.catalog.format import TaskFile
from mojodex_tui.backend.domain.catalog import Action, JsonObject, OwnedTask, Step, Task, Words
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.store.catalog_sync import sync_tasks
from mojodex_tui.backend.store.tables import catalog


class SqlTasks:
    """The catalog, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def sync(self, files: Sequence[TaskFile]) -> None:
        """Make the catalog hold what the files say; tasks without file are retired."""
        await sync_tasks(self._session, files)

    async def get(self, task_pk: int) -> Task:
        """Return a task that exists."""
        return (await self.by_pks({task_pk}))[task_pk]

    async def by_pks(self, task_pks: Collection[int]) -> dict[int, Task]:
        """Return tasks with all their words, in a fixed number of queries."""
        rows = await self._session.execute(
            select(catalog.Task, catalog.TextType.name)
            .outerjoin(
                catalog.TextType,
                catalog.TextType.text_type_pk == catalog.Task.output_text_type_fk,
            )
            .where(catalog.Task.task_pk.in_(task_pks))
        )
        words = await self._words(task_pks)
        steps = await self._steps(task_pks)
        actions = await self._actions(task_pks)
        return {
            row.task_pk: Task(
                task_pk=row.task_pk,
                type=row.type,
                name=row.name_for_system,
                definition=row.definition_for_system,
                icon=row.icon,
                output_type=output_type,
                final_instruction=row.final_instruction,
                title_format=row.output_format_instruction_title,
                draft_format=row.output_format_instruction_draft,
                infos_to_extract=tuple(row.infos_to_extract or ()),
                result_chat_enabled=row.result_chat_enabled,
                group=row.catalog_group,
                words=words[row.task_pk],
                steps=tuple(steps[row.task_pk]),
                actions=tuple(actions[row.task_pk]),
            )
            for row, output_type in rows
        }

    async def _words(self, task_pks: Collection[int]) -> dict[int, dict[str, Words]]:
        words: dict[int, dict[str, Words]] = defaultdict(dict)
        for row in await self._session.scalars(
            select(catalog.TaskText).where(catalog.TaskText.task_fk.in_(task_pks))
        ):
            words[row.task_fk][row.language_code] = Words(
                row.name_for_user, row.definition_for_user, tuple(row.json_input)
            )
        return words

    async def _steps(self, task_pks: Collection[int]) -> dict[int, list[Step]]:
        rows = await self._session.execute(
            select(catalog.WorkflowStep, catalog.WorkflowStepText)
            .join(
                catalog.WorkflowStepText,
                catalog.WorkflowStepText.workflow_step_fk == catalog.WorkflowStep.workflow_step_pk,
            )
            .where(catalog.WorkflowStep.task_fk.in_(task_pks))
            .order_by(catalog.WorkflowStep.rank)
        )
        words: dict[tuple[int, int, str], dict[str, Words]] = defaultdict(dict)
        for step, text in rows:
            key = (step.task_fk, step.workflow_step_pk, step.name_for_system)
            words[key][text.language_code] = Words(text.name_for_user, text.definition_for_user)
        steps: dict[int, list[Step]] = defaultdict(list)
        for (task_pk, step_pk, name), of_step in words.items():
            steps[task_pk].append(Step(step_pk, name, of_step))
        return steps

    async def _actions(self, task_pks: Collection[int]) -> dict[int, list[Action]]:
        link, text = catalog.PredefinedAction, catalog.PredefinedActionText
        rows = await self._session.execute(
            select(link, text)
            .join(
                text,
                text.task_predefined_action_association_fk
                == link.task_predefined_action_association_pk,
            )
            .where(link.task_fk.in_(task_pks))
            .order_by(link.rank)
        )
        words: dict[tuple[int, int], dict[str, JsonObject]] = defaultdict(dict)
        for action, shown in rows:
            words[action.task_fk, action.predefined_action_fk][shown.language_code] = (
                shown.displayed_data
            )
        actions: dict[int, list[Action]] = defaultdict(list)
        for (task_pk, action_pk), of_action in words.items():
            actions[task_pk].append(Action(action_pk, of_action))
        return actions

    async def has_platform(self, name: str) -> bool:
        """Whether tasks can be offered on that platform."""
        found = await self._session.scalar(
            select(catalog.Platform.platform_pk).where(catalog.Platform.name == name)
        )
        return found is not None

    async def owned(self, user_id: str, platform: str, page: Page) -> list[OwnedTask]:
        """Return a page of the enabled tasks of a user, by task."""
        return await self._owned(
            _enabled(user_id)
            .where(catalog.UserTask.task_fk.in_(_offered_on(platform)))
            .order_by(catalog.UserTask.task_fk)
            .limit(page.limit)
            .offset(page.offset)
        )

    async def count_owned(self, user_id: str) -> int:
        """Return how many enabled tasks a user has, on any platform."""
        counted = await self._session.scalar(
            select(func.count()).select_from(_enabled(user_id).subquery())
        )
        return counted or 0

    async def teasing(self, user_id: str, platform: str, page: Page) -> list[OwnedTask]:
        """Return a page of the tasks shown to those who do not have them."""
        rows = await self._session.execute(
            select(catalog.Task.task_pk, catalog.UserTask.user_task_pk)
            .outerjoin(
                catalog.UserTask,
                (catalog.UserTask.task_fk == catalog.Task.task_pk)
                & (catalog.UserTask.user_id == user_id),
            )
            .where(
                catalog.Task.visible_for_teasing,
                ~catalog.Task.retired,
                catalog.UserTask.enabled.is_not(True),
                catalog.Task.task_pk.in_(_offered_on(platform)),
            )
            .order_by(catalog.Task.task_pk)
            .limit(page.limit)
            .offset(page.offset)
        )
        found = rows.all()
        tasks = await self.by_pks({task_pk for task_pk, _ in found})
        return [OwnedTask(user_task_pk, False, tasks[task_pk]) for task_pk, user_task_pk in found]

    async def owned_by_pk(self, user_id: str, user_task_pk: int) -> OwnedTask | None:
        """Return one task of a user, enabled or not."""
        owned = await self._owned(
            select(catalog.UserTask).where(
                catalog.UserTask.user_id == user_id, catalog.UserTask.user_task_pk == user_task_pk
            )
        )
        return owned[0] if owned else None

    async def offered_on(self, task_pk: int, platform: str) -> bool:
        """Whether a task is offered on a platform."""
        found = await self._session.scalar(
            _offered_on(platform).where(catalog.TaskPlatform.task_fk == task_pk)
        )
        return found is not None

    async def has_all(self, user_id: str) -> bool:
        """Whether a user has every task of the catalog."""
        return await self._session.scalar(_missing(user_id).limit(1)) is None

    async def enable_all(self, user_id: str) -> None:
        """Give a user every task of the catalog."""
        missing = (await self._session.scalars(_missing(user_id))).all()
        self._session.add_all(
            catalog.UserTask(user_id=user_id, task_fk=task_pk) for task_pk in missing
        )
        await self._session.flush()

    async def _owned(self, query: Select[catalog.UserTask]) -> list[OwnedTask]:
        rows = (await self._session.scalars(query)).all()
        tasks = await self.by_pks({row.task_fk for row in rows})
        return [OwnedTask(row.user_task_pk, row.enabled, tasks[row.task_fk]) for row in rows]


def _enabled(user_id: str) -> Select[catalog.UserTask]:
    return (
        select(catalog.UserTask)
        .join(catalog.Task, catalog.Task.task_pk == catalog.UserTask.task_fk)
        .where(catalog.UserTask.user_id == user_id, catalog.UserTask.enabled, ~catalog.Task.retired)
    )


def _offered_on(platform: str) -> Select[int]:
    return (
        select(catalog.TaskPlatform.task_fk)
        .join(catalog.Platform, catalog.Platform.platform_pk == catalog.TaskPlatform.platform_fk)
        .where(catalog.Platform.name == platform)
    )


def _missing(user_id: str) -> Select[int]:
    """Select the tasks a user does not have; one the user has, but disabled, is no such task."""
    had = select(catalog.UserTask.task_fk).where(catalog.UserTask.user_id == user_id)
    return (
        select(catalog.Task.task_pk)
        .where(~catalog.Task.retired, catalog.Task.task_pk.not_in(had))
        .order_by(catalog.Task.task_pk)
    )
