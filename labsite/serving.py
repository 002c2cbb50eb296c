"""``python -m labsite.serving SERVICE``: one process of the lab, until SIGTERM."""

from __future__ import annotations

import gc
import logging
import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import django
from django.core.management import call_command
from django.db import DatabaseError, connection

from base.env import ENV
from base.patience import patience
from base.process.listening import LOOPBACK, allow_many_descriptors, loopback_addresses
from base.process.signals import ignore_stop, on_stop, raise_on_sigint
from base.process.streams import make_output_safe
from boundary.log_messages import LOG_API_LISTENING, LOG_WORKER_LISTENING
from labsite.left_out import OF_OBSERVER, OF_SERVICES, leave_out
from systems.orders import API, ORDERS, WORKER
from systems.system import port_of
from telemetry.errors import PortTakenError
from telemetry.refused import GRPC_MISSING, GRPC_PORT_TAKEN, REFUSED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from telemetry.instrument.setup import Telemetry
    from telemetry.otlp.rpc import GrpcServer

SERVICES = ("observer", *ORDERS.service_names)
_WAITING = {API: [("POST", "/orders")], WORKER: [("POST", "/jobs/")]}
_LISTENING = {API: LOG_API_LISTENING, WORKER: LOG_WORKER_LISTENING}
_GC_THRESHOLDS = (20_000, 20, 50)
_OBSERVER_NICENESS = 5
_MIGRATION_SECONDS = 3_600.0


def main(argv: list[str]) -> int:
    """Run the service that ``argv`` names.

    The exit code is 2 when there is no such service, 1 when its database can't be used.
    """
    make_output_safe()
    if len(argv) != 1 or argv[0] not in SERVICES:
        sys.stderr.write(f"usage: python -m labsite.serving {'|'.join(SERVICES)}\n")
        return 2
    if argv[0] == "observer":
        # Before its many imports: at a start, too, the services come first.
        _lower_priority()
    os.environ["DJANGO_SETTINGS_MODULE"] = f"labsite.settings.{argv[0]}"  # noqa: TID251 (Django reads it there)
    django.setup()
    try:
        if ENV.migrate:
            with patience(_MIGRATION_SECONDS):
                call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        name = connection.settings_dict["NAME"]
        sys.stderr.write(f"{argv[0]}: the database {name} can't be used: {error}\n")
        return 1
    if argv[0] == "observer":
        _serve_observer()
    else:
        _serve_service(argv[0])
    return 0


def _freeze_memory() -> None:
    """Exclude what start-up allocated from garbage collection, and collect less often.

    What a request allocates is freed by reference counting; cycles are few.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)


def _serve_service(service: str) -> None:
    if connection.vendor != "postgresql":
        leave_out(OF_SERVICES)
    from labsite.http.wsgi import make_application
    from labsite.logs import configure
    from labsite.tracing import instrument
    from service.http.server import make_server

    configure(service)
    telemetry = instrument(service)
    port = port_of(ORDERS.service(service).url)
    server = make_server(make_application(), port=port, waiting=_WAITING[service])
    on_stop(sys.exit)
    _start_relays(service)
    _freeze_memory()
    logging.getLogger(service).info(_LISTENING[service], extra={"port": port})
    try:
        server.run()
    finally:
        _shut_down(telemetry)


def defences_file(service: str) -> Path:
    """Return where a service stores which of its defences are on."""
    return ENV.var_dir / f"defences-{service}.json"


def _start_relays(service: str) -> None:
    from service.changes import CHANGES
    from service.storage import STORAGE

    STORAGE.start()
    CHANGES.start()
    path = defences_file(service)
    if service == API:
        from orders import job_outbox
        from orders.defences import reconciliation
        from orders.defences.names import DEFENCES

        DEFENCES.keep_in(path)
        job_outbox.RELAY.start()
        reconciliation.start()
    else:
        from worker import callback_outbox
        from worker.defences import DEFENCES as WORKER_DEFENCES

        WORKER_DEFENCES.keep_in(path)
        callback_outbox.RELAY.start()


def _serve_observer() -> None:
    leave_out(OF_OBSERVER)
    from labsite.http import daphne_errors
    from labsite.http.asgi import application, shut_down, start_up
    from labsite.http.daphne_bounds import Connections
    from labsite.http.daphne_readers import SlowReaders
    from labsite.http.page_server import PageServer
    from labsite.logs import configure

    configure("observer", level=logging.WARNING)
    daphne_errors.install()
    Connections().install()
    SlowReaders().install()
    allow_many_descriptors()
    start_up()
    stop_grpc = _listen_for_grpc()
    _freeze_memory()
    # Twisted sets a handler of its own for SIGINT only where this one stands.
    raise_on_sigint()
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
        PageServer(
            application,
            endpoints=endpoints,
            server_name="",
            websocket_timeout=-1,
            request_buffer_size=65_536,
            verbosity=0,
        ).run()
    finally:
        stop_grpc()
        shut_down()


def _listen_for_grpc() -> Callable[[], None]:
    """Listen for OTLP/gRPC where that can be; where it can't, the page and the command say so.

    Returns what stops its server.
    """
    # The reactor is the one that Daphne has installed.
    from twisted.internet import reactor

    from labsite.http import grpc_front
    from labsite.http.asgi import INTAKE, serves_host

    servers: list[GrpcServer] = []

    def start() -> int:
        from telemetry.otlp.rpc import GrpcServer

        servers.append(GrpcServer(INTAKE, serves_host))
        return servers[-1].start(LOOPBACK[0])

    def stop() -> None:
        for server in servers:
            server.stop()

    port = ENV.ports.otlp_grpc
    if port and find_spec("grpc") is None:
        REFUSED.count(GRPC_MISSING, str(port))
    elif port:
        try:
            grpc_front.listen(reactor, loopback_addresses(ENV.bind), port, start=start)
        except PortTakenError:
            REFUSED.count(GRPC_PORT_TAKEN, str(port))
    return stop


def _lower_priority() -> None:
    """Give the services priority over the observer."""
    if hasattr(os, "nice"):
        os.nice(_OBSERVER_NICENESS)


def _shut_down(telemetry: Telemetry) -> None:
    # The telemetry of the shutdown itself is sent before the process ends.
    ignore_stop()
    telemetry.shutdown()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
