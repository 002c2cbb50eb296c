"""``manage.py relay``: one more relay of the API's outbox, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from base.loops import Loop
from base.process.signals import on_stop
from labsite.logs import configure
from labsite.serving import defences_file
from labsite.tracing import instrument

log = logging.getLogger("orders")

_RELOAD_SECONDS = 1.0


class Command(BaseCommand):
    """Deliver the jobs of the API's outbox beside the API's own relay, however many run."""

    help = "Relay the API's outbox to the worker; any number may run at once. Ctrl-C stops it."
    requires_system_checks = []  # they load every route, and a test runs them

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Relay until a signal requests the stop; the current job is finished first."""
        if settings.LAB_SERVICE != "api":
            raise CommandError("this is a command of the api: unset LAB_SERVICE")
        from orders.job_outbox import RELAY

        configure("api")
        telemetry = instrument("api", supervised=False)
        on_stop(RELAY.stop)
        _load_defences()
        defences = Loop("defences", _load_defences, every=_RELOAD_SECONDS)
        defences.start()
        log.info("relay started")
        try:
            RELAY.run()
        finally:
            defences.stop()
            telemetry.shutdown()


def _load_defences() -> None:
    """Enable the API's defences here: the circuit breaker applies to this relay as well."""
    from orders.defences.names import DEFENCES

    DEFENCES.read_from(defences_file("api"))
