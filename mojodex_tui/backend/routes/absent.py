"""Routes of features this server does not have, for clients that call them all the same (§9)."""

from mojodex_tui.backend.routes.calls import GENERAL_DIALECT, Call, Dialect, endpoint
from mojodex_tui.backend.services.errors import NotAllowed, NotFound, Refused
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire import (
    background,
    devices,
    home_chat,
    hubspot,
    messages,
    products,
    profile,
    resources,
    vocabulary,
)
from mojodex_tui.wire.base import Confirmation, Success

_NO_WEBSITES = "This server does not read websites."
_NO_SALES = "This server sells nothing: everybody has all tasks."
_NO_HUBSPOT = "This server is not connected to HubSpot."
_NO_PUSH = "This server sends no notifications to devices."
_NO_VOICE = "This server neither transcribes nor speaks."
_NO_NOUNS = "This server does not transcribe recordings, so it marks no names in them."
_NO_DOCUMENT = "Document not found for this user"


async def _add_device(_: UseCases, _call: Call[devices.DeviceRequest]) -> devices.Device:
    raise Refused(_NO_PUSH)


async def _prepare_home_chats(
    _: UseCases, _call: Call[home_chat.PrepareHomeChatsRequest]
) -> background.ReachedUsers:
    raise NotAllowed("Authentication error : Invalid secret")


async def _search(_: UseCases, _call: Call[hubspot.HubspotSearchRequest]) -> hubspot.HubspotResults:
    raise Refused(_NO_HUBSPOT)


async def _send(_: UseCases, _call: Call[hubspot.HubspotEngagementRequest]) -> Confirmation:
    raise Refused(_NO_HUBSPOT)


async def _read_voice(_: UseCases, _call: Call[messages.VoiceRequest]) -> messages.MediaStatus:
    raise Refused(_NO_VOICE)


async def _buy(_: UseCases, _call: Call[products.PurchaseRequest]) -> products.BegunPurchase:
    raise Refused(_NO_SALES)


async def _set_company(_: UseCases, _call: Call[profile.CompanyRequest]) -> profile.Company:
    raise Refused(_NO_WEBSITES)


async def _correct_company(
    _: UseCases, _call: Call[profile.CompanyFeedbackRequest]
) -> profile.Company:
    raise Refused(_NO_WEBSITES)


async def _list_resources(
    _: UseCases, _call: Call[resources.ResourcesRequest]
) -> resources.Resources:
    return resources.Resources()


async def _add_resource(_: UseCases, _call: Call[resources.AddResourceRequest]) -> Success:
    raise Refused(_NO_WEBSITES)


async def _edit_resource(
    _: UseCases, _call: Call[resources.EditResourceRequest]
) -> resources.ChangedResource:
    raise NotFound(_NO_DOCUMENT)


async def _delete_resource(
    _: UseCases, _call: Call[resources.DeleteResourceRequest]
) -> resources.ChangedResource:
    raise NotFound(_NO_DOCUMENT)


async def _tag_nouns(
    _: UseCases, _call: Call[vocabulary.TagNounsRequest]
) -> vocabulary.TaggedMessage:
    raise Refused(_NO_NOUNS)


ENDPOINTS = (
    endpoint(devices.ADD_DEVICE, _add_device, Dialect(missing="Missing input: {key}")),
    endpoint(home_chat.PREPARE_HOME_CHATS, _prepare_home_chats),
    endpoint(hubspot.SEARCH_HUBSPOT, _search),
    endpoint(hubspot.SEND_TO_HUBSPOT, _send),
    endpoint(messages.READ_VOICE, _read_voice),
    endpoint(products.BEGIN_PURCHASE, _buy),
    endpoint(profile.SET_COMPANY, _set_company, GENERAL_DIALECT),
    endpoint(profile.CORRECT_COMPANY, _correct_company, GENERAL_DIALECT),
    endpoint(resources.LIST_RESOURCES, _list_resources),
    endpoint(resources.ADD_RESOURCE, _add_resource),
    endpoint(resources.EDIT_RESOURCE, _edit_resource),
    endpoint(resources.DELETE_RESOURCE, _delete_resource),
    endpoint(vocabulary.TAG_NOUNS, _tag_nouns),
)

BACK_OFFICE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("/task", ("GET", "PUT", "POST")),
    ("/task_json", ("POST",)),
    ("/text_type", ("GET", "PUT", "POST")),
    ("/text_edit_action", ("PUT",)),
    ("/product", ("PUT", "POST")),
    ("/product_category", ("PUT", "POST")),
    ("/product_task_association", ("PUT",)),
    ("/manual_purchase", ("PUT", "POST")),
    ("/profile_category", ("PUT", "POST")),
    ("/profile", ("PUT", "POST")),
    ("/profile_task_association", ("PUT",)),
    ("/role", ("PUT", "POST")),
)
"""Routes that want a secret nobody has here: files say what there is (§13)."""
