"""All that can be said about one request, computed once and ready for the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from evidence.case import case_of
from evidence.checklist import Entry, checklist
from evidence.diagnosis import Diagnosis, diagnose
from evidence.messages import FaultWindow, Message, messages
from evidence.perspective import Perspective, seen_from
from evidence.prompt import prompt
from evidence.proof import ProofJson
from evidence.trace import Trace
from evidence.truths import Moment, truths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telemetry.records import LogRecord, Span


class HiddenJson(TypedDict):
    """How many records the perspective hides."""

    spans: int
    logs: int


class SentenceJson(TypedDict):
    """One sentence of the diagnosis."""

    kind: str
    text: str
    proofs: list[ProofJson]


class DiagnosisJson(TypedDict):
    """The diagnosis."""

    headline: str
    sentences: list[SentenceJson]


class FoundJson(ProofJson):
    """A record that carries a field."""

    value: str


class MissingJson(TypedDict):
    """A service that does not tell a field."""

    service: str
    why: str


class EntryJson(TypedDict):
    """One field of the checklist."""

    field: str
    found: list[FoundJson]
    missing: list[MissingJson]


class BeliefJson(TypedDict):
    """What the API believes."""

    belief: str
    text: str


class FactJson(TypedDict):
    """What the worker has done."""

    fact: str
    text: str


class MomentJson(TypedDict):
    """Both sides from one moment on."""

    timeUnixNano: str
    api: BeliefJson
    worker: FactJson
    differ: bool
    proofs: list[ProofJson]


class TruthsJson(TypedDict):
    """Belief beside fact."""

    moments: list[MomentJson]


# `from` is a keyword, so this one can't be written as a class.
MessageJson = TypedDict(
    "MessageJson",
    {
        "id": str,
        "kind": str,
        "from": str,
        "to": str,
        "sentUnixNano": str,
        "receivedUnixNano": str | None,
        "outcome": str,
        "label": str,
        "errorKind": str | None,
        "spanId": str,
        "gaveUpUnixNano": str | None,
    },
)


class WindowJson(TypedDict):
    """A fault that was in force; ``toUnixNano`` is None while it is."""

    target: str
    kind: str
    fromUnixNano: str
    toUnixNano: str | None


class EvidenceJson(TypedDict):
    """The answer to ``GET /api/traces/{traceId}/evidence``."""

    traceId: str
    requestId: str | None
    orderId: str | None
    perspective: Perspective
    hidden: HiddenJson
    diagnosis: DiagnosisJson
    checklist: list[EntryJson]
    truths: TruthsJson
    messages: list[MessageJson]
    windows: list[WindowJson]
    prompt: str


def evidence_of(
    spans: Iterable[Span],
    logs: Iterable[LogRecord],
    *,
    trace_id: str,
    perspective: Perspective = "all",
    truncated: bool = False,
    windows: Iterable[FaultWindow] = (),
) -> EvidenceJson:
    """Say what these records prove, from one perspective.

    ``windows`` are faults known to have been in force; a side alone can't know of them, so they
    count under the perspective ``all`` only.
    """
    seen = seen_from(Trace(spans, logs), perspective=perspective)
    case = case_of(seen, truncated=truncated)
    diagnosis = diagnose(case)
    entries = checklist(seen)
    known = list(windows) if seen.everything else []
    told = messages(case.crossings, windows=known)
    return {
        "traceId": trace_id,
        "requestId": case.first_id("requestId", "request.id") or None,
        "orderId": case.first_id("orderId", "order.id") or None,
        "perspective": perspective,
        "hidden": {"spans": seen.hidden_spans, "logs": seen.hidden_logs},
        "diagnosis": _diagnosis(diagnosis),
        "checklist": [_entry(entry) for entry in entries],
        "truths": {"moments": [_moment(one) for one in truths(seen)]},
        "messages": [_message(one) for one in told],
        "windows": [_window(one) for one in known],
        "prompt": prompt(case, diagnosis=diagnosis, entries=entries),
    }


def _diagnosis(diagnosis: Diagnosis) -> DiagnosisJson:
    return {
        "headline": diagnosis.headline,
        "sentences": [
            {
                "kind": said.kind,
                "text": said.text,
                "proofs": [proof.json() for proof in said.proofs],
            }
            for said in diagnosis.sentences
        ],
    }


def _entry(entry: Entry) -> EntryJson:
    return {
        "field": entry.field,
        "found": [{**found.proof.json(), "value": found.value} for found in entry.found],
        "missing": [{"service": one.service, "why": one.why} for one in entry.missing],
    }


def _moment(one: Moment) -> MomentJson:
    return {
        "timeUnixNano": str(one.unix_nano),
        "api": {"belief": one.api.value, "text": one.api.text},
        "worker": {"fact": one.worker.value, "text": one.worker.text},
        "differ": one.differ,
        "proofs": [proof.json() for proof in one.proofs],
    }


def _message(one: Message) -> MessageJson:
    return {
        "id": one.id,
        "kind": one.kind,
        "from": one.sender,
        "to": one.receiver,
        "sentUnixNano": str(one.sent),
        "receivedUnixNano": _nanos(one.received),
        "outcome": one.outcome,
        "label": one.label,
        "errorKind": one.error_kind or None,
        "spanId": one.span_id,
        "gaveUpUnixNano": _nanos(one.gave_up),
    }


def _window(one: FaultWindow) -> WindowJson:
    return {
        "target": one.target,
        "kind": one.kind,
        "fromUnixNano": str(one.start_unix_nano),
        "toUnixNano": _nanos(one.end_unix_nano),
    }


def _nanos(value: int | None) -> str | None:
    return None if value is None else str(value)
