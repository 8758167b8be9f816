"""What is said while signing in."""

from urllib.parse import urlsplit

_NEAR = {"localhost", "127.0.0.1", "::1"}


def full_address(typed: str) -> str | None:
    """Return the address that was meant; `None` if it is none yet.

    Without a scheme it is taken as encrypted, unless it is this computer.
    """
    text = typed.strip().rstrip("/")
    if not text or any(part.isspace() for part in text):
        return None
    if "://" not in text:
        host = text.partition("/")[0].partition(":")[0]
        text = f"{'http' if host in _NEAR else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # no number as port, or a broken IPv6 address
        return None
    return text if has_host and parts.scheme in {"http", "https"} else None


def answered(address: str, milliseconds: int, version: str | None) -> str:
    """Return what is known of a server that answered.

    Args:
        address: Where it is.
        milliseconds: How long it took.
        version: What it says it is; `None` if it does not.
    """
    kind = f"mojodex-tui {version}" if version else "Mojodex server"
    if address.startswith("https:"):
        return f"ok: answered in {milliseconds} ms, certificate valid, {kind}"
    host = urlsplit(address).hostname
    warning = "" if host in _NEAR else "; not encrypted, your password can be read on the way"
    return f"ok: answered in {milliseconds} ms, {kind}{warning}"
