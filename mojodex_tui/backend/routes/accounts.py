"""Sign in, registration, and what an account remembers (wire protocol §1)."""

from mojodex_tui.backend.routes.calls import GENERAL_DIALECT, OWN, Call, Dialect, endpoint
from mojodex_tui.backend.services.accounts import LANGUAGES
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import accounts as wire
from mojodex_tui.wire import profile
from mojodex_tui.wire.base import Confirmation, Success
from mojodex_tui.wire.extensions import OPEN_LOCAL_SESSION, LocalSessionRequest


async def _log_in(uses: UseCases, call: Call[wire.LoginRequest]) -> wire.Account:
    body = call.body
    return await uses.accounts.log_in(
        body.email, body.login_method, body.password, address=call.address
    )


async def _register(uses: UseCases, call: Call[wire.RegisterRequest]) -> wire.Account:
    body = call.body
    return await uses.accounts.register(body.email, body.name, body.password, body.language_code)


async def _forget(uses: UseCases, call: Call[wire.ForgotPasswordRequest]) -> Confirmation:
    await uses.password_resets.send_link(call.body.email)
    return Confirmation(message="Email sent.")


async def _set_password(uses: UseCases, call: Call[wire.NewPasswordRequest]) -> Confirmation:
    await uses.password_resets.set_password(call.body.reset_token, call.body.new_password)
    return Confirmation(message="Password updated.")


async def _open_local(uses: UseCases, call: Call[LocalSessionRequest]) -> wire.Account:
    return await uses.accounts.open_local(call.authorization)


async def _accept_terms(uses: UseCases, call: Call[wire.AcceptTermsRequest]) -> Success:
    await uses.accounts.accept_terms(call.user)
    return Success(success=True)


async def _list_languages(_: UseCases, _call: Call[wire.LanguagesRequest]) -> wire.Languages:
    # The words of the original web interface are not ours to give.
    return wire.Languages(available_languages=LANGUAGES)


async def _set_language(uses: UseCases, call: Call[wire.LanguageRequest]) -> Success:
    await uses.accounts.set_language(call.user, call.body.language_code)
    return Success(success="Language updated")


async def _set_timezone(uses: UseCases, call: Call[wire.TimezoneRequest]) -> Success:
    await uses.accounts.set_timezone(call.user, call.body.timezone_offset)
    return Success(success="Timezone updated")


async def _read_onboarding(_: UseCases, call: Call[wire.OnboardingRequest]) -> wire.Onboarding:
    return wire.Onboarding(onboarding_presented=call.user.onboarding_presented is not None)


async def _mark_onboarded(uses: UseCases, call: Call[wire.OnboardedRequest]) -> wire.Onboarded:
    await uses.accounts.mark_onboarded(call.user)
    return wire.Onboarded(user_id=call.user.user_id)


async def _set_goal(uses: UseCases, call: Call[profile.GoalRequest]) -> Success:
    await uses.accounts.set_goal(call.user, call.body.goal)
    return Success(success="Goal updated")


_LOGIN = Dialect(
    missing=GENERAL_DIALECT.missing,
    not_json=GENERAL_DIALECT.not_json,
    invalid=GENERAL_DIALECT.invalid,
    requires=("datetime", "login_method"),
)

ENDPOINTS = (
    endpoint(wire.LOGIN, _log_in, _LOGIN),
    endpoint(wire.REGISTER, _register, GENERAL_DIALECT),
    endpoint(wire.FORGOT_PASSWORD, _forget, GENERAL_DIALECT),
    endpoint(wire.SET_PASSWORD, _set_password, GENERAL_DIALECT),
    endpoint(OPEN_LOCAL_SESSION, _open_local, OWN),
    endpoint(wire.ACCEPT_TERMS, _accept_terms),
    endpoint(wire.LIST_LANGUAGES, _list_languages, GENERAL_DIALECT),
    endpoint(wire.SET_LANGUAGE, _set_language, GENERAL_DIALECT),
    endpoint(wire.SET_TIMEZONE, _set_timezone, GENERAL_DIALECT),
    endpoint(wire.READ_ONBOARDING, _read_onboarding),
    endpoint(wire.MARK_ONBOARDED, _mark_onboarded),
    endpoint(profile.SET_GOAL, _set_goal, GENERAL_DIALECT),
)
