"""What the order API refuses, beside bad requests, each with its HTTP status."""

from __future__ import annotations

from service.errors import RefusedError

IDEMPOTENCY_KEY = "Idempotency-Key"


class KeyTakenError(Exception):
    """Another request has committed an order under this key first."""


class RefusedKeyError(RefusedError):
    """A well-formed key can't be served now; nothing has changed."""


class ReusedKeyError(RefusedKeyError):
    """The key stands for another order than the one in the request."""

    http_status = 422

    def __init__(self) -> None:
        super().__init__(f"this {IDEMPOTENCY_KEY} stands for another order", field=IDEMPOTENCY_KEY)


class InFlightError(RefusedKeyError):
    """The first request with this key is still in progress."""

    http_status = 409
    retry_after_seconds = 1

    def __init__(self) -> None:
        super().__init__(
            f"the first request with this {IDEMPOTENCY_KEY} is still in progress",
            field=IDEMPOTENCY_KEY,
        )
