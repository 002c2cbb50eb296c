"""``python -m labsite.serving SERVICE``: one process of the lab, until SIGTERM."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

import django
from django.core.management import call_command

from labsite.env import ENV
from labsite.supervision.listening import loopback_addresses

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType

    from telemetry.instrument.setup import Telemetry

SERVICES = ("observer", "api", "worker")
_MAX_BODY_BYTES = 1 << 20
_GC_THRESHOLDS = (20_000, 20, 50)
_OBSERVER_NICENESS = 5


def main(argv: list[str]) -> int:
    """Run the service that ``argv`` names; the exit code is 2 when there is no such service."""
    if len(argv) != 1 or argv[0] not in SERVICES:
        sys.stderr.write(f"usage: python -m labsite.serving {'|'.join(SERVICES)}\n")
        return 2
    os.environ["DJANGO_SETTINGS_MODULE"] = f"labsite.settings.{argv[0]}"  # noqa: TID251 (Django reads it there)
    django.setup()
    if ENV.migrate:
        call_command("migrate", verbosity=0, interactive=False)
    if argv[0] == "observer":
        _serve_observer()
    else:
        _serve_service(argv[0])
    return 0


def _settle_memory() -> None:
    """Leave what was loaded at start out of every later garbage collection, and collect less often.

    What a request makes is freed by counting references; cycles are few.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)


def _serve_service(service: str) -> None:
    from waitress.server import create_server

    from labsite.lanes import Lanes
    from labsite.logs import configure
    from labsite.tracing import instrument
    from labsite.wsgi import make_application

    configure(service)
    telemetry = instrument(service)
    port = ENV.ports.api if service == "api" else ENV.ports.worker
    server = create_server(
        make_application(),
        listen=" ".join(
            [*(_listen(each, port) for each in loopback_addresses(ENV.bind)), *ENV.also_listen]
        ),
        # waitress has no public way to be given one.
        _dispatcher=Lanes(ENV.threads),
        ident="",
        channel_timeout=300,
        max_request_body_size=_MAX_BODY_BYTES,
        clear_untrusted_proxy_headers=True,
    )
    signal.signal(signal.SIGTERM, _exit)
    _start_relays(service)
    _settle_memory()
    logging.getLogger(service).info("%s listening", service, extra={"port": port})
    try:
        server.run()
    finally:
        _shut_down(telemetry)


def defences_file(service: str) -> Path:
    """Where a service keeps which of its defences are on."""
    return ENV.var_dir / f"defences-{service}.json"


def _start_relays(service: str) -> None:
    kept = defences_file(service)
    if service == "api":
        from orders import outbox, reconciliation
        from orders.defences import DEFENCES

        DEFENCES.keep_in(kept)
        outbox.RELAY.start()
        reconciliation.start()
    else:
        from worker import callback_outbox
        from worker.defences import DEFENCES as WORKER_DEFENCES

        WORKER_DEFENCES.keep_in(kept)
        callback_outbox.RELAY.start()


def _serve_observer() -> None:
    from daphne.server import Server

    from labsite.asgi import application, shut_down, start_up

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    _let_services_go_first()
    start_up()
    _settle_memory()
    ports = [ENV.ports.observer, *([ENV.ports.otlp] if ENV.ports.otlp else [])]
    endpoints = [
        f"tcp:port={port}:interface={address.replace(':', chr(92) + ':')}"
        for port in ports
        for address in loopback_addresses(ENV.bind)
    ]
    for each in ENV.also_listen:
        address, _, port_text = each.rpartition(":")
        endpoints.append(f"tcp:port={port_text}:interface={address}")
    try:
        Server(
            application,
            endpoints=endpoints,
            server_name="",
            websocket_timeout=-1,
            websocket_connect_timeout=20,
            request_buffer_size=65_536,
            verbosity=0,
        ).run()
    finally:
        shut_down()


def _let_services_go_first() -> None:
    """Lower the observer's priority, so that what is looked at computes first."""
    if hasattr(os, "nice"):
        os.nice(_OBSERVER_NICENESS)


def _listen(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _exit(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _shut_down(telemetry: Telemetry) -> None:
    # What is told while the process ends still counts: it is sent before the process goes.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    telemetry.shutdown()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
