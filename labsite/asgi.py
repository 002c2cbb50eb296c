"""The observer's ASGI application: OTLP by its own door, the rest by Django and Channels."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from channels.routing import URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

from labsite.guard import refused_host, refused_origin
from labsite.static import StaticDoor

# Each speaks its own dialect of the ASGI types.
_application: Any = get_asgi_application()
_django = StaticDoor(_application)

from defences.switchboard import SWITCHBOARD  # noqa: E402
from evidence.windows import set_source  # noqa: E402
from experiments import announce as experiments_announce  # noqa: E402
from experiments.runs import RUNS  # noqa: E402
from faults.announce import set_listener  # noqa: E402
from faults.ledger import LEDGER  # noqa: E402
from labsite.abandonment import Watch  # noqa: E402
from labsite.fault_windows import windows  # noqa: E402
from telemetry.live import PAGES  # noqa: E402 (models can be imported once Django is set up)
from telemetry.otlp.door import PATHS, OtlpDoor  # noqa: E402
from telemetry.retention import remove_unused_interned  # noqa: E402
from telemetry.routing import websocket_urlpatterns  # noqa: E402
from telemetry.store import WRITER  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

_FORBIDDEN = 4403
_watches: list[Watch] = []


def guard(headers: Mapping[str, str]) -> str | None:
    """Say why a request may not come in, by its headers; None when it may."""
    if refused_host(headers.get("host", ""), settings.ALLOWED_HOSTS):
        return "this host name is not served here"
    site = "" if "origin" in headers else headers.get("sec-fetch-site", "")
    if refused_origin(headers.get("origin", ""), site, settings.LAB_PAGE_ORIGINS):
        return "a page of another origin may not do this"
    return None


_otlp = OtlpDoor(WRITER.submit, guard)
_websockets: Any = URLRouter(websocket_urlpatterns)


async def application(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Lead a request to its door."""
    PAGES.served_by(asyncio.get_running_loop())
    if scope["type"] == "websocket":
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        known = scope["path"] == "/ws/live"
        if guard(headers) is not None or not known:
            await receive()
            await send({"type": "websocket.close", "code": _FORBIDDEN})
            return
        await _websockets(scope, receive, send)
    elif scope["path"] in PATHS:
        await _otlp(scope, receive, send)
    else:
        await _django(scope, receive, send)


def start_up() -> None:
    """Start what the observer does beside answering."""
    WRITER.listeners.append(PAGES.stored)
    set_listener(PAGES.announce)
    experiments_announce.set_listener(PAGES.announce)
    SWITCHBOARD.listener = PAGES.announce
    set_source(windows)
    SWITCHBOARD.start()
    remove_unused_interned()
    WRITER.start()
    LEDGER.start()
    _watches.append(Watch())
    _watches[-1].start()


def shut_down() -> None:
    """Store what waits, then end."""
    while _watches:
        _watches.pop().stop()
    RUNS.shut_down()
    WRITER.stop()
