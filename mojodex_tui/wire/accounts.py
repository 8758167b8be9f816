"""Sign in, registration, password, and what an account remembers (wire protocol §1)."""

from enum import StrEnum

from pydantic import Field, JsonValue

from mojodex_tui.wire.base import Confirmation, Omittable, Request, Success, WireModel
from mojodex_tui.wire.route import Access, Placement, Route


class LoginMethod(StrEnum):
    """How a user proves who they are (§1.2)."""

    PASSWORD = "email_password"  # noqa: S105 - the name of a method, not a password
    GOOGLE = "google"
    MICROSOFT = "microsoft"
    APPLE = "apple"


class LoginRequest(Request):
    """Credentials; one of them must be there whatever the method (§1.2)."""

    email: str
    login_method: str = LoginMethod.PASSWORD
    password: Omittable[str] = Field(default=None, repr=False)
    google_token: Omittable[str] = Field(default=None, repr=False)
    microsoft_token: Omittable[str] = Field(default=None, repr=False)
    apple_token: Omittable[str] = Field(default=None, repr=False)
    apple_authorization_code: Omittable[str] = Field(default=None, repr=False)


class RegisterRequest(Request):
    """A new account (§1.3)."""

    email: str
    name: str
    password: str = Field(repr=False)
    language_code: Omittable[str] = None
    skip_user_validation: Omittable[bool] = None
    """Marks onboarding and terms as done, and mails a link to set a password."""


class Account(WireModel):
    """Who signed in, and the token of every later call (§1.2)."""

    token: str = Field(repr=False)
    language_code: str | None = None
    name: str | None = None
    terms_and_conditions_agreed: bool = False
    """Until then no session and no execution can be created (401)."""
    company_fk: int | None = None


class ForgotPasswordRequest(Request):
    """Asks for a mail with a link that is good for 10 minutes (§1.4)."""

    email: str


class NewPasswordRequest(Request):
    """Sets a password with the token of that link, which travels in the body (§1.4)."""

    reset_token: str = Field(alias="Authorization", repr=False)
    new_password: str = Field(repr=False)


class AcceptTermsRequest(Request):
    """Accepts the terms; an original server stores `datetime` as the time of it (§1.5).

    Send an ISO date and time: `now` is a date only PostgreSQL knows.
    """


class LanguagesRequest(Request):
    """Asks for the languages and the interface strings of one of them (§1.5)."""

    language_code: str


class Languages(WireModel):
    """The languages by code, and the strings of the one asked for, or of English (§1.5)."""

    available_languages: dict[str, str] = {}
    language_json_file: dict[str, JsonValue] = {}


class LanguageRequest(Request):
    """Sets the language tasks are shown in (§1.5)."""

    language_code: str


class TimezoneRequest(Request):
    """Tells the account's clock; without it there are no To-Dos and no mails (§1.5)."""

    timezone_offset: int
    """Minutes to subtract from UTC to get local time; the webapp sends a string."""


class OnboardingRequest(Request):
    """Asks whether the introduction was shown (§1.5)."""


class Onboarding(WireModel):
    """Whether the introduction was shown."""

    onboarding_presented: bool


class OnboardedRequest(Request):
    """Says that the introduction was shown (§1.5)."""


class Onboarded(WireModel):
    """Whose introduction was shown."""

    user_id: str


LOGIN = Route("POST", "/user", LoginRequest, Account, Placement.JSON, Access.NOBODY)
REGISTER = Route("PUT", "/user", RegisterRequest, Account, Placement.JSON, Access.NOBODY)
FORGOT_PASSWORD = Route(
    "PUT", "/password", ForgotPasswordRequest, Confirmation, Placement.JSON, Access.NOBODY
)
SET_PASSWORD = Route(
    "POST", "/password", NewPasswordRequest, Confirmation, Placement.JSON, Access.NOBODY
)
ACCEPT_TERMS = Route("PUT", "/terms_and_conditions", AcceptTermsRequest, Success, Placement.JSON)
LIST_LANGUAGES = Route(
    "GET", "/language", LanguagesRequest, Languages, Placement.QUERY, Access.NOBODY
)
SET_LANGUAGE = Route("POST", "/language", LanguageRequest, Success, Placement.JSON)
SET_TIMEZONE = Route("POST", "/timezone", TimezoneRequest, Success, Placement.JSON)
READ_ONBOARDING = Route("GET", "/onboarding", OnboardingRequest, Onboarding, Placement.QUERY)
MARK_ONBOARDED = Route("PUT", "/onboarding", OnboardedRequest, Onboarded, Placement.JSON)
