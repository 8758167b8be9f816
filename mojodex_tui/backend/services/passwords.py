"""Passwords: hashed with Argon2, and the hashes of an original server understood.

Hashing takes tens of milliseconds of a processor, so it is done in a thread.
"""

import asyncio
import hashlib
import hmac
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""The parameters OWASP names as the least to use."""

_PBKDF2_ROUNDS = 600_000
_SCRYPT_MEMORY = 132 * 1024 * 1024


async def hash_password(password: str) -> str:
    """Return what to keep of a password."""
    return await asyncio.to_thread(_HASHER.hash, password)


async def is_right(password: str, kept: str | None) -> bool:
    """Whether a password is the one whose hash was kept.

    Without hash the work is done all the same, so that time does not tell who has an account.
    """
    return await asyncio.to_thread(_is_right, password, kept)


def is_outdated(kept: str) -> bool:
    """Whether a hash should be made again, now that the password is known."""
    return not kept.startswith("$argon2") or _HASHER.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")


def _is_right(password: str, kept: str | None) -> bool:
    if kept is not None and not kept.startswith("$argon2"):
        return _is_right_werkzeug(password, kept)
    try:
        _HASHER.verify(kept or _nobody(), password)
    except VerificationError:
        return False
    return kept is not None


def _is_right_werkzeug(password: str, kept: str) -> bool:
    """Verify a hash as Werkzeug writes it: `method$salt$hash`, method `scrypt:…` or `pbkdf2:…`."""
    method, _, rest = kept.partition("$")
    salt, _, expected = rest.partition("$")
    name, *parameters = method.split(":")
    if not expected:
        return False
    if name == "scrypt":
        n, r, p = map(int, parameters) if parameters else (2**15, 8, 1)
        made = hashlib.scrypt(
            password.encode(), salt=salt.encode(), n=n, r=r, p=p, maxmem=_SCRYPT_MEMORY
        )
    elif name == "pbkdf2" and parameters and parameters[0] in hashlib.algorithms_guaranteed:
        rounds = int(parameters[1]) if len(parameters) > 1 else _PBKDF2_ROUNDS
        made = hashlib.pbkdf2_hmac(parameters[0], password.encode(), salt.encode(), rounds)
    else:
        return False
    return hmac.compare_digest(made.hex(), expected)
