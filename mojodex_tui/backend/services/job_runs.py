"""Do a job once: claim it, do it, and note how it ended.

Whoever does it notes its end in the transaction that keeps its effects, so a crash leaves both or
neither; what a crash left open is claimed again when its claim runs out.
"""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from mojodex_tui.backend.domain.jobs import MOST_ATTEMPTS, JobKey, JobRun, pause_after
from mojodex_tui.backend.llm.errors import LlmError
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.backend.services.todo_ports import MailDelayed, MailRefused

_LOG = structlog.get_logger(__name__)
_MISTAKE = "The backend made a mistake. Its log file says more."


class ClaimLost(Exception):
    """Somebody else took the job over, so what was done for it is not kept."""


@dataclass(frozen=True)
class JobRunner:
    """Does jobs, each once, whoever else may try at the same time.

    Args:
        store: where it is noted.
        clock: tells when.
    """

    store: Store
    clock: Clock
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)

    async def run(
        self,
        key: JobKey,
        user_id: str,
        do: Callable[[JobRun], Awaitable[None]],
        *,
        anew: bool = False,
        patient: bool = False,
    ) -> str | None:
        """Do a job, if it is to be done and nobody else does it.

        Args:
            key: what is done once.
            user_id: whom it is for.
            do: does it, and calls `finish` in the transaction of its effects.
            anew: forget earlier failures.
            patient: never give up.

        Returns:
            Why it failed, or `None`.
        """
        async with self.store.write() as work:
            run = await work.jobs.claim(key, user_id, self.owner, self.clock(), anew=anew)
        if run is None:
            return None
        try:
            await do(run)
        except ClaimLost:
            _LOG.warning("job taken over", job=key.job, subject=key.subject)
        except (LlmError, MailDelayed) as error:
            return await self._fail(run, str(error), retry=True, patient=patient)
        except MailRefused as error:
            return await self._fail(run, str(error), retry=False, patient=patient)
        except Exception as error:  # noqa: BLE001 - one job's mistake must not stop the others
            _LOG.error("job failed", job=key.job, subject=key.subject, exc_info=error)
            return await self._fail(run, _MISTAKE, retry=True, patient=patient)
        return None

    async def finish(self, work: Work, key: JobKey) -> None:
        """Note the end of a job.

        Raises:
            ClaimLost: it is no longer ours; the transaction must be undone.
        """
        if not await work.jobs.finish(key, self.owner, self.clock()):
            raise ClaimLost

    async def keep_claim(self, work: Work, key: JobKey) -> None:
        """Keep a claim in the middle of a long job.

        Raises:
            ClaimLost: it is no longer ours; the transaction must be undone.
        """
        if not await work.jobs.renew(key, self.owner, self.clock()):
            raise ClaimLost

    async def _fail(self, run: JobRun, sentence: str, *, retry: bool, patient: bool) -> str:
        again = retry and (patient or run.attempts < MOST_ATTEMPTS)
        pause = pause_after(min(run.attempts, MOST_ATTEMPTS - 1))
        _LOG.warning(
            "job did not succeed", job=run.key.job, subject=run.key.subject, reason=sentence
        )
        async with self.store.write() as work:
            await work.jobs.fail(
                run.key, self.owner, sentence, self.clock() + pause if again else None
            )
        return sentence
