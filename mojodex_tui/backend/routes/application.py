"""The HTTP application: every route served from its declaration in `wire`."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.routes import (
    absent,
    accounts,
    background,
    catalog,
    chain,
    conversations,
    executions,
    home_chat,
    old_workflows,
    session_files,
    todos,
    workflows,
)
from mojodex_tui.backend.routes.calls import BadValue, Call, Endpoint
from mojodex_tui.backend.routes.decoding import BadBody, MissingField, read_body, read_fields
from mojodex_tui.backend.routes.errors import (
    error,
    message,
    status_of,
    unexpected,
    unhandled_by_routes,
)
from mojodex_tui.backend.routes.password_page import add_password_page
from mojodex_tui.backend.services.errors import NotAllowed, Refused, ServiceError
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.wire.base import WireModel
from mojodex_tui.wire.route import Access, Placement

ENDPOINTS: tuple[Endpoint, ...] = (
    *accounts.ENDPOINTS,
    *catalog.ENDPOINTS,
    *executions.ENDPOINTS,
    *conversations.ENDPOINTS,
    *home_chat.ENDPOINTS,
    *chain.ENDPOINTS,
    *session_files.ENDPOINTS,
    *todos.ENDPOINTS,
    *workflows.ENDPOINTS,
    *old_workflows.ENDPOINTS,
    *background.ENDPOINTS,
    *absent.ENDPOINTS,
)


def build_application(uses: UseCases, *, public: bool) -> FastAPI:
    """Return the application.

    Args:
        uses: what can be done.
        public: whether others than the program that started us may call: then pages of other
            origins may, and the routes are described.
    """
    app = FastAPI(
        title="mojodex-tui",
        openapi_url="/openapi.json" if public else None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers={HTTPException: unhandled_by_routes, Exception: unexpected},
    )
    if public:
        app.add_middleware(
            CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"]
        )
    app.add_api_route("/", _welcome, include_in_schema=False, response_class=PlainTextResponse)
    for path, methods in absent.BACK_OFFICE:
        app.add_api_route(path, _keep_out, methods=[*methods], include_in_schema=False)
    add_password_page(app, uses.password_resets)
    variants: dict[tuple[str, str], list[Endpoint]] = defaultdict(list)
    for each in ENDPOINTS:
        variants[each.route.method, each.route.path].append(each)
    for (method, path), of_path in variants.items():
        app.add_api_route(
            path,
            _serve(_Server(uses, of_path)),
            methods=[method],
            response_model=None,
            operation_id=f"{method.lower()}{path.replace('/', '_')}",
            openapi_extra=_described(of_path[-1]) if public else None,
        )
    return app


async def _welcome() -> str:
    """Say that somebody is here; used as a health check."""
    return "Welcome to Mojodex Backend Service."


async def _keep_out(request: HttpRequest) -> Response:
    """Refuse a secret, as a server does that has another one (§1.1)."""
    if _authorization(request) is None:
        return error("Authentication error : 'HTTP_AUTHORIZATION'", 403)
    return error("Authentication error : Invalid secret", 403)


def _described(served: Endpoint) -> dict[str, object]:
    """Return what OpenAPI says about a route's request."""
    schema = served.route.request.model_json_schema(mode="serialization")
    if served.route.placement is Placement.QUERY:
        required = schema.get("required", [])
        return {
            "parameters": [
                {"name": name, "in": "query", "required": name in required, "schema": each}
                for name, each in schema["properties"].items()
            ]
        }
    kind = "application/json" if served.route.placement is Placement.JSON else "multipart/form-data"
    return {"requestBody": {"content": {kind: {"schema": schema}}}}


def _serve(server: "_Server") -> Callable[[HttpRequest], Awaitable[Response]]:
    """Return a function FastAPI can read the signature of."""

    async def serve(request: HttpRequest) -> Response:
        return await server.answer(request)

    return serve


@dataclass(frozen=True)
class _Server:
    """Serves one method of one path, which may have several requests."""

    uses: UseCases
    variants: Sequence[Endpoint]

    async def answer(self, request: HttpRequest) -> Response:
        first = self.variants[0]
        served = first
        try:
            caller = await self._caller(request, first.route.access)
            decoded = await read_fields(request, first.route.placement, first.dialect)
            served = self._picked(decoded.fields)
            body = read_body(served.route, served.dialect, decoded.fields)
            address = request.client.host if request.client is not None else ""
            answer = await served.handler(
                self.uses,
                Call(body, _authorization(request) or "", caller, decoded.files, address),
            )
        except BadBody as failure:
            return message(str(failure), failure.status)
        except MissingField as failure:
            return error(str(failure), 400)
        except BadValue as failure:
            return error(str(failure), served.dialect.invalid_status)
        except Refused as refusal:
            return error(served.dialect.refused.format(reason=refusal), status_of(refusal))
        except ServiceError as refusal:
            return error(str(refusal), status_of(refusal))
        return JSONResponse(answer.to_wire()) if isinstance(answer, WireModel) else answer

    def _picked(self, fields: dict[str, object]) -> Endpoint:
        """Return the variant whose key is there, else the one that needs none."""
        for served in self.variants:
            if served.route.picked_by is not None and served.route.picked_by in fields:
                return served
        return next(
            (served for served in self.variants if served.route.picked_by is None),
            self.variants[0],
        )

    async def _caller(self, request: HttpRequest, access: Access) -> User | None:
        if access is not Access.USER:
            return None
        token = _authorization(request)
        if token is None:
            raise NotAllowed("Authentication error : 'HTTP_AUTHORIZATION'")
        return await self.uses.accounts.authenticate(token)


def _authorization(request: HttpRequest) -> str | None:
    """Return the raw header, which has no scheme before it (§1.1)."""
    return request.headers.get("authorization")
