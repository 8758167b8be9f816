"""The images of a form, for models that look at images."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mojodex_tui.backend.domain.briefs import Picture
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.inputs import IMAGES
from mojodex_tui.backend.services.files import Files
from mojodex_tui.wire.images import IMAGE_BEGINNING, image_type

MOST_BYTES = 20_000_000
"""Of all images of a form together: servers take no larger requests, and users pay for each."""


@dataclass(frozen=True)
class Pictures:
    """The images of a form."""

    shown: tuple[Picture, ...]
    left_out: tuple[str, ...]
    """What their user calls those that can be shown to no model: too large, gone, or no images."""


def pictures_of(files: Files, session_id: str, fields: Sequence[JsonObject]) -> Pictures:
    """Return the images of a form; it reads their beginnings, so call it in a thread.

    Args:
        files: where uploads are.
        session_id: whose form it is.
        fields: the form, filled.
    """
    shown: list[Picture] = []
    left_out: list[str] = []
    room = MOST_BYTES
    for name, path in _images(files, session_id, fields):
        media_type = _media_type(path) if path is not None else None
        size = path.stat().st_size if path is not None else 0
        if path is None or media_type is None or size > room:
            left_out.append(name)
        else:
            shown.append(Picture(name, media_type, path))
            room -= size
    return Pictures(tuple(shown), tuple(left_out))


def _images(
    files: Files, session_id: str, fields: Sequence[JsonObject]
) -> Iterator[tuple[str, Path | None]]:
    """Yield what the user calls each image, and where it is."""
    for field in fields:
        if field.get("type") not in IMAGES:
            continue
        stored, names = _listed(field.get("value")), _listed(field.get("file_names"))
        for place, one in enumerate(stored):
            name = names[place] if place < len(names) else one
            yield name, files.find(session_id, one)


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return [str(value)] if value else []


def _media_type(path: Path) -> str | None:
    with path.open("rb") as file:
        return image_type(file.read(IMAGE_BEGINNING))
