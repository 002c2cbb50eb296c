"""The faults that sit in the worker's own code, and the settings that turn them on at start."""

from __future__ import annotations

import logging
import time

from django.conf import settings

from boundary.switch import Switched, Switches

log = logging.getLogger("worker")

WORKER_TO_API = "worker-to-api"
WORKER = "worker"
ALLOWED = {WORKER_TO_API: ("cut",), WORKER: ("slow", "http_5xx")}
SWITCHES = Switches()


def from_settings() -> None:
    """Turn on what the environment asks for."""
    if settings.SIM_PARTITION_WORKER_TO_API:
        SWITCHES.set(Switched("env-partition-worker-to-api", "cut", WORKER_TO_API, parameters={}))
    if settings.SIM_SLOW_WORKER_MS:
        SWITCHES.set(
            Switched("env-slow-worker", "slow", WORKER, {"ms": settings.SIM_SLOW_WORKER_MS})
        )


def be_slow() -> None:
    """Sleep when a fault says so: before anything is done, so that the caller gives up first."""
    slow = SWITCHES.find(WORKER, "slow")
    if slow:
        log.warning("simulated slow worker", extra={"ms": slow.parameters["ms"]})
        time.sleep(slow.parameters["ms"] / 1_000)
