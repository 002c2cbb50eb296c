"""All that the records of one request prove, computed once and ready for the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from base.message import Message
from evidence.explanation import explain
from evidence.model.coded import code_json
from evidence.model.moment import moment_json
from evidence.model.perspective import Perspective, seen_from
from evidence.model.trace import Trace
from evidence.past import known_faults, known_logs, known_spans
from evidence.prompt import record_lines
from evidence.rendering import rendered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evidence.model.checklist import Entry
    from evidence.model.finding import Finding
    from evidence.model.sent import SentMessage
    from evidence.windows import FaultWindow
    from evidence.wire import (
        DiagnosisJson,
        EntryJson,
        EvidenceJson,
        MessageJson,
        WindowJson,
    )
    from telemetry.records import LogRecord, Span


def evidence_of(
    spans: Iterable[Span],
    logs: Iterable[LogRecord],
    *,
    trace_id: str,
    perspective: Perspective = "all",
    truncated: bool = False,
    windows: Iterable[FaultWindow] = (),
    at: int | None = None,
    elsewhere: Iterable[Span] = (),
) -> EvidenceJson:
    """Return what these records prove, from one perspective and in the language in force.

    ``windows`` are faults known to have been in force; a side alone can't know of them, so they
    count under the perspective ``all`` only. ``at``, in Unix nanoseconds, asks what could be known
    at that moment; which rules and perspectives there are, the records of the whole trace say.
    ``elsewhere`` are spans of other traces at the other end of links: a link has no name of a
    service, so they too count under ``all`` only.
    """
    whole = Trace(spans, logs, elsewhere)
    seen = seen_from(whole if at is None else _past(whole, at), perspective=perspective)
    known = list(windows) if seen.everything else []
    known = known if at is None else known_faults(known, at)
    found = explain(seen, whole, truncated=truncated, windows=known)
    # The texts are empty here, and made by `rendered` as those of a stored answer are.
    coded: EvidenceJson = {
        "traceId": trace_id,
        "requestId": seen.trace.first_text("requestId", "request.id") or None,
        "orderId": seen.trace.first_text("orderId", "order.id") or None,
        "of": found.of,
        "perspective": perspective,
        "atUnixNano": _nanos(at),
        "perspectives": list(found.perspectives),
        "hidden": {"spans": seen.hidden_spans, "logs": seen.hidden_logs},
        "diagnosis": _diagnosis(found.finding),
        "checklist": [_entry(entry) for entry in found.checklist],
        "truths": {
            "moments": [moment_json(one) for one in found.truths],
            "of": list(found.truths_of),
        },
        "lanes": list(found.lanes),
        "messages": [_message(one) for one in found.messages],
        "windows": [_window(one) for one in known],
        "records": record_lines(seen.trace),
        "prompt": "",
    }
    return cast("EvidenceJson", rendered(coded))


def _past(whole: Trace, at: int) -> Trace:
    return Trace(
        known_spans(whole.spans, at), known_logs(whole.logs, at), known_spans(whole.elsewhere, at)
    )


def _diagnosis(found: Finding) -> DiagnosisJson:
    return {
        "headline": "",
        **code_json(found.headline),
        "sentences": [
            {
                "kind": each.kind,
                "text": "",
                **code_json(each.message),
                "proofs": [proof.json() for proof in each.proofs],
            }
            for each in found.sentences
        ],
    }


def _entry(entry: Entry) -> EntryJson:
    return {
        "field": entry.field,
        "state": entry.state,
        "found": [{**found.proof.json(), "value": found.value} for found in entry.found],
        "missing": [
            {"service": one.service, "why": "", **code_json(one.why)} for one in entry.missing
        ],
    }


def _message(one: SentMessage) -> MessageJson:
    coded = one.label.as_json() if isinstance(one.label, Message) else None
    return {
        "id": one.id,
        "kind": one.kind,
        "from": one.sender,
        "to": one.receiver,
        "sentUnixNano": str(one.sent),
        "receivedUnixNano": _nanos(one.received),
        "outcome": one.outcome,
        "label": one.label if isinstance(one.label, str) else "",
        "code": coded["code"] if coded else None,
        "params": coded["params"] if coded else {},
        "errorKind": one.error_kind or None,
        "spanId": one.span_id,
        "gaveUpUnixNano": _nanos(one.gave_up),
    }


def _window(one: FaultWindow) -> WindowJson:
    return {
        "target": one.target,
        "kind": one.kind,
        "parameters": dict(one.parameters),
        "fromUnixNano": str(one.start_unix_nano),
        "toUnixNano": _nanos(one.end_unix_nano),
    }


def _nanos(value: int | None) -> str | None:
    return None if value is None else str(value)
