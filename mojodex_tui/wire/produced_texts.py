"""Produced texts, their versions, and their rewriting (wire protocol §3.7, §5)."""

from typing import ClassVar

from mojodex_tui.wire.base import (
    Items,
    Moment,
    Omittable,
    PageRequest,
    Request,
    SparseModel,
    WireModel,
)
from mojodex_tui.wire.route import Placement, Route


class ProducedTextRequest(Request):
    """Asks for the latest version of a text (§5.2)."""

    produced_text_pk: int


class ProducedText(WireModel):
    """The latest version of a text (§5.2)."""

    produced_text_pk: int
    user_task_execution_fk: int | None = None
    user_id: str | None = None
    production: str
    title: str | None = None
    creation_date: Moment | None = None
    text_type: str | None = None


class ProducedTextsRequest(PageRequest):
    """Asks for a page of texts, the newest first; original servers answer 404 (§5.2)."""

    n_produced_texts: Omittable[int] = None


class ProducedTexts(WireModel):
    """A page of texts."""

    produced_texts: Items[ProducedText] = ()


class SaveProducedTextRequest(Request):
    """Saves a version of a text, or a new text (§5.2)."""

    production: str
    title: Omittable[str] = None
    """Left out, the version has no title, whatever the one before had."""
    produced_text_pk: Omittable[int] = None
    """The text to give a version; without it, a new text is made."""
    user_task_execution_pk: Omittable[int] = None
    session_id: Omittable[str] = None


class SavedProducedText(WireModel):
    """The version that was saved."""

    produced_text_pk: int
    produced_text_version_pk: int


class DeleteProducedTextRequest(Request):
    """Takes a text out of the lists (§5.2)."""

    produced_text_pk: int


class DeletedProducedText(WireModel):
    """Which text left the lists."""

    produced_text_pk: int


class VersionRequest(Request):
    """Asks for one version of an execution's text (§3.7)."""

    user_task_execution_pk: int
    produced_text_version_index: int
    """From 1, the oldest first."""
    details: Omittable[bool] = None
    """Also tell who wrote it and when; read by our own backend only."""


class Version(SparseModel):
    """One version of an execution's text, or only a null key if there is none (§3.7)."""

    sparse_keys: ClassVar[frozenset[str]] = frozenset(
        {
            "produced_text_pk",
            "produced_text_title",
            "produced_text_production",
            "produced_text_version_index",
        }
    )

    produced_text_version_pk: int | None
    produced_text_pk: int | None = None
    produced_text_title: str | None = None
    produced_text_production: str | None = None
    produced_text_version_index: int | None = None
    creation_date: Omittable[Moment] = None
    """When it was saved; only our own backend tells, and only if asked for details."""
    by_user: Omittable[bool] = None
    """Whether the user wrote it, and not the assistant; told as the date is."""


class TextEditRequest(Request):
    """Rewrites a version with one of its text edit actions (§5.4)."""

    produced_text_version_pk: int
    text_edit_action_pk: int
    message_pk: Omittable[int] = None
    """The request to try again."""


class StartedTextEdit(WireModel):
    """The rewriting began; its draft comes as events (§5.4)."""

    success: str
    message_pk: int


READ_PRODUCED_TEXT = Route(
    "GET",
    "/produced_text",
    ProducedTextRequest,
    ProducedText,
    Placement.QUERY,
    picked_by="produced_text_pk",
)
LIST_PRODUCED_TEXTS = Route(
    "GET", "/produced_text", ProducedTextsRequest, ProducedTexts, Placement.QUERY
)
SAVE_PRODUCED_TEXT = Route(
    "POST", "/produced_text", SaveProducedTextRequest, SavedProducedText, Placement.JSON
)
DELETE_PRODUCED_TEXT = Route(
    "DELETE", "/produced_text", DeleteProducedTextRequest, DeletedProducedText, Placement.QUERY
)
READ_VERSION = Route(
    "GET", "/user_task_execution_produced_text", VersionRequest, Version, Placement.QUERY
)
RUN_TEXT_EDIT = Route("POST", "/text_edit_action", TextEditRequest, StartedTextEdit, Placement.JSON)
