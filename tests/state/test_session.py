"""A session follows what a server says, whatever the order and however often."""

from collections.abc import Mapping
from dataclasses import replace

from mojodex_tui.state.session import (
    MOST_NEWEST,
    Answers,
    Drafted,
    Failed,
    Phase,
    Said,
    SessionState,
    apply,
    asked,
    edited,
    loaded,
    resynchronised,
    sent,
)
from mojodex_tui.state.session_words import chat_title
from mojodex_tui.wire.events import (
    AssistantActivity,
    DraftMessage,
    ErrorReported,
    ExecutionTitled,
    MojoMessage,
    UserMessageReceived,
)
from mojodex_tui.wire.executions import Execution
from mojodex_tui.wire.heard import Channel, TokenAppended, TokenReplaced
from mojodex_tui.wire.messages import MessageRow

SESSION = "0f3c"


def execution(**changes: object) -> Execution:
    """Return an execution as a server tells it."""
    return Execution.model_validate(
        {
            "user_task_execution_pk": 41,
            "session_id": SESSION,
            "user_task_pk": 2,
            "task_name": "Meeting recap",
            "start_date": "2026-11-20T21:20:01+00:00",
            "produced_text_version_index": 0,
        }
        | changes
    )


def row(pk: int, sender: str, message: Mapping[str, object], *, failed: bool = False) -> MessageRow:
    return MessageRow.model_validate(
        {"message_pk": pk, "sender": sender, "message": message, "in_error_state": failed}
    )


def draft(version: int, message_pk: int = 90) -> DraftMessage:
    return DraftMessage.model_validate(
        {
            "session_id": SESSION,
            "message_pk": message_pk,
            "produced_text": f"body {version}",
            "produced_text_title": f"title {version}",
            "produced_text_pk": 7,
            "produced_text_version_pk": version,
        }
    )


def started() -> SessionState:
    return loaded(execution(), (row(1, "user", {"text": "hello", "message_id": "m1"}),))


def test_history_becomes_entries_and_hides_what_is_not_for_the_user() -> None:
    rows = (
        row(1, "user", {"text": "hello", "message_id": "m1"}),
        row(2, "system", {"text": "state of the workflow"}),
        row(3, "user", {"message_id": "m2"}),
        row(4, "mojo", {"text": "Who is it for?"}),
        row(5, "mojo", draft(3, 5).to_wire()),
    )
    state = loaded(execution(), rows)
    assert state.entries == (
        Said(1, by_user=True, text="hello", message_id="m1"),
        Said(4, by_user=False, text="Who is it for?", in_task=False),
        Drafted(5, 3, "title 3"),
    )


def test_answers_of_a_form_open_the_conversation() -> None:
    given = {
        "input_name": "notes",
        "description_for_user": "What was said?",
        "type": "text_area",
        "value": "one two",
    }
    state = loaded(execution(json_inputs_values=[given, given | {"value": None}]), ())
    assert state.entries == (Answers((("What was said?", "one two"),)),)
    assert state.phase is Phase.ASKED


def test_an_answer_is_due_after_the_users_last_word_only() -> None:
    assert started().phase is Phase.ASKED
    answered = loaded(execution(), (row(1, "user", {"text": "a"}), row(2, "mojo", {"text": "b"})))
    assert answered.phase is Phase.IDLE
    failed = loaded(execution(), (row(1, "user", {"text": "a"}, failed=True),))
    assert failed.phase is Phase.IDLE
    not_started = loaded(execution(start_date=None), ())
    assert not_started.phase is Phase.IDLE


def test_failure_told_by_the_server_is_the_last_entry() -> None:
    state = loaded(execution(failure="The model is busy."), (row(1, "user", {"text": "a"}),))
    assert state.failure == Failed("The model is busy.")
    assert state.phase is Phase.IDLE


def test_tokens_change_the_phase_once_and_then_nothing() -> None:
    first = apply(started(), TokenReplaced(SESSION, Channel.DRAFT_TITLE, "A"))
    assert first.phase is Phase.DRAFTING
    assert apply(first, TokenAppended(SESSION, Channel.DRAFT_BODY, "b")) is first


def test_draft_ends_the_writing_and_counts_one_version_however_often_it_comes() -> None:
    writing = apply(started(), TokenAppended(SESSION, Channel.DRAFT_BODY, "b"))
    once = apply(writing, draft(3))
    twice = apply(once, draft(3))
    assert once.phase is Phase.IDLE
    assert once.versions == 1
    assert once.draft is not None
    assert (once.draft.title, once.draft.body, once.draft.index) == ("title 3", "body 3", 1)
    assert twice == once


def test_message_that_was_fetched_and_then_comes_as_event_is_there_once() -> None:
    state = loaded(execution(), (row(1, "user", {"text": "a"}), row(2, "mojo", {"text": "b"})))
    event = MojoMessage(text="b", session_id=SESSION, message_pk=2)
    assert apply(state, event).entries == state.entries


