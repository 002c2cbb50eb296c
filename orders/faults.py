"""The faults that sit in the api's own code, and the settings that turn them on at start."""

from __future__ import annotations

from django.conf import settings

from service.simulation.switches import Switched, Switches
from systems.orders import API, API_TO_WORKER

ALLOWED = {API_TO_WORKER: ("cut",), API: ("slow", "http_5xx")}
SWITCHES = Switches()


def from_settings() -> None:
    """Turn on what the environment requests."""
    if settings.SIM_PARTITION_API_TO_WORKER:
        SWITCHES.set(Switched("env-partition-api-to-worker", "cut", API_TO_WORKER, parameters={}))
