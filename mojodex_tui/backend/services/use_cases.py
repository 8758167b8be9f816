"""All that can be done here, as routes need it."""

from dataclasses import dataclass

from mojodex_tui.backend.services.accounts import Accounts
from mojodex_tui.backend.services.attachments import Attachments
from mojodex_tui.backend.services.catalog import TaskCatalog
from mojodex_tui.backend.services.chain import Chains
from mojodex_tui.backend.services.conversations import Conversations
from mojodex_tui.backend.services.executions import TaskExecutions
from mojodex_tui.backend.services.files import Files
from mojodex_tui.backend.services.home import HomeChats
from mojodex_tui.backend.services.jobs import Jobs
from mojodex_tui.backend.services.messages import UserMessages
from mojodex_tui.backend.services.old_workflows import OldWorkflows
from mojodex_tui.backend.services.password_resets import PasswordResets
from mojodex_tui.backend.services.ports import LlmSource
from mojodex_tui.backend.services.produced_texts import Texts
from mojodex_tui.backend.services.scheduler import SchedulerDoor
from mojodex_tui.backend.services.sessions import SessionRooms
from mojodex_tui.backend.services.text_edits import TextEdits
from mojodex_tui.backend.services.todo_digests import TodoDigests
from mojodex_tui.backend.services.todo_exports import TodoExports
from mojodex_tui.backend.services.todo_settings import TodoSettings
from mojodex_tui.backend.services.todos import TodoLists
from mojodex_tui.backend.services.vocabulary import Vocabulary
from mojodex_tui.backend.services.workflow_views import WorkflowViews
from mojodex_tui.backend.services.workflows import Workflows


@dataclass(frozen=True)
class UseCases:
    """The services of one backend."""

    accounts: Accounts
    password_resets: PasswordResets
    catalog: TaskCatalog
    sessions: SessionRooms
    executions: TaskExecutions
    messages: UserMessages
    texts: Texts
    text_edits: TextEdits
    conversations: Conversations
    home: HomeChats
    chains: Chains
    files: Files
    attachments: Attachments
    llm: LlmSource
    vocabulary: Vocabulary
    todos: TodoLists
    todo_exports: TodoExports
    todo_settings: TodoSettings
    todo_digests: TodoDigests
    jobs: Jobs
    scheduler: SchedulerDoor
    workflows: Workflows
    workflow_views: WorkflowViews
    old_workflows: OldWorkflows
