"""All of a backend, as the program uses it."""

from typing import Protocol

from mojodex_tui.client.port.accounts import Accounts, Keeping
from mojodex_tui.client.port.chains import Chains
from mojodex_tui.client.port.conversations import Attachments, Conversations
from mojodex_tui.client.port.drafts import Drafts
from mojodex_tui.client.port.live import LiveEvents
from mojodex_tui.client.port.observing import Observable
from mojodex_tui.client.port.outbox import Outbox
from mojodex_tui.client.port.runs import Runs, Tasks
from mojodex_tui.client.port.seen import Cache, Pins
from mojodex_tui.client.port.texts import Texts
from mojodex_tui.client.port.todos import Todos
from mojodex_tui.client.port.workflows import Workflows
from mojodex_tui.wire.accounts import Account
from mojodex_tui.wire.extensions import BackendInfo


class MojodexApi(Accounts, Tasks, Runs, Conversations, Attachments, Texts, Chains, Protocol):
    """Everything a user may ask; every method raises an `ApiError` when it fails."""

    async def backend_info(self) -> BackendInfo | None:
        """Return what our own backend says about itself; `None` from any other server."""
        ...


class Mojodex(Protocol):
    """All of it: what screens are given."""

    @property
    def api(self) -> MojodexApi:
        """To ask."""
        ...

    @property
    def live(self) -> LiveEvents:
        """To listen."""
        ...

    @property
    def outbox(self) -> Outbox:
        """To write."""
        ...

    @property
    def drafts(self) -> Drafts:
        """What is being typed."""
        ...

    @property
    def todos(self) -> Todos:
        """To-Dos."""
        ...

    @property
    def workflows(self) -> Workflows:
        """Runs of workflows."""
        ...

    @property
    def cache(self) -> Cache:
        """What was seen last."""
        ...

    @property
    def pins(self) -> Pins:
        """The user's choices."""
        ...

    @property
    def account(self) -> Observable[Account | None]:
        """Who is signed in; `None` asks for the sign-in screen."""
        ...

    @property
    def keeping(self) -> Observable[Keeping]:
        """Where the token is kept."""
        ...
