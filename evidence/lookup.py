"""Asking a running lab for the evidence of an order, a request or a trace."""

from __future__ import annotations

import re
from typing import Any

from base.lab import Lab
from evidence.errors import UnknownRequestError

_TRACE_ID = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
_TIMEOUT_SECONDS = 10


def find_evidence(
    name: str, *, observer_url: str, perspective: str, language: str = "en"
) -> dict[str, Any]:
    """Return the evidence of what ``name`` names: a trace id, an orderId or a requestId.

    Its sentences are in ``language``.

    :raises UnknownRequestError: the lab answers, and knows no such trace.
    :raises LabError: nothing answers, or something that is not the lab.
    """
    lab = Lab({"observer_url": observer_url}, timeout_seconds=_TIMEOUT_SECONDS)
    trace_id = _trace_id(name, lab)
    found = lab.evidence(trace_id, perspective=perspective, language=language)
    if found is None:
        raise UnknownRequestError(name)
    return found


def _trace_id(name: str, lab: Lab) -> str:
    """Find the newest trace that carries ``name``; what looks like a trace id may be an order's."""
    for field in ("orderId", "requestId"):
        for row in lab.traces(**{field: name, "limit": "1"}):
            return str(row["traceId"])
    if _TRACE_ID.fullmatch(name):
        return name.lower()
    raise UnknownRequestError(name)
