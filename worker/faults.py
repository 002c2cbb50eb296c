"""The faults that sit in the worker's own code, and the settings that turn them on at start."""

from __future__ import annotations

from django.conf import settings

from service.simulation.switches import Switched, Switches
from systems.orders import WORKER, WORKER_TO_API

ALLOWED = {WORKER_TO_API: ("cut",), WORKER: ("slow", "http_5xx")}
SWITCHES = Switches()


def from_settings() -> None:
    """Turn on what the environment requests."""
    if settings.SIM_PARTITION_WORKER_TO_API:
        SWITCHES.set(Switched("env-partition-worker-to-api", "cut", WORKER_TO_API, parameters={}))
    if settings.SIM_SLOW_WORKER_MS:
        SWITCHES.set(
            Switched("env-slow-worker", "slow", WORKER, {"ms": settings.SIM_SLOW_WORKER_MS})
        )
