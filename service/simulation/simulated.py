"""Doing the faults that are on in a service's code: be slow, or fail."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from service.answers import answer

if TYPE_CHECKING:
    from django.http import HttpResponse

    from service.simulation.switches import Switches

log = logging.getLogger("service")


def be_slow(switches: Switches, service: str, *, message: str) -> None:
    """Sleep where a fault slows ``service``, and log ``message`` with the milliseconds."""
    slow = switches.find(service, "slow")
    if slow:
        log.warning(message, extra={"slowMs": slow.parameters["ms"]})
        time.sleep(slow.parameters["ms"] / 1_000)


def failure(switches: Switches, service: str) -> HttpResponse | None:
    """Return the answer 5xx where a fault makes ``service`` fail, else None."""
    found = switches.find(service, "http_5xx")
    if not found:
        return None
    status = found.parameters["status"]
    message = f"simulated failure of the {service}"
    log.error(message, extra={"httpStatus": status})
    return answer({"error": message}, status=status)
