"""What limits every sentence about a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from base.message import Message
from evidence.model.finding import Sentence, sentence
from evidence.model.trace import service
from telemetry.conventions.call_names import call_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from base.message import Parameter
    from evidence.calls.case import Case

_MOST_PROOFS = 5


def caveats(case: Case) -> Iterator[Sentence]:
    """Clocks and ids that are shared."""
    if case.trace.logs and not case.trace.spans and all(not log.flags for log in case.trace.logs):
        yield sentence("fact", Message("calls.logs_alone"), *case.trace.logs[:_MOST_PROOFS])
    worst = max(case.calls, key=lambda call: call.skew_ms, default=None)
    if worst is not None and worst.skew_ms:
        params: dict[str, Parameter] = {
            "sender": worst.caller,
            "receiver": worst.callee,
            "ms": worst.skew_ms,
        }
        yield sentence(
            *("unknown", Message("caveat.clocks", params)), *worst.caller_records, *worst.arrivals
        )
    for first, second, *_ in case.trace.shared[:1]:
        shared = {
            "id": first.span_id,
            "first": f"{service(first)} · {call_name(first)}",
            "second": f"{service(second)} · {call_name(second)}",
        }
        yield sentence("fact", Message("caveat.shared_span_id", shared), first, second)
