"""What screens may ask of a server, and what they may hear from it.

A protocol for each thing a user does, so that whoever does one of them asks for that one; and
`Mojodex`, which is all of them. Nothing heavy is imported here: screens and their tests know these
protocols and values only.
"""

from mojodex_tui.client.port.accounts import Accounts as Accounts
from mojodex_tui.client.port.accounts import Keeping as Keeping
from mojodex_tui.client.port.accounts import KeptIn as KeptIn
from mojodex_tui.client.port.chains import Chains as Chains
from mojodex_tui.client.port.conversations import Attachments as Attachments
from mojodex_tui.client.port.conversations import Conversations as Conversations
from mojodex_tui.client.port.conversations import History as History
from mojodex_tui.client.port.conversations import StopOutcome as StopOutcome
from mojodex_tui.client.port.drafts import Drafts as Drafts
from mojodex_tui.client.port.drafts import edit_draft as edit_draft
from mojodex_tui.client.port.drafts import form_draft as form_draft
from mojodex_tui.client.port.drafts import message_draft as message_draft
from mojodex_tui.client.port.drafts import queue_draft as queue_draft
from mojodex_tui.client.port.live import Connection as Connection
from mojodex_tui.client.port.live import Link as Link
from mojodex_tui.client.port.live import LiveEvents as LiveEvents
from mojodex_tui.client.port.mojodex import Mojodex as Mojodex
from mojodex_tui.client.port.mojodex import MojodexApi as MojodexApi
from mojodex_tui.client.port.observing import Observable as Observable
from mojodex_tui.client.port.observing import Unsubscribe as Unsubscribe
from mojodex_tui.client.port.outbox import Outbox as Outbox
from mojodex_tui.client.port.outbox import OutboxChange as OutboxChange
from mojodex_tui.client.port.outbox import OutboxItem as OutboxItem
from mojodex_tui.client.port.outbox import OutboxKind as OutboxKind
from mojodex_tui.client.port.outbox import OutboxStatus as OutboxStatus
from mojodex_tui.client.port.runs import CatalogTask as CatalogTask
from mojodex_tui.client.port.runs import Runs as Runs
from mojodex_tui.client.port.runs import Tasks as Tasks
from mojodex_tui.client.port.seen import Cache as Cache
from mojodex_tui.client.port.seen import Pins as Pins
from mojodex_tui.client.port.texts import Texts as Texts
from mojodex_tui.client.port.todos import Todos as Todos
from mojodex_tui.client.port.workflows import Workflows as Workflows
from mojodex_tui.wire.heard import Channel as Channel
from mojodex_tui.wire.heard import LiveEvent as LiveEvent
from mojodex_tui.wire.heard import Resynchronise as Resynchronise
from mojodex_tui.wire.heard import TokenAppended as TokenAppended
from mojodex_tui.wire.heard import TokenReplaced as TokenReplaced
