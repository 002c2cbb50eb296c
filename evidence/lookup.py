"""Asking a running lab for the evidence of an order, a request or a trace."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

_TRACE_ID = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
_TIMEOUT_SECONDS = 10
_MOST_BYTES = 32 * 1024 * 1024
_NOT_FOUND = 404
# A proxy of the environment has no business between two processes of the lab.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class UnknownRequestError(Exception):
    """The lab has no trace under this name."""


class LabUnreachableError(Exception):
    """No lab answers at this address, or not as one would."""


def find_evidence(
    name: str, *, observer_url: str, perspective: str, language: str = "en"
) -> dict[str, Any]:
    """Return the evidence of what ``name`` names: a trace id, an orderId or a requestId.

    Its sentences are in ``language``.

    :raises UnknownRequestError: the lab answers, and knows no such trace.
    :raises LabUnreachableError: nothing answers, or something that is not the lab.
    """
    trace_id = _trace_id(name, observer_url)
    query = urllib.parse.urlencode({"perspective": perspective})
    found = _get(f"{observer_url}/api/traces/{trace_id}/evidence?{query}", language=language)
    if found is None:
        raise UnknownRequestError(name)
    return found


def _trace_id(name: str, observer_url: str) -> str:
    """Find the newest trace that carries ``name``; what looks like a trace id may be an order's."""
    for field in ("orderId", "requestId"):
        query = urllib.parse.urlencode({field: name, "limit": 1})
        listed = _get(f"{observer_url}/api/traces?{query}") or {}
        for row in listed.get("traces") or []:
            return str(row["traceId"])
    if _TRACE_ID.fullmatch(name):
        return name.lower()
    raise UnknownRequestError(name)


def _get(url: str, *, language: str = "en") -> dict[str, Any] | None:
    """Read a JSON object; None when there is nothing under ``url``."""
    try:
        asked = urllib.request.Request(url, headers={"Accept-Language": language})
        with _OPENER.open(asked, timeout=_TIMEOUT_SECONDS) as response:
            data = json.loads(response.read(_MOST_BYTES))
    except urllib.error.HTTPError as error:
        with error:
            if error.code == _NOT_FOUND:
                return None
            raise LabUnreachableError(f"{url} answered HTTP {error.code}") from error
    except (OSError, ValueError) as error:
        raise LabUnreachableError(f"{url}: {error}") from error
    if not isinstance(data, dict):
        raise LabUnreachableError(f"{url} did not answer with a JSON object")
    return data
