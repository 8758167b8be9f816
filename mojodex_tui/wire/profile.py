"""What a user tells about themselves: goal and company (wire protocol §9)."""

from mojodex_tui.wire.base import Omittable, Request, Success, WireModel
from mojodex_tui.wire.route import Placement, Route


class GoalRequest(Request):
    """Sets what the user wants from the assistant."""

    goal: str


class CompanyRequest(Request):
    """Has a company's website read, which is slow."""

    website_url: str


class CompanyFeedbackRequest(Request):
    """Says whether the description is right, and what is wrong with it."""

    feedback: Omittable[str] = None
    correct: Omittable[bool] = None


class Company(WireModel):
    """A company, as its website tells it."""

    company_pk: int
    company_emoji: str | None = None
    company_name: str | None = None
    company_description: str | None = None


SET_GOAL = Route("PUT", "/goal", GoalRequest, Success, Placement.JSON)
SET_COMPANY = Route("PUT", "/company", CompanyRequest, Company, Placement.JSON)
CORRECT_COMPANY = Route("POST", "/company", CompanyFeedbackRequest, Company, Placement.JSON)
