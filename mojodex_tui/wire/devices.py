"""A device, and the errors that happen on it (wire protocol §9)."""

from mojodex_tui.wire.base import Omittable, Request, Success, WireModel
from mojodex_tui.wire.route import Placement, Route


class DeviceRequest(Request):
    """Registers a device for notifications; every call makes a new one."""

    fcm_token: str


class Device(WireModel):
    """The registered device."""

    device_pk: int


class ReportErrorRequest(Request):
    """Tells the server of an error on the client's side."""

    error: str
    session_id: Omittable[str] = None
    notify_admin: Omittable[bool] = None


ADD_DEVICE = Route("PUT", "/device", DeviceRequest, Device, Placement.JSON)
REPORT_ERROR = Route("PUT", "/error", ReportErrorRequest, Success, Placement.JSON)
