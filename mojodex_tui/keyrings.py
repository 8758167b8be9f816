"""The system's keyring, where it is one that protects what it is given."""

import asyncio
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

PATIENCE: Final = 5.0
"""Seconds a keyring may take."""

LLM_KEY: Final = "llm"
"""What the key for the model is called; everything else is called like the server it opens."""

_SERVICE: Final = "mojodex-tui"
_UNTRUSTED: Final = (
    # These refuse everything, forget everything, write files in the clear, or ask on the terminal.
    "keyring.backends.fail",
    "keyring.backends.null",
    "keyrings.",
)


class KeyringUnusable(Exception):
    """The keyring cannot be used here; the text says why."""


async def read_secret(name: str, patience: float = PATIENCE) -> str | None:
    """Return what is kept under `name`.

    Args:
        name: What it is called.
        patience: Seconds a keyring may take; one that waits for a person nobody can see takes for
            ever.

    Raises:
        KeyringUnusable: there is none that protects what it is given, or it does not answer.
    """
    return await _with_keyring(lambda ring: ring.get_password(_SERVICE, name), patience)


async def keep_secret(name: str, secret: str, patience: float = PATIENCE) -> None:
    """Keep a secret under `name`.

    Raises:
        KeyringUnusable: as for `read_secret`.
    """
    await _with_keyring(lambda ring: ring.set_password(_SERVICE, name, secret), patience)


async def forget_secret(name: str, patience: float = PATIENCE) -> None:
    """Forget a secret, if it is there.

    Raises:
        KeyringUnusable: as for `read_secret`.
    """
    await _with_keyring(lambda ring: _delete(ring, name), patience)


async def _with_keyring(use: Callable[["KeyringBackend"], T], patience: float) -> T:
    """Use the system's keyring, in a thread that nothing waits for at the end."""
    try:
        async with asyncio.timeout(patience):
            return await _in_daemon_thread(lambda: _use_keyring(use))
    except TimeoutError as error:
        raise KeyringUnusable("the keyring does not answer") from error


def is_trusted(module: str) -> bool:
    """Whether keyrings of this module protect what they are given."""
    return not module.startswith(_UNTRUSTED)


def _use_keyring(use: Callable[["KeyringBackend"], T]) -> T:
    """Use a keyring that can be trusted; importing it takes longer than a start may."""
    import keyring
    from keyring.backends.chainer import ChainerBackend
    from keyring.errors import KeyringError

    try:
        chosen = keyring.get_keyring()
        rings = chosen.backends if isinstance(chosen, ChainerBackend) else [chosen]
        trusted = [ring for ring in rings if is_trusted(type(ring).__module__)]
        if not trusted:
            raise KeyringUnusable("no keyring")
        return use(trusted[0])
    except (KeyringError, OSError, RuntimeError) as error:
        raise KeyringUnusable((str(error) or type(error).__name__).splitlines()[0]) from error


def _delete(ring: "KeyringBackend", name: str) -> None:
    """Delete a secret from a keyring; most of them complain if there is none."""
    if ring.get_password(_SERVICE, name) is not None:
        ring.delete_password(_SERVICE, name)


async def _in_daemon_thread(work: Callable[[], T]) -> T:
    """Run `work` in a thread that may hang without keeping the program from its end."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(settled: Callable[[], None]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(lambda: None if done.done() else settled())

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - handed to the one who waits, whatever it is
            problem = error
            settle(lambda: done.set_exception(problem))
        else:
            settle(lambda: done.set_result(result))

    threading.Thread(target=run, name="keyring", daemon=True).start()
    return await done
