"""``ttl_ms``, an extra that a toxic or a proxy update may carry: it heals by itself after it."""

from __future__ import annotations

from typing import Any, Final

from network.errors import BadRequestBody

MAX_TTL_MS: Final = 86_400_000


def ttl_seconds(body: dict[str, Any]) -> float | None:
    """Return the time to live that a body asks for, in seconds; None without one.

    Raises BadRequestBody.
    """
    value = body.get("ttl_ms")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_TTL_MS:
        raise BadRequestBody(f"ttl_ms must be a whole number from 1 to {MAX_TTL_MS}")
    return value / 1000
