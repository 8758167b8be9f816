"""What the assistant knows of the user: websites, and what it learned (wire protocol §9)."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from mojodex_tui.wire.base import (
    Items,
    Moment,
    Omittable,
    PageRequest,
    Request,
    Success,
    WireModel,
)
from mojodex_tui.wire.route import Placement, Route


class DocumentType(StrEnum):
    """Where a resource comes from."""

    WEBPAGE = "webpage"
    LEARNED = "learned_by_mojo"


DocumentPk = Annotated[int | str, Field(union_mode="left_to_right")]
"""A key, or `user_description`, or `company_description`."""


class ResourcesRequest(PageRequest):
    """Asks for a page of what the user gave, or of what was learned."""

    learned_by_mojo: bool
    n_resources: Omittable[int] = None


class Resource(WireModel):
    """A document the assistant may know."""

    document_pk: DocumentPk
    document_type: Annotated[DocumentType | str, Field(union_mode="left_to_right")]
    name: str | None = None
    author: str | None = None
    creation_date: Moment | None = None
    last_update_date: Moment | None = None
    text: str | None = None


class Resources(WireModel):
    """A page of resources."""

    documents: Items[Resource] = ()


class AddResourceRequest(Request):
    """Has a website read; that takes a while after the answer."""

    website_url: str


class EditResourceRequest(Request):
    """Replaces the text of a resource."""

    document_pk: DocumentPk
    edition: str


class DeleteResourceRequest(Request):
    """Takes a resource away."""

    document_pk: DocumentPk


class ChangedResource(WireModel):
    """Which resource changed, or went."""

    document_pk: DocumentPk


LIST_RESOURCES = Route("GET", "/resource", ResourcesRequest, Resources, Placement.QUERY)
ADD_RESOURCE = Route("PUT", "/resource", AddResourceRequest, Success, Placement.JSON)
EDIT_RESOURCE = Route("POST", "/resource", EditResourceRequest, ChangedResource, Placement.JSON)
DELETE_RESOURCE = Route(
    "DELETE", "/resource", DeleteResourceRequest, ChangedResource, Placement.QUERY
)
