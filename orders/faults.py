"""The faults that sit in the api's own code, and the settings that turn them on at start."""

from __future__ import annotations

from django.conf import settings

from boundary.switch import Switched, Switches

API_TO_WORKER = "api-to-worker"
API = "api"
ALLOWED = {API_TO_WORKER: ("cut",), API: ("slow", "http_5xx")}
SWITCHES = Switches()


def from_settings() -> None:
    """Turn on what the environment asks for."""
    if settings.SIM_PARTITION_API_TO_WORKER:
        SWITCHES.set(Switched("env-partition-api-to-worker", "cut", API_TO_WORKER, parameters={}))
