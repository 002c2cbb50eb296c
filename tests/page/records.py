"""Records of others than the lab, sent for the tests that look at what it shows of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.processes import LabProcesses

TRACES = iter(range(1, 1_000))


def send(lab: LabProcesses, message: str, *, ago: float = 0, span: str = "", level: int = 9) -> str:
    """Send a log record of another service, and with ``span`` one of that name to its trace."""
    at_ns = time.time_ns() - round(ago * 1e9)
    trace_id = f"{at_ns:024x}{next(TRACES):08x}"
    attributes = [{"key": "service.name", "value": {"stringValue": "elsewhere"}}]
    record = {
        "timeUnixNano": str(at_ns),
        "severityNumber": level,
        "body": {"stringValue": message},
        "traceId": trace_id,
    }

    def post(path: str, kind: str, of_scope: dict[str, Any]) -> None:
        body = {kind: [{"resource": {"attributes": attributes}, **of_scope}]}
        lab.session.post(f"{lab.observer_url}{path}", json=body, timeout=10).raise_for_status()

    if span:
        times = {"startTimeUnixNano": str(at_ns), "endTimeUnixNano": str(at_ns + 1_000)}
        made = {"traceId": trace_id, "spanId": "1" * 16, "name": span, "kind": 2, **times}
        post("/v1/traces", "resourceSpans", {"scopeSpans": [{"spans": [made]}]})
    post("/v1/logs", "resourceLogs", {"scopeLogs": [{"logRecords": [record]}]})
    return trace_id
