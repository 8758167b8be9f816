"""Sending a text to HubSpot (wire protocol §9)."""

from enum import StrEnum

from mojodex_tui.wire.base import Confirmation, Items, Omittable, Request, WireModel
from mojodex_tui.wire.route import Placement, Route


class HubspotObject(StrEnum):
    """What a text can be attached to."""

    COMPANIES = "companies"
    CONTACTS = "contacts"
    DEALS = "deals"


class Engagement(StrEnum):
    """As what a text is attached."""

    NOTES = "notes"
    EMAILS = "emails"
    CALLS = "calls"
    MEETINGS = "meetings"


class HubspotSearchRequest(Request):
    """Looks for something to attach a text to."""

    search_type: str
    search_string: str
    n_results: Omittable[int] = None


class HubspotResult(WireModel):
    """Something a text can be attached to."""

    name: str | None = None
    id: str


class HubspotResults(WireModel):
    """What was found."""

    results: Items[HubspotResult] = ()


class HubspotEngagementRequest(Request):
    """Attaches a version of a text."""

    produced_text_version_pk: int
    associated_object_id: str
    associated_object_type: str
    engagement_type: str


SEARCH_HUBSPOT = Route(
    "GET", "/integrations/hubspot", HubspotSearchRequest, HubspotResults, Placement.QUERY
)
SEND_TO_HUBSPOT = Route(
    "PUT", "/integrations/hubspot", HubspotEngagementRequest, Confirmation, Placement.JSON
)
