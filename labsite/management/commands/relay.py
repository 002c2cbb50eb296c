"""``manage.py relay``: one more relay of the API's outbox, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import logging
import signal
import threading
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from labsite.logs import configure
from labsite.serving import defences_file
from labsite.tracing import instrument

if TYPE_CHECKING:
    from types import FrameType

log = logging.getLogger("orders")

_LOOK_SECONDS = 1.0


class Command(BaseCommand):
    """Deliver the jobs of the API's outbox beside the API's own relay, however many run."""

    help = "Relay the API's outbox to the worker; any number may run at once. Ctrl-C stops it."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Relay until a signal asks to stop; the job in hand is finished first."""
        if settings.LAB_SERVICE != "api":
            raise CommandError("this is a command of the api: unset LAB_SERVICE")
        from orders.outbox import RELAY

        configure("api")
        telemetry = instrument("api", supervised=False)
        over = threading.Event()

        def stop(_number: int, _frame: FrameType | None) -> None:
            over.set()
            RELAY.stop()

        for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), stop)
        _be_as_the_api()
        threading.Thread(target=_follow, args=(over,), name="defences", daemon=True).start()
        log.info("relay started")
        try:
            RELAY.run()
        finally:
            over.set()
            telemetry.shutdown()


def _be_as_the_api() -> None:
    """Have the defences on that the API has on: the circuit breaker acts here as well."""
    from orders.defences import DEFENCES

    DEFENCES.read_from(defences_file("api"))


def _follow(over: threading.Event) -> None:
    while not over.wait(_LOOK_SECONDS):
        _be_as_the_api()
