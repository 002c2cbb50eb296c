"""``ttl_ms``, an extra that a toxic or a proxy update may carry: it heals by itself after it."""

from __future__ import annotations

from typing import Any

from base.faults.request import MAX_TTL_SECONDS, FaultRequestError, integer
from network.errors import BadRequestBody


def ttl_seconds(body: dict[str, Any]) -> float | None:
    """Return the time to live that a body requests, in seconds; None without one.

    :raises BadRequestBody: it is no whole number of milliseconds within a day.
    """
    value = body.get("ttl_ms")
    if value is None:
        return None
    try:
        return integer(value, field="ttl_ms", lowest=1, highest=MAX_TTL_SECONDS * 1_000) / 1_000
    except FaultRequestError as error:
        raise BadRequestBody(str(error)) from None
