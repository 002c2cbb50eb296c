"""Which pages may send telemetry, and what their browsers are answered (CORS). Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_LOOPBACK = re.compile(r"https?://(?:(?:[a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?")
_HEADER_NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,1000}")


def may_send(headers: Mapping[str, str], allowed: Collection[str]) -> bool:
    """Whether the page behind a request may: one of this machine, or of an origin in ``allowed``.

    What no browser sends has no page behind it.
    """
    origin = headers.get("origin", "").lower()
    if not origin:
        return headers.get("sec-fetch-site", "").lower() not in {"cross-site", "same-site"}
    return origin in allowed or _LOOPBACK.fullmatch(origin) is not None


def answer_headers(origin: str) -> dict[str, str]:
    """Return what lets a page of ``origin``, which may send, read an answer."""
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Expose-Headers": "Retry-After",
    }


def is_preflight(method: str, headers: Mapping[str, str]) -> bool:
    """Whether a browser asks whether its page may send."""
    return method == "OPTIONS" and "access-control-request-method" in headers


def preflight_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what a preflight of a page that may send is answered.

    With credentials a wildcard allows no header: those that are asked for are named.
    """
    allowed = {"Access-Control-Allow-Methods": "POST", "Access-Control-Max-Age": "600"}
    wanted = headers.get("access-control-request-headers", "")
    if _HEADER_NAMES.fullmatch(wanted):
        allowed["Access-Control-Allow-Headers"] = wanted
    if headers.get("access-control-request-private-network") == "true":
        allowed["Access-Control-Allow-Private-Network"] = "true"
    return allowed
