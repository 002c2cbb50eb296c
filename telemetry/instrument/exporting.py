"""Sending what was encoded to the observer, again and again while it may yet be taken."""

from __future__ import annotations

import logging
import random
import time
from http import HTTPStatus

from base.exchange import CALL_ERRORS, JsonPost
from base.numbers import whole_number

log = logging.getLogger("telemetry")

_RETRYABLE = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
"""The statuses after which OTLP/HTTP has a client try again."""

_LONGEST_WAIT_SECONDS = 60


class Exporter:
    """Posts OTLP JSON to ``url``, over the connection that its thread keeps."""

    def __init__(self, url: str, *, timeout_seconds: float) -> None:
        self._timeout_seconds = timeout_seconds
        self._post_json = JsonPost(url)

    def send(self, body: bytes) -> bool:
        """Return whether ``body`` was taken within the timeout, all tries together."""
        until = time.monotonic() + self._timeout_seconds
        pause, tries = 0.0, 0
        while (left := until - time.monotonic()) > pause:
            time.sleep(pause)
            status, asked_seconds = self._post(body, timeout_seconds=left - pause)
            if status is not None and status not in _RETRYABLE:
                if status >= HTTPStatus.BAD_REQUEST:
                    log.warning("telemetry was refused with status %d", status)
                return status < HTTPStatus.BAD_REQUEST
            # Those that were refused together do not come back together.
            tries += 1
            pause = max(asked_seconds, 2**tries * random.uniform(0.05, 0.15))  # noqa: S311 (spreads tries)
        return False

    def _post(self, body: bytes, *, timeout_seconds: float) -> tuple[int | None, int]:
        """Return the status, None where nobody answered, and the seconds of ``Retry-After``."""
        try:
            answer = self._post_json.send(body, seconds=timeout_seconds)
        except CALL_ERRORS:
            return None, 0
        asked = answer.headers.get("Retry-After", "")
        return answer.status, whole_number(asked, highest=_LONGEST_WAIT_SECONDS) or 0
