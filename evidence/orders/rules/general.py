"""Any application's trace: how long, where it failed, and what the failures leave open."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from base.message import Message
from evidence.model.finding import Finding, Sentence, sentence
from evidence.model.trace import Record, duration_ms, service
from evidence.orders.rules.phrases import known, service_name
from telemetry.conventions.call_names import call_name

if TYPE_CHECKING:
    from evidence.orders.case import Case
    from telemetry.records import Span

_SEVERITY_ERROR = 17
_MOST_PROOFS = 5


def nothing(case: Case) -> Finding | None:
    """This perspective has no record at all."""
    if case.trace:
        return None
    if case.seen.everything:
        fact = sentence("fact", Message("nothing.no_record"))
        return Finding(Message("nothing.headline"), (fact,))
    side = {"service": service_name(case.seen.perspective)}
    return Finding(
        Message("nothing.side_headline"),
        (
            sentence("fact", Message("nothing.no_record_of_side", side)),
            sentence("unknown", Message("nothing.lost_or_not_sent", side)),
            sentence("settles", Message("nothing.settles")),
        ),
    )


def general(case: Case) -> Finding:
    """What holds for any trace; there is always something."""
    errors = _errors(case)
    sentences = [_extent(case)]
    if errors:
        sentences.append(_by_service(errors))
    sentences += _open_ends(case)
    headline = Message("general.no_error_headline")
    if errors:
        headline = Message("general.errors_headline", {"count": len(errors)})
    return Finding(headline, tuple(sentences))


def _extent(case: Case) -> Sentence:
    """How many services, and the longest span below the root."""
    count = len({service(record) for record in case.trace.records})
    timed = [span for span in case.trace.spans if duration_ms(span) is not None]
    inner = [span for span in timed if case.trace.parent(span) is not None]
    if not timed:
        services = Message("general.services", {"count": count})
        return sentence("fact", services, *case.trace.records[:_MOST_PROOFS])
    longest = max(inner or timed, key=lambda span: duration_ms(span) or 0)
    step = Message(
        "general.longest_step",
        {
            "count": count,
            "span": call_name(longest),
            "service": service(longest),
            "ms": known(duration_ms(longest)),
        },
    )
    return sentence("fact", step, longest)


def _errors(case: Case) -> list[Record]:
    """Spans that failed; where there is none, logs of errors."""
    spans: list[Record] = [span for span in case.trace.spans if span.status_code == "ERROR"]
    logs: list[Record] = [log for log in case.trace.logs if log.severity_number >= _SEVERITY_ERROR]
    return spans or logs


def _by_service(errors: list[Record]) -> Sentence:
    counted = Counter(service(record) for record in errors)
    listed = tuple(f"{name} {count}" for name, count in counted.most_common())
    message = Message("general.errors_by_service", {"listed": listed})
    return sentence("fact", message, *errors[:_MOST_PROOFS])


def _open_ends(case: Case) -> list[Sentence]:
    """Calls that failed without a trace on the other side."""
    lost = [crossing for crossing in case.crossings if crossing.failed and not crossing.arrivals]
    if not lost:
        return []
    last = lost[-1]
    call = {"span": _named(last.client or last.send), "receiver": last.receiver}
    if last.never_sent:
        return [sentence("certain", Message("general.never_sent", call), *last.outcome_records)]
    if last.answered:
        return [sentence("certain", Message("general.answered", call), *last.outcome_records)]
    return [sentence("unknown", Message("general.arrival_unknown", call), *last.outcome_records)]


def _named(span: Span | None) -> str:
    return call_name(span) if span is not None else "?"
