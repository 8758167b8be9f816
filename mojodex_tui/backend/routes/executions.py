"""Executions and their texts (wire protocol §3, §5)."""

import re

from mojodex_tui.backend.routes.calls import BadValue, Call, Dialect, endpoint, page_of
from mojodex_tui.backend.services.produced_texts import NewText
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import executions as wire
from mojodex_tui.wire import produced_texts as texts
from mojodex_tui.wire.base import Success


async def _create(uses: UseCases, call: Call[wire.CreateExecutionRequest]) -> wire.CreatedExecution:
    body = call.body
    return await uses.executions.create(
        call.user, body.user_task_pk, body.platform, body.user_task_execution_fk
    )


async def _run(uses: UseCases, call: Call[wire.RunExecutionRequest]) -> Success:
    body = call.body
    await uses.executions.run(call.user, body.user_task_execution_pk, body.inputs, call.files)
    return Success(success="ok")


async def _read(uses: UseCases, call: Call[wire.ExecutionRequest]) -> wire.Execution:
    return await uses.executions.read(call.user, call.body.user_task_execution_pk)


async def _list(uses: UseCases, call: Call[wire.ExecutionsRequest]) -> wire.Executions:
    body = call.body
    return await uses.executions.list_started(
        call.user,
        page_of(body.n_user_task_executions, body.offset),
        body.search_filter,
        _pks(body.user_task_pks),
    )


_PK = re.compile(r"\s*[0-9]{1,9}\s*")


def _pks(joined: str | None) -> frozenset[int]:
    pks = [pk for pk in (joined or "").split(";") if pk]
    if not all(_PK.fullmatch(pk) for pk in pks):
        raise BadValue("user_task_pks must be whole numbers with a ; between them")
    return frozenset(map(int, pks))


async def _delete(uses: UseCases, call: Call[wire.DeleteExecutionRequest]) -> wire.DeletedExecution:
    pk = call.body.user_task_execution_pk
    await uses.executions.delete(call.user, pk)
    return wire.DeletedExecution(user_task_execution_pk=pk)


async def _retitle(uses: UseCases, call: Call[wire.RetitleExecutionRequest]) -> Success:
    await uses.executions.retitle(call.user, call.body.user_task_execution_pk, call.body.title)
    return Success(success=True)


async def _read_text(uses: UseCases, call: Call[texts.ProducedTextRequest]) -> texts.ProducedText:
    return await uses.texts.read(call.user, call.body.produced_text_pk)


async def _list_texts(
    uses: UseCases, call: Call[texts.ProducedTextsRequest]
) -> texts.ProducedTexts:
    page = page_of(call.body.n_produced_texts, call.body.offset)
    return await uses.texts.list_all(call.user, page)


async def _save_text(
    uses: UseCases, call: Call[texts.SaveProducedTextRequest]
) -> texts.SavedProducedText:
    body = call.body
    return await uses.texts.save(
        call.user,
        NewText(
            production=body.production,
            title=body.title,
            text_pk=body.produced_text_pk,
            execution_pk=body.user_task_execution_pk,
            session_id=body.session_id,
        ),
    )


async def _delete_text(
    uses: UseCases, call: Call[texts.DeleteProducedTextRequest]
) -> texts.DeletedProducedText:
    await uses.texts.delete(call.user, call.body.produced_text_pk)
    return texts.DeletedProducedText(produced_text_pk=call.body.produced_text_pk)


async def _read_version(uses: UseCases, call: Call[texts.VersionRequest]) -> texts.Version:
    body = call.body
    return await uses.texts.read_version(
        call.user,
        body.user_task_execution_pk,
        body.produced_text_version_index,
        details=bool(body.details),
    )


async def _run_edit(uses: UseCases, call: Call[texts.TextEditRequest]) -> texts.StartedTextEdit:
    body = call.body
    return await uses.text_edits.run(
        call.user, body.produced_text_version_pk, body.text_edit_action_pk, body.message_pk
    )


_GETTING = "Error getting user_task_executions : {reason}"
_READING = Dialect(invalid=_GETTING, refused=_GETTING)

ENDPOINTS = (
    endpoint(wire.CREATE_EXECUTION, _create),
    endpoint(wire.RUN_EXECUTION, _run, Dialect(requires=("datetime", "inputs"))),
    endpoint(wire.READ_EXECUTION, _read, _READING),
    endpoint(wire.LIST_EXECUTIONS, _list, _READING),
    endpoint(wire.DELETE_EXECUTION, _delete),
    endpoint(wire.RETITLE_EXECUTION, _retitle, Dialect(not_json="Invalid request")),
    endpoint(texts.READ_PRODUCED_TEXT, _read_text),
    endpoint(texts.LIST_PRODUCED_TEXTS, _list_texts),
    endpoint(texts.SAVE_PRODUCED_TEXT, _save_text),
    endpoint(texts.DELETE_PRODUCED_TEXT, _delete_text),
    endpoint(texts.READ_VERSION, _read_version),
    endpoint(
        texts.RUN_TEXT_EDIT,
        _run_edit,
        Dialect(
            missing="Missing field in body : {key}",
            not_json="Invalid request",
            requires=("datetime", "platform"),
        ),
    ),
)
