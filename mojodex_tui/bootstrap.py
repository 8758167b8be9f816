"""Builds every object and hands it what it needs; the only module that knows all layers.

What a command needs is imported when the command runs, and what the screens need for the network
once the first of them is painted: starting must not wait for libraries.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from mojodex_tui.embedded import EmbeddedBackend
from mojodex_tui.folders import data_folder
from mojodex_tui.lean import for_good

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.client.session import MojodexClient

_CANNOT_REACH = 4
"""The exit code when there is no backend."""


def start_screen(*, data_dir: Path | None, server: str | None) -> int:
    """Run the full-screen program.

    Args:
        data_dir: The folder for everything it writes; `None` for the user's own.
        server: The address of a Mojodex server; `None` for this computer.

    Returns:
        The exit code.
    """
    folder = data_folder(data_dir)
    backend = EmbeddedBackend(folder)
    if server is None:
        backend.spawn()
    # Textual takes a fifth of a second to import: the backend starts meanwhile.
    with for_good():
        from mojodex_tui.client.glance import read_glance
        from mojodex_tui.settings.file import SettingsFile
        from mojodex_tui.state.glance import seen_at_a_glance
        from mojodex_tui.ui.app import MojodexApp

    _log_to_file(folder)
    seen = seen_at_a_glance(read_glance(folder)) if server is None else None
    app = MojodexApp(Connector(folder, backend), server, seen, SettingsFile(folder))
    try:
        app.run()
    finally:
        backend.stop()
    return app.return_code or 0


def _imported(name: str) -> ModuleType:
    with for_good():
        return importlib.import_module(name)


def _log_to_file(folder: Path) -> None:
    """Send what libraries log to a file: Textual draws on standard error."""
    import logging
    from logging.handlers import RotatingFileHandler

    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    handler = RotatingFileHandler(logs / "client.log", maxBytes=1_000_000, backupCount=2)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


@dataclass
class Way:
    """An open client.

    It lives in a task of its own, because what opened it may be gone when it is closed.
    """

    mojodex: MojodexClient
    server: str | None
    _closing: asyncio.Event
    _life: asyncio.Task[None] = field(repr=False)

    async def close(self) -> None:
        """Stop the client; what is unsent is sent at the next start."""
        self._closing.set()
        await self._life


class Connector:
    """Opens ways to backends for the screens.

    Args:
        folder: The data folder.
        backend: The backend of this computer.
    """

    def __init__(self, folder: Path, backend: EmbeddedBackend) -> None:
        self._folder = folder
        self._backend = backend

    async def __call__(self, server: str | None) -> Way:
        """Open the way to a server, or to the backend of this computer.

        Raises:
            ApiError: it cannot be opened.
        """
        # In a thread, because these imports would hold up the keys that are being typed.
        module = await asyncio.to_thread(_imported, "mojodex_tui.client.session")
        client: MojodexClient = module.MojodexClient(server or self._backend, self._folder)
        opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        closing = asyncio.Event()

        async def live() -> None:
            async with client:
                opened.set_result(None)
                await closing.wait()

        life = asyncio.create_task(live())
        await asyncio.wait({life, opened}, return_when=asyncio.FIRST_COMPLETED)
        if not opened.done():
            await life  # raises what kept it from opening
        return Way(client, server, closing, life)


def serve(*, data_dir: Path | None, host: str, port: int, clock_file: Path | None = None) -> int:
    """Serve a team until interrupted.

    Args:
        data_dir: The folder for everything it writes; `None` for the user's own.
        host: The address to listen on.
        port: The port to listen on; 0 lets the system choose.
        clock_file: Sets the clock; `None` means this computer's.

    Returns:
        The exit code.
    """
    from mojodex_tui.backend.main import serve as serve_backend
    from mojodex_tui.backend.settings import BackendSettings

    given = BackendSettings(data_dir=data_folder(data_dir), host=host, port=port, local=False)
    # Not given, it may still stand in the environment.
    settings = given.model_copy(update={"clock_file": clock_file}) if clock_file else given
    return serve_backend(settings)


def check_catalog(*, data_dir: Path | None, folders: Sequence[Path]) -> int:
    """Say what is wrong in task files.

    Args:
        data_dir: The data folder, whose `tasks` are the user's own.
        folders: More folders to read.

    Returns:
        0 if every file can be used, else 1.
    """
    from mojodex_tui.backend.assistants.step_checks import bad_prompts, unknown_python_steps
    from mojodex_tui.backend.catalog.files import SHIPPED_TASKS, SHIPPED_WORKFLOWS, read_catalog

    own = data_folder(data_dir) / "tasks"
    catalog = read_catalog(SHIPPED_TASKS, SHIPPED_WORKFLOWS, own, *folders)
    problems = (*catalog.problems, *unknown_python_steps(catalog), *bad_prompts(catalog))
    for problem in problems:
        sys.stdout.write(f"{problem.file}: {problem.key}: {problem.reason}\n")
    for task in catalog.tasks:
        if task.limits is not None:
            file = catalog.files[task.name_for_system]
            sys.stdout.write(f"{file}: limits: {task.limits.limits}\n")
    sys.stdout.write(f"{len(catalog.tasks)} tasks, {len(problems)} problems\n")
    return 1 if problems else 0


def ask(
    question: Callable[[Mojodex], Awaitable[int]], *, data_dir: Path | None, server: str | None
) -> int:
    """Ask a backend something on the command line.

    Args:
        question: Asks, prints the answer, and returns the exit code.
        data_dir: The folder for everything it writes; `None` for the user's own.
        server: The address of a Mojodex server; `None` for this computer.

    Returns:
        The exit code; 4 if there is no backend.
    """
    folder = data_folder(data_dir)
    backend = EmbeddedBackend(folder)
    if server is None:
        backend.spawn()
    _log_to_file(folder)

    async def live() -> int:
        way = await Connector(folder, backend)(server)
        try:
            return await question(way.mojodex)
        finally:
            await way.close()

    from mojodex_tui.client.errors import ApiError

    try:
        return asyncio.run(live())
    except ApiError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return _CANNOT_REACH
    finally:
        backend.stop()
