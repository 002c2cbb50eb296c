"""What the lab's processes have in common is imported once, and each forked from there.

Nothing of the lab's own is imported before: it reads the environment, and each process has another.
Nor is anything that starts a thread or wants Django's settings.
"""

from __future__ import annotations

import gc
from typing import Final

from base.process import prefork
from labsite.left_out import OF_OBSERVER, leave_out

_SYSTEM: Final = ("psutil", "socket", "subprocess")
_HTTP: Final = (
    *("argparse", "asyncio", "concurrent.futures.thread", "logging.handlers", "secrets", "tomllib"),
    *("orjson", "requests", "uvicorn.protocols.http.httptools_impl", "uvloop"),
)
_DJANGO: Final = (
    *("dj_database_url", "django.core.handlers.wsgi", "django.core.management.commands.migrate"),
    *("django.db.backends.sqlite3.base", "django.db.migrations.executor", "django.views.generic"),
)
PAGE: Final = (
    *("google.rpc.status_pb2", "channels.routing", "django.contrib.staticfiles.storage"),
    *("twisted.web.http", "daphne.server"),
)
_TELEMETRY: Final = (
    *("opentelemetry.baggage.propagation", "opentelemetry.instrumentation.requests"),
    *("opentelemetry.sdk.resources", "opentelemetry.trace.propagation.tracecontext"),
)
SHARED: Final = (*_SYSTEM, *_HTTP, *_DJANGO, *_TELEMETRY)


def fork_ahead(*, services: bool) -> None:
    """Fork the observer, the network and the reaper, with ``services`` the lab's own too."""
    gc.disable()
    prefork.preload(_SYSTEM)
    prefork.fork("reaper")
    prefork.preload(_HTTP)
    prefork.fork("network")
    prefork.preload(_DJANGO)
    prefork.fork("observer", then=_preload_page)
    if services:
        prefork.preload(_TELEMETRY)
        prefork.fork("api")
        prefork.fork("worker")
    gc.enable()


def _preload_page() -> None:
    leave_out(OF_OBSERVER)
    prefork.preload(PAGE)