def test_error_tells_its_cause_without_the_servers_words() -> None:
    error = ErrorReported(
        error="Error during assistant process_chat_message: The key is not accepted.",
        session_id=SESSION,
    )
    state = apply(started(), error)
    assert state.failure == Failed("The key is not accepted.")
    assert state.phase is Phase.IDLE


def test_failure_goes_away_when_it_is_tried_again() -> None:
    failed = apply(started(), ErrorReported(error="no", session_id=SESSION))
    assert asked(failed).failure is None
    assert asked(failed).phase is Phase.ASKED
    assert not any(isinstance(entry, Failed) for entry in asked(failed).entries)


def test_what_the_assistant_did_before_the_message_was_acknowledged_stands_after_it() -> None:
    error = ErrorReported(session_id=SESSION, error="No key.")
    failed = sent(apply(asked(loaded(execution(), ())), error), 51, "id-1", "Hello")
    assert failed.entries == (Said(51, True, "Hello", "id-1"), Failed("No key."))
    assert failed.lacks_answer

    answer = MojoMessage(session_id=SESSION, message_pk=52, text="Which one?")
    answered = sent(apply(asked(loaded(execution(), ())), answer), 51, "id-1", "Hello")
    assert [one.message_pk for one in answered.entries if isinstance(one, Said)] == [51, 52]


def test_failure_goes_away_when_the_server_has_the_next_message() -> None:
    failed = loaded(execution(failure="No key."), ())
    assert apply(failed, UserMessageReceived(session_id=SESSION)).entries == ()


def test_title_arrives_by_itself() -> None:
    assert started().title == "Meeting recap"
    titled = apply(started(), ExecutionTitled(title="Kickoff", session_id=SESSION))
    assert titled.title == "Kickoff"


def test_resynchronising_keeps_what_only_the_tokens_tell() -> None:
    writing = apply(started(), TokenAppended(SESSION, Channel.DRAFT_BODY, "b"))
    assert resynchronised(writing, started()).phase is Phase.DRAFTING
    done = loaded(execution(), (row(1, "user", {"text": "a"}), row(2, "mojo", {"text": "b"})))
    assert resynchronised(writing, done).phase is Phase.IDLE


def test_only_the_newest_messages_are_kept_with_the_form() -> None:
    given = {"input_name": "notes", "type": "text_area", "value": "one"}
    state = loaded(execution(json_inputs_values=[given]), ())
    for pk in range(1, 1_000):
        state = apply(state, MojoMessage(session_id=SESSION, message_pk=pk, text=f"{pk}"))
        assert len(state.entries) <= MOST_NEWEST + 1
    assert isinstance(state.entries[0], Answers)
    said = [one.message_pk for one in state.entries if isinstance(one, Said)]
    assert said == list(range(said[0], 1_000))


def test_users_version_is_one_more_and_not_one_more_when_told_twice() -> None:
    state = apply(started(), draft(3))
    mine = edited(state, title="t", body="mine", produced_text_pk=7, version_pk=4)
    again = edited(mine, title="t", body="mine", produced_text_pk=7, version_pk=4)
    assert (mine.versions, again.versions) == (2, 2)
    assert mine.draft is not None
    assert mine.draft.body == "mine"


def test_what_is_done_before_an_answer_is_told_until_it_comes() -> None:
    state = asked(loaded(execution(), ()))
    assert chat_title(state, 2) == "Chat   thinking…   00:02   ^C stops"
    reading = apply(state, AssistantActivity(text="reading budget.pdf", session_id=SESSION))
    assert chat_title(reading, 2) == "Chat   reading budget.pdf…   00:02   ^C stops"
    answering = apply(reading, TokenReplaced(SESSION, Channel.MESSAGE, "It"))
    assert chat_title(answering, 3) == "Chat   answering…   00:03   ^C stops"
    ended = apply(reading, ErrorReported(error="No.", session_id=SESSION))
    assert chat_title(ended, 3) == "Chat"
    assert chat_title(asked(ended), 0) == "Chat   thinking…   00:00   ^C stops"


def test_what_the_session_goes_on_without_is_told() -> None:
    rows = (row(1, "user", {"text": "hello"}), row(2, "mojo", {"text": "Yes?"}))
    left = tuple(one.model_copy(update={"left": True}) for one in rows)
    assert loaded(execution(), left).entries == tuple(
        replace(entry, left=True)
        for entry in loaded(execution(), rows).entries
        if isinstance(entry, Said)
    )


def test_what_went_with_a_message_is_told() -> None:
    files = [{"name": "notes.md", "size": 23}, {"name": "plan.docx"}]
    rows = (row(1, "user", {"text": "hello", "files": files}), row(2, "user", {"text": "bye"}))
    entries = loaded(execution(), rows).entries
    assert [entry.files for entry in entries if isinstance(entry, Said)] == [
        ("notes.md", "plan.docx"),
        (),
    ]
