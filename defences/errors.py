"""Why defences can't be switched; sent by `defences.api`."""

from __future__ import annotations

from service.errors import RefusedError


class InvalidDefencesError(RefusedError):
    """A request names an unknown defence or mode, or a state that is not a boolean."""


class ServiceFailedError(RefusedError):
    """A service can't be reached or failed; the stored states are unchanged."""

    http_status = 502
