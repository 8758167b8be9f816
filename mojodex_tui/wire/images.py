"""The kinds of images that are looked at, told by how a file begins, whatever its name says."""

IMAGE_BEGINNING = 12
"""Bytes that are enough to tell."""

_MARKS = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


def image_type(beginning: bytes) -> str | None:
    """Return the media type of an image; `None` if it is none that models take.

    Args:
        beginning: the first bytes of a file.
    """
    if beginning.startswith(b"RIFF") and beginning[8:IMAGE_BEGINNING] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in _MARKS if beginning.startswith(mark)), None)
