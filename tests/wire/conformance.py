"""Hold our server against an original one: every recorded exchange and every event.

The recorded scenarios are played one after the other on one server with one database, as they
were recorded. `python -m tests.wire.conformance` tells what differs, `--write` writes
`docs/compatibility.md`.
"""

import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest.mock import patch

import aiohttp
import httpx
import jwt
from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.settings import BackendSettings
from tests.backend.client import on_loopback
from tests.wire.conformance_compare import Difference, Pairs
from tests.wire.conformance_differences import INTENDED, Intended, Reason, intended_by
from tests.wire.conformance_document import DOCUMENT, document
from tests.wire.conformance_llm import RecordedLlm, RecordedSteps
from tests.wire.conformance_player import Played, Player, Stage
from tests.wire.conformance_tasks import write_tasks, write_workflows
from tests.wire.conformance_todos import play_todos

PLAYED = (
    "00_socketio_raw_frames",
    "01_auth",
    "02_user_tasks",
    "03_instruct_form",
    "04_instruct_chat",
    "04b_instruct_odd_replies",
    "04c_message_date_timezone",
    "05_ack_and_resend",
    "06_user_edits",
    "09_errors",
    "10_misc",
    "05b_unacked_draft_moves_end_date",
)
"""In the order they were recorded."""

WORKFLOWS_PLAYED = (
    "07a_workflow_create",
    "07b_workflow_run",
    "07c_workflow_restart",
    "07d_workflow_llm_failure",
    "07e_workflow_no_validation",
    "07f_workflow_three_steps",
)
"""On a server of their own, because the others were recorded before there were workflows."""

RESEND_SECONDS = 0.5
_DEMO = "14f919cf95a70935c6c70f4a89ef5fec"
"""The recorded id of the account `<TOKEN:demo>` belongs to."""
_KEY = "a key of the conformance suite, long enough"


@cache
def play_all() -> tuple[Played, ...]:
    """Play every scenario, and return what each came to."""
    return (
        *asyncio.run(_play(PLAYED, with_workflows=False)),
        *asyncio.run(_play(WORKFLOWS_PLAYED, with_workflows=True)),
        asyncio.run(play_todos()),
    )


async def _play(scenarios: Sequence[str], *, with_workflows: bool) -> tuple[Played, ...]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = BackendSettings(
            data_dir=home,
            local=False,
            jwt_secret=SecretStr(_KEY),
            resend_seconds=RESEND_SECONDS,
            scheduler_secret=SecretStr("<SCHEDULER_SECRET>"),
        )
        write_tasks(home / "recorded")
        if with_workflows:
            write_workflows(home / "recorded")
        llm = RecordedLlm()

        async def source() -> RecordedLlm:
            return llm

        with (
            patch("mojodex_tui.backend.asgi.SHIPPED_TASKS", home / "recorded"),
            patch("mojodex_tui.backend.asgi.SHIPPED_WORKFLOWS", home / "none"),
        ):
            async with (
                open_backend(settings, llm=source, steps=RecordedSteps(llm)) as backend,
                on_loopback(backend) as url,
                httpx.AsyncClient(base_url=url) as http,
                aiohttp.ClientSession() as web,
            ):
                pairs = Pairs()
                await _sign_up(http, backend, pairs)
                stage = Stage(
                    url,
                    settings.sqlite_file,
                    http,
                    web,
                    llm,
                    backend.background,
                    pairs,
                    RESEND_SECONDS,
                )
                return tuple([await Player(stage, scenario).play() for scenario in scenarios])


async def _sign_up(http: httpx.AsyncClient, backend: Backend, pairs: Pairs) -> None:
    """Make the account the recorded server had from the start, and the bad tokens."""
    account = {"email": "demo@example.com", "name": "Demo User", "password": "demo"}
    made = await http.put("/user", json={"datetime": "now", **account})
    token = str(made.json()["token"])
    pairs.tokens["<TOKEN:demo>"] = token
    headers = {"Authorization": token}
    for method, path, body in (
        ("PUT", "/terms_and_conditions", {}),
        ("POST", "/timezone", {"timezone_offset": -60}),
    ):
        told = await http.request(method, path, json={"datetime": "now", **body}, headers=headers)
        told.raise_for_status()
    told = await http.put("/onboarding", json={"datetime": "now"}, headers=headers)
    pairs.learn("user_id", _DEMO, told.json()["user_id"])
    tasks = await http.get(
        "/user_task", params={"datetime": "now", "platform": "mobile"}, headers=headers
    )
    for recorded, task in enumerate(tasks.json()["user_tasks"], start=1):
        pairs.learn("user_task_pk", recorded, task["user_task_pk"])
        pairs.learn("task_pk", recorded, task["task_pk"])
    claims = {"sub": "x~y", "exp": time.time() - 1}
    pairs.tokens["<TOKEN:expired>"] = jwt.encode(claims, _KEY, algorithm="HS256")
    pairs.tokens["<TOKEN:unknown_user>"] = backend.uses.accounts.tokens.issue("0" * 32)
    pairs.tokens["<TOKEN:bad_signature>"] = jwt.encode(
        {**claims, "exp": time.time() + 60}, _KEY[::-1], algorithm="HS256"
    )


@dataclass(frozen=True)
class Outcome:
    """What the suite found."""

    played: tuple[Played, ...]
    surprises: tuple[Difference, ...]
    """Differences nobody means."""
    idle: tuple[Intended, ...]
    """Entries that mean nothing that differs."""
    by_reason: Mapping[Reason, int]
    """How many differences each reason covers."""

    @property
    def identical(self) -> Counter[str]:
        """How many of each kind do not differ at all."""
        return sum((each.identical for each in self.played), Counter())

    def told(self) -> str:
        """Return the counts, as lines."""
        counts = [
            f"{sum(each.exchanges for each in self.played):4} exchanges",
            f"{sum(each.events for each in self.played):4} events",
            f"{sum(each.frames for each in self.played):4} answers to connections",
            f"identical of these: {dict(self.identical)}; what differs, by reason:",
            *(f"{times:4} {reason.key}" for reason, times in self.by_reason.items()),
            *(f"SURPRISE {each}" for each in self.surprises),
            *(f"MEANS NOTHING {each}" for each in self.idle),
        ]
        return "\n".join(counts)


@cache
def outcome() -> Outcome:
    """Play everything and sort what differs."""
    played = play_all()
    found = [difference for each in played for difference in each.differences]
    entries = [intended_by(difference) for difference in found]
    used = {entry for entry in entries if entry is not None}
    return Outcome(
        played=played,
        surprises=tuple(
            difference for difference, entry in zip(found, entries, strict=True) if entry is None
        ),
        idle=tuple(entry for entry in INTENDED if entry not in used),
        by_reason=Counter(entry.reason for entry in entries if entry is not None),
    )


def main() -> None:
    """Tell what the suite finds, or write the document."""
    if "--write" in sys.argv[1:]:
        DOCUMENT.write_text(document(), "utf-8")
        return
    sys.stdout.write(f"{outcome().told()}\n")


if __name__ == "__main__":
    main()
