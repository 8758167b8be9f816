"""Where our answers are meant to differ from those of an original server, and why.

Nothing else may differ, and nothing may stand here that does not: the suite fails on both. Ids
such as S4 or C38 are those of the wire protocol's list of defects (§16).
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from tests.wire.conformance_compare import Difference


@dataclass(frozen=True)
class Reason:
    """Why something differs."""

    key: str
    sentence: str


OWNERS: Final = Reason(
    "Ownership (S4-S9)",
    "What belongs to another account does not exist: it cannot be listened to, read, run, "
    "acknowledged or written.",
)
ACCOUNT: Final = Reason(
    "A token needs its account", "A well signed token of an account that is not there is refused."
)
SECRETS: Final = Reason(
    "Nothing of the inside in texts (S20)",
    "Refusals are sentences for people; they hold no SQL, no names of code and no Python errors.",
)
BLAME: Final = Reason(
    "A client's mistake is 400",
    "What a client sends wrong is answered 400, and not as a failure of the server.",
)
INPUTS: Final = Reason(
    "Bad inputs are refused, not stored (C8)",
    "A form that is no list of inputs is refused, so nothing fails after it.",
)
REFUSED: Final = Reason(
    "A refused message is not kept",
    "A message is checked before anything is stored or told: no reception, no empty row.",
)
FAILURES: Final = Reason(
    "Failures reach who waits (C38, R7)",
    "A generation that fails tells so, also after a form and also when the model said nothing; "
    "the message is marked, so that the same one sent again is answered; events tell the execution "
    "and the kind of failure.",
)
PLACEHOLDERS: Final = Reason(
    "No placeholders (C6, C7)", "A request for placeholders is answered as any other."
)
TAGS: Final = Reason(
    "Clean texts (C17)",
    "Texts hold no tags of the protocol and no `None`, a title is not repeated in the draft, and "
    "a delivery inside other words or without all its tags is recognised while it streams.",
)
TITLES: Final = Reason(
    "A title without tags is a title (C41)",
    "The first line of a reply without tags names the execution; a failed answer does not keep "
    "the title away.",
)
ORDER: Final = Reason(
    "Messages in the order they came (C40)",
    "History has the server's order, whatever the client's clock says and whatever the direction "
    "is called.",
)
ONE_BY_ONE: Final = Reason(
    "One answer at a time (R10)",
    "Answers of one session are written one after the other, so their tokens do not mix.",
)
TEXT_EDITS: Final = Reason(
    "Rewritings (C18)",
    "They come with the program, so they are there from the start; their drafts carry the "
    "execution, and the model's own words are kept as they were.",
)
DELETED: Final = Reason(
    "Deleted texts are gone (C43)", "An execution shows and counts no version of a deleted text."
)
DATES: Final = Reason("Dates tell their offset (C12)", "Moments are written in UTC and say so.")
LISTS: Final = Reason("The list of texts works (C1)", "An original server always answers 404.")
OWN_KEYS: Final = Reason(
    "Keys of our own",
    "A field tells whether it is required, a task under which heading it stands. Original clients "
    "ignore what they do not know.",
)
VERSION: Final = Reason("Any version will do", "A client's version is not read: none is wrong.")
EVERYTHING: Final = Reason(
    "Everybody has all tasks",
    "A new account has the free product and every task; nothing is sold and nothing expires.",
)
BACK_OFFICE: Final = Reason(
    "No back office", "Files say which tasks and rewritings there are, so no secret opens a route."
)
HOME_CHAT: Final = Reason(
    "A home chat that works (C2-C5)",
    "It is made when it is asked for, in a session of its own; original servers fail here or "
    "answer with empty texts, and take its messages in any session.",
)
VOICE: Final = Reason("No voice", "Recordings are not transcribed, so a message needs a text.")
PLATFORM: Final = Reason(
    "Another web server",
    "What the libraries underneath say by themselves: the open packet, plain texts, preflights.",
)
ONCE: Final = Reason(
    "Each night and morning once",
    "Overdue To-Dos are moved once a night and told of once a morning, however often a scheduler "
    "asks; a refused answer of the model is not asked for again in the same night.",
)
STEPS: Final = Reason(
    "Every item is worked on (C21, C22)",
    "A step runs once for each item of every execution of the step before it, not of the last one "
    "alone, and the text holds what all of them gave.",
)
DECISIONS: Final = Reason(
    "A decision about what is over changes nothing (R5, C23)",
    "Accepting twice, or after the end, says that nothing changed; accepting a failed step says "
    "that the workflow was relaunched; a restart works until the end, and says when it does not.",
)
RESULTS: Final = Reason(
    "Results are lists of objects",
    "An edited result that is anything else is refused, so no step fails on it.",
)
LATE: Final = Reason(
    "What was given up stays given up (C37)",
    "That a step is given up is told before it begins anew; its late answer is not taken.",
)
STATES: Final = Reason(
    "The state of a run is no message",
    "The assistant that talks about a result is told what was done so far; it is not written into "
    "the history for that.",
)
ENDS: Final = Reason("A workflow ends (C33)", "An execution whose workflow has ended says when.")
MACHINES: Final = Reason(
    "Routes of the scheduler are locked",
    "Only who knows the scheduler's secret may call; original servers ask nobody, or let the "
    "webapp in.",
)
REPLAY: Final = Reason(
    "What the replay does not do",
    "Not a difference of the servers: a moment is not waited for, or what led to it was not "
    "recorded or not played.",
)


@dataclass(frozen=True)
class Intended:
    """Differences that are meant; each field is a pattern with `*`."""

    reason: Reason
    exchange: str
    what: str = "*"
    scenario: str = "*"
    label: str = "*"

    def covers(self, found: Difference) -> bool:
        """Whether it means a difference."""
        return all(
            fnmatchcase(told, pattern.replace("[]", "[[]]"))
            for told, pattern in (
                (found.exchange, self.exchange),
                (found.what, self.what),
                (found.scenario, self.scenario),
                (found.label, self.label),
            )
        )


_EDITS = "*text_edit_actions[] length"

INTENDED: Final = (
    # The ping comes after 15 seconds, as the open packet says.
    Intended(REPLAY, "frame", "frame", "00_*", "good token (line 49)"),
    # Ownership
    Intended(OWNERS, "event error", "is ours alone", "05_*", "E"),
    Intended(OWNERS, "event *", "is missing", "05_*", "E (*"),
    Intended(OWNERS, "GET /user_task_execution_produced_text", "*", "09_*", "*not protected*"),
    Intended(OWNERS, "POST /produced_text", "status 200 -> 400", "09_*", "*not protected*"),
    Intended(
        OWNERS,
        "GET /user_task_execution",
        "produced_text_*",
        "09_*",
        "what the demo user*",
    ),
    Intended(OWNERS, "PUT /user_message", "status 500 -> 400", "09_*", "send a message in the*"),
    Intended(OWNERS, "event user_message_reception", "is missing", "09_*"),
    Intended(OWNERS, "PUT /user_task_execution", "status 200 -> 402", "09_*", "*the demo user's*"),
    Intended(
        OWNERS, "GET /user_task_execution", "status 200 -> 400", "09_*", "read it as the demo user*"
    ),
    Intended(OWNERS, "PUT /user_task_execution", "status 401 -> 402", "01_*", "*the demo user*"),
    Intended(ACCOUNT, "frame", "frame", "00_*", "token of unknown user (line 29)"),
    Intended(ACCOUNT, "connect", "answer", "01_*", "unknown user*"),
    Intended(ACCOUNT, "GET /user_task", "status 200 -> 403", "01_*", "unknown user*"),
    # Refusals
    Intended(SECRETS, "GET /user_task", "error", "02_*", "negative offset*"),
    Intended(SECRETS, "GET /user_task", "error", "02_*", "*not a number*"),
    Intended(SECRETS, "GET /user_task_execution", "error", "03_*", "list: * not *number*"),
    Intended(SECRETS, "GET /user_task_execution", "error", "09_*"),
    Intended(SECRETS, "GET /user_task_execution_produced_text", "error", "09_*"),
    Intended(SECRETS, "PUT /user_message", "error", "04_*"),
    Intended(SECRETS, "PUT /user_message", "error", "10_*", "origin task, no execution*"),
    Intended(SECRETS, "POST /text_edit_action", "error", "06_*", "unknown version*"),
    Intended(BLAME, "POST /user", "status 500 -> 400", "01_*", "JSON array*"),
    Intended(BLAME, "GET /message", "status 500 -> 400", "04_*", "n_messages not a number*"),
    Intended(
        BLAME,
        "GET /user_task_execution_produced_text",
        "status 500 -> 400",
        "09_*",
        "*not a number*",
    ),
    Intended(INPUTS, "POST /user_task_execution_run", "status 500 -> 400", "03_*", "inputs *"),
    Intended(INPUTS, "POST /user_task_execution_run", "status 200 -> 400", "03_*", "inputs *"),
    Intended(INPUTS, "GET /user_task_execution", "status 400 -> 200", "03_*", "*after that*"),
    Intended(REFUSED, "event user_message_reception", "is missing", "04_*"),
    Intended(REFUSED, "event user_message_reception", "is missing", "10_*", "* (line 63)"),
    Intended(REFUSED, "GET /message", "-messages[]", "04_*", "messages after the bad*"),
    Intended(VERSION, "* /user*", "status 500 -> 200", "*", "unparseable version*"),
    Intended(VERSION, "event error", "is ours alone", "00_*", "good token"),
    # Answers
    Intended(FAILURES, "event error", "error"),
    Intended(FAILURES, "event error", "+user_task_execution_pk"),
    Intended(FAILURES, "event error", "+kind"),
    Intended(FAILURES, "GET /message", "messages[].in_error_state", "04b_*"),
    Intended(FAILURES, "event error", "is ours alone", "04b_*"),
    Intended(PLACEHOLDERS, "event mojo_token", "is missing", "03_*", "A (from line 136)"),
    Intended(PLACEHOLDERS, "event error", "is ours alone", "03_*", "A (from line 136)"),
    Intended(TAGS, "event draft_message", "text", "04b_*"),
    Intended(TAGS, "event draft_message", "produced_text", "04b_*"),
    Intended(TAGS, "event mojo_message", "text", "04b_*"),
    Intended(TAGS, "event draft_token", "*", "04b_*"),
    Intended(TAGS, "event mojo_token", "*", "04b_*"),
    Intended(TAGS, "GET /message", "messages[].message.text", "04b_*"),
    Intended(TAGS, "GET /message", "messages[].message.produced_text", "04b_*"),
    Intended(TITLES, "event user_task_execution_title", "is ours alone", "04b_*"),
    Intended(ORDER, "GET /message", "*messages[]*", "04_*", "unknown direction*"),
    Intended(ORDER, "GET /message", "messages[] order", "04_*", "messages after the bad*"),
    Intended(ORDER, "GET /message", "messages[] order", "04c_*"),
    Intended(ONE_BY_ONE, "event draft_token", "is ours alone", "04_*"),
    Intended(TEXT_EDITS, "* /user_task_execution", _EDITS),
    Intended(TEXT_EDITS, "event draft_message", "+*", "06_*"),
    Intended(TEXT_EDITS, "event draft_message", "text_with_tags", "06_*"),
    Intended(TEXT_EDITS, "GET /message", "+messages[].message.*", "06_*"),
    Intended(TEXT_EDITS, "GET /message", "messages[].message.text_with_tags", "06_*"),
    Intended(DELETED, "GET /user_task_execution", "produced_text_version_index", "06_*"),
    Intended(DATES, "GET /produced_text", "creation_date"),
    Intended(LISTS, "GET /produced_text", "status 404 -> 200", "06_*", "list*"),
    Intended(OWN_KEYS, "GET /user_task", "+*group"),
    Intended(OWN_KEYS, "* /user_task_execution", "+*required"),
    # Workflows
    Intended(OWN_KEYS, "* /user_task", "+*step_name"),
    Intended(OWN_KEYS, "* /user_task_execution", "+*step_name"),
    Intended(OWN_KEYS, "event workflow_step_execution_*", "+step_name"),
    Intended(BACK_OFFICE, "* /task", "status *", "07?_*"),
    Intended(BACK_OFFICE, "PUT /product_task_association", "status *", "07a_*"),
    Intended(STEPS, "event workflow_step_execution_*", "parameter*", "07f_*", "A (line [34]?)"),
    Intended(STEPS, "GET /user_task_execution", "*step_executions[]*", "07f_*", "at the end*"),
    Intended(STEPS, "GET /user_task_execution", "produced_text_*", "07f_*", "at the end*"),
    Intended(STEPS, "event workflow_step_execution_*", "is ours alone", "07f_*", "A (from line 7)"),
    Intended(STEPS, "event workflow_execution_produced_text", "is missing", "07f_*"),
    Intended(
        DECISIONS, "POST /user_workflow_step_execution", "message", "07b_*", "*after the end*"
    ),
    Intended(
        DECISIONS, "event workflow_execution_produced_text", "is missing", "07b_*", "A (line 142)"
    ),
    Intended(
        DECISIONS, "GET /user_task_execution", "produced_text_*", "07b_*", "after validating again*"
    ),
    Intended(DECISIONS, "POST /user_workflow_step_execution", "message", "07d_*", "*failed step*"),
    Intended(DECISIONS, "POST /restart_user_workflow_execution", "message", "07c_*"),
    Intended(
        DECISIONS, "GET /user_task_execution", "?step_executions[]", "07c_*", "*late restart*"
    ),
    Intended(DECISIONS, "event workflow_*", "is ours alone", "07c_*", "A (from line 5)"),
    Intended(REPLAY, "GET /user_task_execution", "title", "07d_*", "run without inputs*"),
    Intended(REPLAY, "GET /user_task_execution", "summary", "07d_*", "run without inputs*"),
    Intended(
        INPUTS, "POST /restart_user_workflow_execution", "status 500 -> 400", "07c_*", "inputs*"
    ),
    Intended(
        RESULTS,
        "PUT /user_workflow_step_execution_result",
        "status 200 -> 400",
        "07f_*",
        "*string*",
    ),
    Intended(RESULTS, "event workflow_step_execution_*", "parameter", "07f_*", "A (line 8?)"),
    Intended(RESULTS, "GET /user_task_execution", "step_executions[].*", "07f_*", "* (line 90)"),
    Intended(LATE, "event workflow_step_execution_ended", "*", "07d_*", "A (line 8?)"),
    Intended(LATE, "events", "order", "07d_*", "A (from line 68)"),
    Intended(STATES, "GET /message", "-messages[]", "07?_*"),
    Intended(REPLAY, "GET /message", "?messages[]", "07?_*", "messages at the end*"),
    Intended(ENDS, "GET /user_task_execution", "*end_date", "07?_*"),
    Intended(SECRETS, "event workflow_step_execution_ended", "error_status.error", "07?_*"),
    Intended(SECRETS, "GET /user_task_execution", "*error_status.error", "07?_*"),
    Intended(DATES, "event workflow_step_execution_ended", "error_status.datetime", "07?_*"),
    Intended(DATES, "GET /user_task_execution", "*error_status.datetime", "07?_*"),
    Intended(FAILURES, "GET /user_task_execution", "+failure", "07f_*", "after that (line 68)"),
    Intended(TITLES, "event user_task_execution_title", "is missing", "07e_*"),
    Intended(TAGS, "event mojo_token", "*", "07b_*"),
    Intended(REPLAY, "GET /user_task", "?user_tasks[]*", "07a_*"),
    # To-Dos
    Intended(BLAME, "GET /todos", "status 500 -> 400", "08_*", "n_todos not a number*"),
    Intended(SECRETS, "DELETE /todos", "error", "08_*", "delete: not a number*"),
    Intended(ONCE, "POST /reschedule_todo", "todo_pks[] length", "08_*", "*a bad date*"),
    Intended(ONCE, "POST /events_generation", "user_ids[] length", "08_*", "*an emoji*"),
    Intended(REPLAY, "event user_*", "is ours alone", "08_*", "A (from line 44)"),
    # What there is
    Intended(EVERYTHING, "GET /user_task", "+user_tasks[]", "02_*", "user without any task*"),
    Intended(EVERYTHING, "GET /purchase", "current_purchases*", "10_*"),
    Intended(BACK_OFFICE, "PUT /text_edit_action", "status *"),
    Intended(BACK_OFFICE, "* /text_type", "status *"),
    Intended(HOME_CHAT, "PUT /user_message", "status 200 -> 400", "10_*", "home chat message*"),
    Intended(HOME_CHAT, "PUT /user_message", "status 200 -> 400", "10_*", "(line *)"),
    Intended(HOME_CHAT, "event *", "is missing", "10_*", "A (line [1-4]?)"),
    Intended(HOME_CHAT, "event *", "is missing", "10_*", "A (from line 7)"),
    Intended(HOME_CHAT, "GET /message", "-messages[]", "10_*", "home chat messages*"),
    Intended(HOME_CHAT, "GET /session", "-sessions[]", "10_*", "session list*"),
    Intended(HOME_CHAT, "GET /home_chat", "status 500 -> 200", "10_*"),
    Intended(VOICE, "PUT /user_message", "*", "10_*", "*voice message*"),
    Intended(VOICE, "PUT /user_message", "*", "10_*", "retry with*"),
    Intended(VOICE, "event *", "is missing", "10_*", "A (line *)"),
    Intended(VOICE, "event *", "is missing", "10_*", "A (from line *)"),
    Intended(VOICE, "GET /message", "-messages[]", "10_*", "messages*"),
    Intended(PLATFORM, "frame", "frame", "00_*", "* (line *)"),
    Intended(PLATFORM, "GET /socket.io/", "+maxPayload", "00_*"),
    Intended(PLATFORM, "GET /socket.io/", "content-type", "00_*"),
    Intended(PLATFORM, "GET /", "content-type", "02_*"),
    Intended(PLATFORM, "OPTIONS /user_task", "status 200 -> 405", "09_*"),
    Intended(MACHINES, "GET /is_*_service_configured", "status 200 -> 403", "10_*"),
    # The replay
    Intended(REPLAY, "event draft_token", "is ours alone", "05_*", "A (from line 233)"),
    Intended(REPLAY, "GET /user_task", "-user_tasks[]", "09_*"),
    Intended(REPLAY, "GET /message", "?messages[]", "09_*", "messages after that*"),
)


def intended_by(found: Difference) -> Intended | None:
    """Return the first entry that means a difference."""
    return next((entry for entry in INTENDED if entry.covers(found)), None)
