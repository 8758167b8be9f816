"""The page a mailed link leads to where no web interface of its own serves it (§1.4)."""

from html import escape

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse

from mojodex_tui.backend.domain.letters import page
from mojodex_tui.backend.services.errors import ServiceError
from mojodex_tui.backend.services.password_resets import RESET_PAGE, PasswordResets

_TITLE = "New password"
_FORM = """<h1 style="font-size:18px">New password</h1>
<p>{told}</p>
<form method="post" action="{action}" autocomplete="off">
<input type="hidden" name="token" value="{token}">
<label>New password<br><input type="password" name="password" autocomplete="new-password" required>
</label> <button>Set it</button>
</form>"""
_DONE = "<p>The new password is set. Sign in with it in the program.</p>"
_HEADERS = {
    # The link is a secret as long as it holds.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
}


def add_password_page(app: FastAPI, resets: PasswordResets) -> None:
    """Serve the page."""

    async def show(request: Request) -> HTMLResponse:
        return _page(_form(request.query_params.get("token", "")))

    async def take(request: Request) -> HTMLResponse:
        form = await request.form()
        token, password = str(form.get("token", "")), str(form.get("password", ""))
        try:
            await resets.set_password(token, password)
        except ServiceError as refusal:
            told = f"{refusal}. Ask for another link: F7 on the sign-in form."
            return _page(_form(token, told), 403)
        return _page(_DONE)

    app.add_route(RESET_PAGE, show, methods=["GET"], include_in_schema=False)
    app.add_route(RESET_PAGE, take, methods=["POST"], include_in_schema=False)


def _form(token: str, told: str = "") -> str:
    return _FORM.format(told=escape(told), action=RESET_PAGE, token=escape(token))


def _page(inner: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(page(_TITLE, inner, "mojodex-tui", "en"), status, headers=_HEADERS)
