"""Every route of an original server (wire protocol §0.6), and what ours does about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mojodex_tui.backend.routes import absent
from mojodex_tui.backend.routes.application import ENDPOINTS

ORIGINAL: Final = {
    "/user": "POST PUT",
    "/password": "PUT POST",
    "/terms_and_conditions": "PUT",
    "/language": "GET POST",
    "/timezone": "POST",
    "/onboarding": "GET PUT",
    "/user_task": "GET",
    "/user_task_execution": "PUT GET DELETE POST",
    "/user_task_execution_run": "POST",
    "/user_task_execution_title": "POST",
    "/user_task_execution_produced_text": "GET",
    "/session": "PUT GET DELETE",
    "/message": "GET",
    "/user_message": "PUT",
    "/voice": "GET",
    "/image": "GET",
    "/produced_text": "GET POST DELETE",
    "/text_edit_action": "POST PUT",
    "/text_type": "GET PUT POST",
    "/user_workflow_step_execution": "POST PUT",
    "/user_workflow_step_execution_result": "PUT",
    "/restart_user_workflow_execution": "POST",
    "/relaunch_locked_workflow_step_executions": "POST",
    "/todos": "GET POST DELETE",
    "/home_chat": "GET POST PUT",
    "/resource": "GET PUT POST DELETE",
    "/vocabulary": "POST PUT",
    "/goal": "PUT",
    "/company": "PUT POST",
    "/device": "PUT",
    "/error": "PUT",
    "/product_category": "GET PUT POST",
    "/associate_free_product": "PUT",
    "/purchase": "GET PUT POST",
    "/subscription_end": "POST",
    "/integrations/hubspot": "GET PUT",
    "/is_email_service_configured": "GET",
    "/is_push_notif_service_configured": "GET",
    "/check_expired_purchases": "POST",
    "/check_disengaged_free_trial_users": "POST",
    "/task": "GET PUT POST",
    "/task_json": "POST",
    "/product": "PUT POST",
    "/product_task_association": "PUT",
    "/manual_purchase": "PUT POST",
    "/profile_category": "PUT POST",
    "/profile": "PUT POST",
    "/role": "PUT POST",
    "/profile_task_association": "PUT",
}
"""The verbs of each path."""

_WORDS: Final = {
    "/user": "with password; other ways to sign in are refused",
    "/password": "by mail; without a mail server no link is sent",
    "/language": "the languages; the web interface's own words are its own",
    "/voice": "no recordings",
    "/text_type": "the back office: files say what there is",
    "/text_edit_action": "`PUT` is the back office's",
    "/home_chat": "made when it is asked for; `PUT` prepares none ahead",
    "/resource": "nobody has documents; websites are not read",
    "/vocabulary": "corrected everywhere in a session, and remembered; nothing is transcribed",
    "/company": "websites are not read",
    "/device": "no notifications",
    "/error": "goes into the log",
    "/product_category": "one for everybody; `PUT` and `POST` are the back office's",
    "/purchase": "what an account has; nothing is sold, so Stripe has nobody to call",
    "/subscription_end": "nothing is sold",
    "/integrations/hubspot": "not connected",
    "/user_task_execution": "`POST` is a message of an original server to itself",
    "/relaunch_locked_workflow_step_executions": "after 30 minutes, with the scheduler's secret",
    "/is_push_notif_service_configured": "always false: nothing is pushed to devices",
    "/check_expired_purchases": "nothing expires",
    "/check_disengaged_free_trial_users": "nobody is on trial",
}


class Service(StrEnum):
    """What a route does here."""

    SERVED = "served"
    ABSENT = "as a server without the feature"
    NOT_SERVED = "not served"


@dataclass(frozen=True)
class RouteFact:
    """What one verb of one path does here."""

    path: str
    verb: str
    service: Service
    word: str


def route_facts() -> tuple[RouteFact, ...]:
    """Return the facts of all routes, in the order of the wire protocol."""
    without: set[tuple[str, str]] = {
        (each.route.method, each.route.path) for each in absent.ENDPOINTS
    }
    without |= {(verb, path) for path, verbs in absent.BACK_OFFICE for verb in verbs}
    served: set[tuple[str, str]] = {(each.route.method, each.route.path) for each in ENDPOINTS}
    served -= without
    back_office = {path for path, _ in absent.BACK_OFFICE}
    return tuple(
        RouteFact(
            path,
            verb,
            _service((verb, path), served, without),
            _WORDS.get(path, "the back office: files say what there is")
            if path in back_office
            else _WORDS.get(path, ""),
        )
        for path, verbs in ORIGINAL.items()
        for verb in verbs.split()
    )


def _service(
    route: tuple[str, str], served: set[tuple[str, str]], without: set[tuple[str, str]]
) -> Service:
    if route in served:
        return Service.SERVED
    return Service.ABSENT if route in without else Service.NOT_SERVED
