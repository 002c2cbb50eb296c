"""The observer's ASGI application: OTLP by its own endpoint, the rest by Django and Channels."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from channels.routing import URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

from base.http.message import API_HEADERS
from base.loops.threads import Timer
from labsite.http.assets import current
from labsite.http.static import StaticFilesApp
from service.errors import ForeignOriginError, HostNotServedError
from service.origin import refused_host, refused_origin

# The libraries' ASGI types differ.
_application: Any = get_asgi_application()
_django = StaticFilesApp(_application)

from dashboard.live_orders import LIVE_ORDERS  # noqa: E402
from defences.switchboard import SWITCHBOARD  # noqa: E402
from evidence.windows import set_source  # noqa: E402
from experiments.runs.processes import RUNS  # noqa: E402
from faults.ledger.maintenance import MAINTENANCE  # noqa: E402
from faults.links.attached import LINKS  # noqa: E402
from labsite import news  # noqa: E402
from labsite.abandonment import Watch  # noqa: E402
from labsite.fault_windows import windows  # noqa: E402
from labsite.observed_calls import OBSERVED_CALLS  # noqa: E402
from labsite.problems import PROBLEMS  # noqa: E402
from telemetry.live.feed import PAGES  # noqa: E402 (models can be imported once Django is set up)
from telemetry.live.routing import websocket_urlpatterns  # noqa: E402
from telemetry.otlp.decoding.process import DecoderProcess  # noqa: E402
from telemetry.otlp.endpoint import PREFIX, OtlpEndpoint  # noqa: E402
from telemetry.otlp.intake import Intake  # noqa: E402
from telemetry.store.retention import remove_unused_interned  # noqa: E402
from telemetry.store.writer import WRITER  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Send = Callable[[dict[str, Any]], Awaitable[None]]

_FORBIDDEN = 4403
_HEADERS = [(name.lower().encode(), value.encode()) for name, value in API_HEADERS.items()]
_watches: list[Watch] = []


def guard(headers: Mapping[str, str]) -> str | None:
    """Return why a request is refused, by its headers; None when it is allowed."""
    if refused_host(headers.get("host", ""), settings.ALLOWED_HOSTS):
        return str(HostNotServedError())
    site = "" if "origin" in headers else headers.get("sec-fetch-site", "")
    if refused_origin(headers.get("origin", ""), site, settings.LAB_PAGE_ORIGINS):
        return str(ForeignOriginError())
    return None


def serves_host(host: str) -> bool:
    """Whether telemetry may be sent to this process under the name ``host``."""
    return not refused_host(host, settings.ALLOWED_HOSTS)


_decoder_process = DecoderProcess()
INTAKE = Intake(WRITER.submit_entries, _decoder_process)
_otlp = OtlpEndpoint(INTAKE, serves_host, {*settings.LAB_PAGE_ORIGINS, *settings.LAB_OTLP_ORIGINS})
# Once the services have started: they need the processor more.
_files_ready = Timer("page files", lambda: current().prepare(), delay=1.0)
_websockets: Any = URLRouter(websocket_urlpatterns)


async def application(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Dispatch by path."""
    PAGES.served_by(asyncio.get_running_loop())
    if scope["type"] == "websocket":
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        if guard(headers) is not None or scope["path"] != "/ws/live":
            await receive()
            await send({"type": "websocket.close", "code": _FORBIDDEN})
            return
        await _websockets(scope, receive, send)
    elif scope["path"].startswith(PREFIX):
        await _otlp(scope, receive, _with_headers(send))
    else:
        await _django(scope, receive, _with_headers(send))


def _with_headers(send: Send) -> Send:
    """Add to every response, refusals of any part included, the security headers that it lacks."""

    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            listed = [tuple(each) for each in message.get("headers", ())]
            own = {name.lower() for name, _ in listed}
            lacking = [each for each in _HEADERS if each[0] not in own]
            message = {**message, "headers": [*listed, *lacking]}
        await send(message)

    return sending


def start_up() -> None:
    """Start the observer's background work."""
    news.connect()
    PAGES.greeting = LIVE_ORDERS.greeting
    PAGES.start()
    LIVE_ORDERS.start(is_watched=lambda: PAGES.open > 0)
    set_source(windows)
    SWITCHBOARD.start()
    remove_unused_interned()
    WRITER.start()
    MAINTENANCE.start()
    LINKS.start()
    OBSERVED_CALLS.start()
    _watches.append(Watch())
    _watches[-1].start()
    PROBLEMS.start()
    _files_ready.start()


def shut_down() -> None:
    """Stop the background work; what waits is stored first."""
    PROBLEMS.stop()
    SWITCHBOARD.stop()
    MAINTENANCE.stop()
    LINKS.stop()
    OBSERVED_CALLS.stop()
    while _watches:
        _watches.pop().stop()
    RUNS.shut_down()
    LIVE_ORDERS.stop()
    _decoder_process.stop()
    WRITER.stop()
    PAGES.stop()
