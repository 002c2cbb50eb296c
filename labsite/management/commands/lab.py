"""``manage.py lab``: the whole lab, until Ctrl-C."""

from __future__ import annotations

import logging
import os
import signal
import threading
import webbrowser
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from faults.firewall.block import FirewallError
from labsite.env import BASE_DIR, ENV
from labsite.supervision import hosts, plan
from labsite.supervision.control import ControlDoor
from labsite.supervision.listening import port_is_free
from labsite.supervision.process import StartError
from labsite.supervision.supervisor import Supervisor
from labsite.supervision.toxiproxy import NoToxiproxyError, populate

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from faults.firewall.namespace import Namespace


class Command(BaseCommand):
    """Start observer, api, worker and network; watch them; stop them all on Ctrl-C."""

    help = "Start the whole lab and open its page; Ctrl-C stops it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take ``--no-browser``."""
        parser.add_argument(
            "--no-browser", action="store_true", help="do not open the page in a browser"
        )
        parser.add_argument(
            "--hosts",
            action="store_true",
            help="Linux, as root: the worker in a network namespace with an address of its own",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until a signal asks to stop."""
        logging.basicConfig(format="%(message)s")
        self._refuse_taken_ports()
        if not options["hosts"]:
            self._start_and_stop(None, options)
            return
        try:
            worker_host = hosts.make()
        except (hosts.NoHostsError, FirewallError) as error:
            raise CommandError(str(error)) from None
        try:
            self.stdout.write(f"The worker is a host of its own: {worker_host.inner_address}")
            self._start_and_stop(worker_host, options)
        finally:
            hosts.destroy(worker_host)

    def _start_and_stop(self, worker_host: Namespace | None, options: dict[str, Any]) -> None:
        supervisor = Supervisor(
            plan.processes(
                ENV,
                environ=os.environ,
                otlp_port=self._otlp_port(),
                worker_host=worker_host,
            ),
            directory=BASE_DIR,
        )
        for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: supervisor.request_stop())
        door = ControlDoor(supervisor, port=ENV.ports.control, secret=ENV.secret)
        door.start()
        try:
            self._run(supervisor, open_browser=not options["no_browser"])
        except (StartError, NoToxiproxyError) as error:
            raise CommandError(str(error)) from None
        finally:
            door.stop()
            supervisor.stop()
        self.stdout.write("Partition Lab has stopped.")

    def _run(self, supervisor: Supervisor, *, open_browser: bool) -> None:
        self.stdout.write("Starting observer, api, worker and network …")
        supervisor.start()
        if not ENV.own_network:
            populate(ENV)
        url = ENV.page_origins[0]
        self.stdout.write(
            f"\n  Partition Lab is ready: {url}\n"
            f"  API {ENV.api_url}   worker {ENV.direct_worker_url}\n"
            "  Ctrl-C stops it.\n"
        )
        self.stdout.flush()
        if open_browser:
            # A browser that takes its time must not delay the watch.
            threading.Thread(target=webbrowser.open, args=[url], daemon=True).start()
        supervisor.watch()
        self.stdout.write("\nStopping …")

    def _otlp_port(self) -> int:
        port = ENV.ports.otlp
        if port and not port_is_free(port):
            self.stderr.write(
                f"Port {port}, OTLP's usual one, is taken: other applications can send their"
                f" telemetry to port {ENV.ports.observer} instead."
            )
            return 0
        return port

    def _refuse_taken_ports(self) -> None:
        for what, (port, variable) in plan.wanted_ports(ENV).items():
            if not port_is_free(port):
                raise CommandError(
                    f"Port {port} for {what} is taken by another program (perhaps a lab that still"
                    f" runs): stop it, or set {variable} to a free port."
                )
