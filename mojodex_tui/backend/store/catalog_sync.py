"""Bring the catalog's tables to what the task files say."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from mojodex_tui.backend.catalog.format import StepSpec, TaskFile
from mojodex_tui.backend.store.tables import Table, catalog

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
    text_types = await sync.text_types({file.output_type for file in files})
    for file in files:
        row = known.setdefault(
            file.name_for_system, catalog.Task(name_for_system=file.name_for_system)
        )
        session.add(row)
        _fill(row, file, digests[file.name_for_system], text_types[file.output_type])
    for name, row in known.items():
        row.retired = name not in digests
    await session.flush()
    pks = {name: row.task_pk for name, row in known.items()}
    await sync.words(files, pks)
    await sync.task_platforms(files, pks, platforms)
    await sync.steps(files, pks)
    await sync.actions(files, pks)
    await session.flush()


def _digest(file: TaskFile) -> str:
    return hashlib.sha256(file.model_dump_json().encode()).hexdigest()


def _fill(row: catalog.Task, file: TaskFile, digest: str, text_type_pk: int) -> None:
    row.file_digest = digest
    row.type = file.task_type
    row.definition_for_system = file.definition_for_system
    row.final_instruction = file.final_instruction
    row.infos_to_extract = [info.model_dump(mode="json") for info in file.infos_to_extract or ()]
    row.output_format_instruction_title = file.output_format_instruction_title
    row.output_format_instruction_draft = file.output_format_instruction_draft
    row.output_text_type_fk = text_type_pk
    row.icon = file.icon
    row.result_chat_enabled = file.result_chat_enabled
    row.catalog_group = file.group


@dataclass(frozen=True)
class _Sync:
    """Writes one table after the other, each at once: a first start waits for this."""

    session: AsyncSession

    async def platforms(self, names: set[str]) -> dict[str, int]:
        known = {row.name: row for row in await self.session.scalars(select(catalog.Platform))}
        for name in sorted(names - known.keys()):
            known[name] = catalog.Platform(name=name)
            self.session.add(known[name])
        await self.session.flush()
        return {name: row.platform_pk for name, row in known.items()}

    async def text_types(self, names: set[str]) -> dict[str, int]:
        known = {row.name: row for row in await self.session.scalars(select(catalog.TextType))}
        for name in sorted(names - known.keys()):
            known[name] = catalog.TextType(name=name)
            self.session.add(known[name])
        await self.session.flush()
        return {name: row.text_type_pk for name, row in known.items()}

    async def words(self, files: Sequence[TaskFile], pks: Mapping[str, int]) -> None:
        table = catalog.TaskText
        await self._clear(table, table.task_fk, files, pks)
        self.session.add_all(
            table(
                task_fk=pks[file.name_for_system],
                language_code=shown.language_code,
                name_for_user=shown.name_for_user,
                definition_for_user=shown.definition_for_user,
                json_input=[_with_placeholder(item.as_wire()) for item in shown.json_input],
            )
            for file in files
            for shown in file.task_displayed_data
        )

    async def task_platforms(
        self, files: Sequence[TaskFile], pks: Mapping[str, int], platforms: Mapping[str, int]
    ) -> None:
        table = catalog.TaskPlatform
        await self._clear(table, table.task_fk, files, pks)
        self.session.add_all(
            table(task_fk=pks[file.name_for_system], platform_fk=platforms[name])
            for file in files
            for name in sorted(set(file.platforms))
        )

    async def steps(self, files: Sequence[TaskFile], pks: Mapping[str, int]) -> None:
        table = catalog.WorkflowStep
        known = {(row.task_fk, row.rank): row for row in await self.session.scalars(select(table))}
        rows: list[tuple[catalog.WorkflowStep, StepSpec]] = []
        for file in files:
            task_pk = pks[file.name_for_system]
            for rank, step in enumerate(file.steps or (), start=1):
                row = known.get((task_pk, rank)) or table(task_fk=task_pk, rank=rank)
                self.session.add(row)
                row.name_for_system = step.name_for_system
                row.definition_for_system = step.definition_for_system
                row.user_validation_required = step.user_validation_required
                row.review_chat_enabled = step.review_chat_enabled
                rows.append((row, step))
        await self.session.flush()
        text = catalog.WorkflowStepText
        written = [row.workflow_step_pk for row, _ in rows]
        await self.session.execute(delete(text).where(text.workflow_step_fk.in_(written)))
        self.session.add_all(
            text(
                workflow_step_fk=row.workflow_step_pk,
                language_code=shown.language_code,
                name_for_user=shown.name_for_user,
                definition_for_user=shown.definition_for_user,
            )
            for row, step in rows
            for shown in step.step_displayed_data
        )

    async def actions(self, files: Sequence[TaskFile], pks: Mapping[str, int]) -> None:
        link, text = catalog.PredefinedAction, catalog.PredefinedActionText
        old = select(link.task_predefined_action_association_pk).where(
            link.task_fk.in_(_of(files, pks))
        )
        await self.session.execute(
            delete(text).where(text.task_predefined_action_association_fk.in_(old))
        )
        await self._clear(link, link.task_fk, files, pks)
        rows = [
            (
                link(
                    task_fk=pks[file.name_for_system],
                    predefined_action_fk=pks[action.task],
                    rank=rank,
                ),
                action,
            )
            for file in files
            for rank, action in enumerate(file.predefined_actions)
            # A follow-up that does not exist is one of the catalog's problems already.
            if action.task in pks
        ]
        self.session.add_all(row for row, _ in rows)
        await self.session.flush()
        self.session.add_all(
            text(
                task_predefined_action_association_fk=row.task_predefined_action_association_pk,
                language_code=shown.language_code,
                displayed_data=shown.data.model_dump(mode="json"),
            )
            for row, action in rows
            for shown in action.displayed_data
        )

    async def _clear(
        self,
        table: type[Table],
        task_fk: InstrumentedAttribute[int],
        files: Sequence[TaskFile],
        pks: Mapping[str, int],
    ) -> None:
        """Delete the rows of `files`, which are written anew."""
        await self.session.execute(delete(table).where(task_fk.in_(_of(files, pks))))


def _of(files: Sequence[TaskFile], pks: Mapping[str, int]) -> list[int]:
    return [pks[file.name_for_system] for file in files]


def _with_placeholder(item: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a form field with the key the original command line cannot do without (§18.2)."""
    return {"placeholder": "", **item}
