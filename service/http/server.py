"""The HTTP server of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.env import ENV
from base.http.application import Application
from base.http.server import HttpServer
from base.process.listening import loopback_addresses
from service.http.lanes import Lanes
from service.http.wsgi import handler_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from wsgiref.types import WSGIApplication

# More than the guard lets pass, whose refusal the page can read.
_MAX_BODY_BYTES = 1 << 17


def make_server(
    application: WSGIApplication, *, port: int, waiting: Sequence[tuple[str, str]]
) -> HttpServer:
    """Listen on ``port``; the server answers once its ``run`` is called.

    ``waiting`` has the method and the path's beginning of each request that waits for the other
    service.

    :raises OSError: an address cannot be listened on.
    """
    addresses = [(address, port) for address in loopback_addresses(ENV.bind)]
    for each in ENV.also_listen:
        host, _, also = each.rpartition(":")
        addresses.append((host.strip("[]"), int(also)))
    return HttpServer(
        Application(
            handler_of(application),
            pool_of=Lanes(ENV.threads, waiting=waiting).pool_of,
            max_body_bytes=max(ENV.max_body_bytes, _MAX_BODY_BYTES),
        ),
        addresses=addresses,
    )
