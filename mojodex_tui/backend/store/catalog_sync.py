"""Bring the catalog's tables to what the task files say."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.catalog.format import PredefinedActionSpec, StepSpec, TaskFile
from mojodex_tui.backend.store.tables import catalog

PLATFORMS = ("mobile", "webapp")
"""What an original database knows from the start (wire protocol §2)."""

_TEAM_LOCK = 4_071_845_002
"""Any number, but always the same one."""


async def sync_tasks(session: AsyncSession, files: Sequence[TaskFile]) -> None:
    """Write new and changed tasks; keep keys, because executions point at them."""
    if session.get_bind().dialect.name == "postgresql":
        # Processes that start together would all write the same new rows.
        await session.execute(select(func.pg_advisory_xact_lock(_TEAM_LOCK)))
    known = {row.name_for_system: row for row in await session.scalars(select(catalog.Task))}
    digests = {file.name_for_system: _digest(file) for file in files}
    if digests == {name: row.file_digest for name, row in known.items() if not row.retired}:
        return
    sync = _Sync(session)
    platforms = await sync.platforms({*PLATFORMS, *(p for file in files for p in file.platforms)})
    for file in files:
        row = known.get(file.name_for_system)
        if row is None:
            row = catalog.Task(name_for_system=file.name_for_system)
            session.add(row)
        row.file_digest = digests[file.name_for_system]
        await sync.task(row, file, [platforms[name] for name in file.platforms])
        known[file.name_for_system] = row
    for file in files:
        await sync.actions(known[file.name_for_system].task_pk, file.predefined_actions, known)
    present = {file.name_for_system for file in files}
    for name, row in known.items():
        row.retired = name not in present
    await session.flush()


def _digest(file: TaskFile) -> str:
    return hashlib.sha256(file.model_dump_json().encode()).hexdigest()


@dataclass(frozen=True)
class _Sync:
    session: AsyncSession

    async def platforms(self, names: set[str]) -> dict[str, int]:
        known = {
            row.name: row.platform_pk
            for row in await self.session.scalars(select(catalog.Platform))
        }
        for name in sorted(names - known.keys()):
            row = catalog.Platform(name=name)
            self.session.add(row)
            await self.session.flush()
            known[name] = row.platform_pk
        return known

    async def text_type(self, name: str) -> int:
        row = await self.session.scalar(
            select(catalog.TextType).where(catalog.TextType.name == name)
        )
        if row is None:
            row = catalog.TextType(name=name)
            self.session.add(row)
            await self.session.flush()
        return row.text_type_pk

    async def task(self, row: catalog.Task, file: TaskFile, platform_pks: list[int]) -> None:
        row.type = file.task_type
        row.definition_for_system = file.definition_for_system
        row.final_instruction = file.final_instruction
        row.infos_to_extract = [
            info.model_dump(mode="json") for info in file.infos_to_extract or ()
        ]
        row.output_format_instruction_title = file.output_format_instruction_title
        row.output_format_instruction_draft = file.output_format_instruction_draft
        row.output_text_type_fk = await self.text_type(file.output_type)
        row.icon = file.icon
        row.result_chat_enabled = file.result_chat_enabled
        row.catalog_group = file.group
        await self.session.flush()
        await self._words(row.task_pk, file)
        await self._steps(row.task_pk, file.steps or ())
        await self._replace_platforms(row.task_pk, platform_pks)

    async def _words(self, task_pk: int, file: TaskFile) -> None:
        await self.session.execute(
            delete(catalog.TaskText).where(catalog.TaskText.task_fk == task_pk)
        )
        for shown in file.task_displayed_data:
            self.session.add(
                catalog.TaskText(
                    task_fk=task_pk,
                    language_code=shown.language_code,
                    name_for_user=shown.name_for_user,
                    definition_for_user=shown.definition_for_user,
                    json_input=[_with_placeholder(item.as_wire()) for item in shown.json_input],
                )
            )

    async def _replace_platforms(self, task_pk: int, platform_pks: list[int]) -> None:
        table = catalog.TaskPlatform
        await self.session.execute(delete(table).where(table.task_fk == task_pk))
        self.session.add_all(
            table(task_fk=task_pk, platform_fk=platform_pk) for platform_pk in set(platform_pks)
        )

    async def _steps(self, task_pk: int, steps: Sequence[StepSpec]) -> None:
        table = catalog.WorkflowStep
        known = {
            row.rank: row
            for row in await self.session.scalars(select(table).where(table.task_fk == task_pk))
        }
        for rank, step in enumerate(steps, start=1):
            row = known.get(rank)
            if row is None:
                row = table(task_fk=task_pk, rank=rank)
                self.session.add(row)
            row.name_for_system = step.name_for_system
            row.definition_for_system = step.definition_for_system
            row.user_validation_required = step.user_validation_required
            row.review_chat_enabled = step.review_chat_enabled
            await self.session.flush()
            await self._step_words(row.workflow_step_pk, step)

    async def _step_words(self, step_pk: int, step: StepSpec) -> None:
        table = catalog.WorkflowStepText
        await self.session.execute(delete(table).where(table.workflow_step_fk == step_pk))
        self.session.add_all(
            table(
                workflow_step_fk=step_pk,
                language_code=shown.language_code,
                name_for_user=shown.name_for_user,
                definition_for_user=shown.definition_for_user,
            )
            for shown in step.step_displayed_data
        )

    async def actions(
        self,
        task_pk: int,
        actions: Sequence[PredefinedActionSpec],
        tasks: dict[str, catalog.Task],
    ) -> None:
        link, text = catalog.PredefinedAction, catalog.PredefinedActionText
        old = select(link.task_predefined_action_association_pk).where(link.task_fk == task_pk)
        await self.session.execute(
            delete(text).where(text.task_predefined_action_association_fk.in_(old))
        )
        await self.session.execute(delete(link).where(link.task_fk == task_pk))
        for rank, action in enumerate(actions):
            # A follow-up that does not exist is one of the catalog's problems already.
            if action.task not in tasks:
                continue
            row = link(task_fk=task_pk, predefined_action_fk=tasks[action.task].task_pk, rank=rank)
            self.session.add(row)
            await self.session.flush()
            self.session.add_all(
                text(
                    task_predefined_action_association_fk=row.task_predefined_action_association_pk,
                    language_code=shown.language_code,
                    displayed_data=shown.data.model_dump(mode="json"),
                )
                for shown in action.displayed_data
            )


def _with_placeholder(item: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a form field with the key the original command line cannot do without (§18.2)."""
    return {"placeholder": "", **item}
