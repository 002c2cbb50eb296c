"""``manage.py lab``: the whole lab, until Ctrl-C."""

from __future__ import annotations

import logging
import os
import threading
import webbrowser
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from base.env import BASE_DIR, ENV
from base.errors import CommandFailedError
from base.process import prefork
from base.process.listening import loopback_addresses, port_is_free
from base.process.signals import on_stop
from supervision import hosts, namespace, var_lock
from supervision.control import ControlServer
from supervision.errors import FolderError, NoHostsError, NoToxiproxyError, StartError
from supervision.output.sender import Sender
from supervision.plan import Plan, required_ports
from supervision.supervisor import Supervisor
from supervision.toxiproxy import populate
from systems.current import SYSTEM
from systems.orders import ORDERS

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from supervision.namespace import Namespace


class Command(BaseCommand):
    """Start observer, api, worker and network; watch them; stop them all on Ctrl-C."""

    help = "Start the whole lab and open its page; Ctrl-C stops it."
    requires_system_checks = []  # they load every route, and a test runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--no-browser``, ``--system`` and ``--hosts``."""
        parser.add_argument(
            "--no-browser", action="store_true", help="do not open the page in a browser"
        )
        parser.add_argument(
            "--system", metavar="FILE", help="run the system of this file; only one that you trust"
        )
        parser.add_argument(
            "--hosts",
            action="store_true",
            help="Linux, as root: the worker in a network namespace with an address of its own",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until a signal requests the stop.

        The file of ``--system`` has been read before, as that of ``LAB_SYSTEM`` (``manage.py``).
        """
        logging.basicConfig(format="%(message)s")
        try:
            with var_lock.held(ENV.var_dir, url=ENV.page_origins[0]):
                self._run_alone(options)
        except FolderError as error:
            raise CommandError(f"{error}: name another folder in LAB_VAR_DIR.") from None
        finally:
            prefork.dismiss()

    def _run_alone(self, options: dict[str, Any]) -> None:
        self._check_ports()
        if not options["hosts"]:
            self._start_and_stop(None, options)
            return
        if SYSTEM is not ORDERS:
            raise CommandError("--hosts is for the lab's own system: start the lab without it.")
        try:
            worker_host = hosts.make()
        except (NoHostsError, CommandFailedError) as error:
            raise CommandError(str(error)) from None
        try:
            self.stdout.write(f"The worker is a host of its own: {worker_host.inner_address}")
            self._start_and_stop(worker_host, options)
        finally:
            namespace.destroy(worker_host)

    def _start_and_stop(self, worker_host: Namespace | None, options: dict[str, Any]) -> None:
        sender = Sender(ENV.observer_url, delay_ms=ENV.telemetry_delay_ms)
        planned = Plan(
            ENV,
            SYSTEM,
            environ=os.environ,
            otlp_ports={"otlp": self._otlp_port(), "otlp_grpc": self._otlp_grpc_port()},
            worker_host=worker_host,
            sender=sender,
        )
        try:
            supervisor = Supervisor(planned.processes(), directory=BASE_DIR)
        except StartError as error:
            raise CommandError(str(error)) from None
        on_stop(supervisor.request_stop)
        control = ControlServer(
            supervisor, port=ENV.ports.control, secret=ENV.secret, hosts=ENV.allowed_hosts
        )
        control.start()
        sender.start()
        try:
            self._run(supervisor, open_browser=not options["no_browser"])
        except (StartError, NoToxiproxyError) as error:
            raise CommandError(str(error)) from None
        finally:
            control.stop()
            sender.stop()
            supervisor.stop()
        self.stdout.write("Partition Lab has stopped.")

    def _run(self, supervisor: Supervisor, *, open_browser: bool) -> None:
        self.stdout.write(f"Starting {', '.join(supervisor.processes)} …")
        if not ENV.own_network:
            # Before the services: a database may be behind a link.
            populate(ENV, SYSTEM)
        supervisor.start()
        prefork.dismiss()
        url = ENV.page_origins[0]
        self.stdout.write(
            f"\n  Partition Lab is ready: {url}\n  {_addresses()}\n  Ctrl-C stops it.\n"
        )
        self.stdout.flush()
        if open_browser:
            # A slow start of the browser must not delay the watch.
            threading.Thread(target=webbrowser.open, args=[url], daemon=True).start()
        supervisor.watch()
        self.stdout.write("\nStopping …")

    def _otlp_port(self) -> int:
        port = ENV.ports.otlp
        if port and _taken_address(port) is not None:
            self.stderr.write(
                f"Port {port}, OTLP's usual one, is taken: other applications can send their"
                f" telemetry to port {ENV.ports.observer} instead."
            )
            return 0
        return port

    def _otlp_grpc_port(self) -> int:
        """The port, which the observer tries as well, so that its page can say what came of it."""
        port = ENV.ports.otlp_grpc
        if not port:
            return port
        if find_spec("grpc") is None:
            reason = "is not listened on, for want of the package grpcio"
        elif all(port_is_free(port, host=host) for host in loopback_addresses(ENV.bind)):
            return port
        else:
            reason = "is taken (LAB_PORT_OTLP_GRPC sets another)"
        self.stderr.write(
            f"Port {port}, OTLP/gRPC's usual one, {reason}: other applications can send OTLP/HTTP"
            f" to port {ENV.ports.observer} instead (OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf)."
        )
        return port

    def _check_ports(self) -> None:
        for listener, (port, variable) in required_ports(ENV, SYSTEM).items():
            address = _taken_address(port)
            if address is not None:
                raise CommandError(
                    f"Port {port} for {listener} is taken at {address} by another program (perhaps"
                    f" a lab that still runs): stop it, or set {variable} to a free port."
                )


def _taken_address(port: int) -> str | None:
    """Return the first of the lab's own addresses at which ``port`` is taken; None for none."""
    taken = (each for each in loopback_addresses(ENV.bind) if not port_is_free(port, host=each))
    return next(taken, None)


def _addresses() -> str:
    """Return where each service answers, out of band."""
    known = (each for service in SYSTEM.services for each in SYSTEM.instances(service) if each.url)
    return "   ".join(f"{each.name} {each.url}" for each in known)
