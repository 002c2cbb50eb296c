"""The requests of a run, each with its evidence: diagnosis, waterfall, messages. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from systems.orders import ORDERS
from systems.system import CLIENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST_SPANS = 60
_MOST_MESSAGES = 60
_NANOS_PER_MS = 1e6
_SERVICES = (CLIENT, *ORDERS.service_names)
_SENTENCES = {
    "fact": _("What happened"),
    "certain": _("Certain"),
    "unknown": _("Cannot be known"),
    "settles": _("What settles it"),
}
_OUTCOMES = {
    "delivered": ("✓", _("delivered")),
    "lost": ("✕", _("lost")),
    "unknown": ("?", _("unknown")),
    "late": ("…", _("late")),
    "refused": ("⊘", _("refused")),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the diagnosis."""

    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SpanBar:
    """A span: its bar's place as shares of the whole, and its names."""

    service: str
    name: str
    tone: str
    left: str
    width: str
    took: str
    failed: bool
    error_kind: str


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message between two services; ``at`` is counted from the first span."""

    at: str
    sender: str
    receiver: str
    label: str
    outcome: str
    mark: str
    text: str
    error_kind: str


@dataclass(frozen=True, slots=True)
class Request:
    """One request with its evidence."""

    name: str
    trace_id: str
    headline: str
    sentences: list[Sentence]
    spans: list[SpanBar]
    messages: list[MessageRow]


def request(trace: Mapping[str, Any]) -> Request:
    """Lay out a trace, ``{spans, evidence}``; the evidence is in the language in force already."""
    evidence = trace["evidence"]
    spans = [each for each in trace["spans"] if each.get("startTimeUnixNano")][:_MOST_SPANS]
    spans.sort(key=_start)
    first = _start(spans[0]) if spans else 0
    messages = evidence["messages"][:_MOST_MESSAGES]
    return Request(
        name=str(evidence.get("orderId") or evidence.get("requestId") or evidence["traceId"])[:8],
        trace_id=evidence["traceId"],
        headline=evidence["diagnosis"]["headline"],
        sentences=[
            Sentence(each["kind"], str(_SENTENCES.get(each["kind"], each["kind"])), each["text"])
            for each in evidence["diagnosis"]["sentences"]
        ],
        spans=_bars(spans, first),
        messages=[_message(each, first) for each in messages],
    )


def _bars(spans: Sequence[Mapping[str, Any]], first: int) -> list[SpanBar]:
    whole = max(max(map(_end, spans), default=0) - first, 1)
    return [_bar(each, first, whole) for each in spans]


def _bar(span: Mapping[str, Any], first: int, whole: int) -> SpanBar:
    start, end = _start(span), _end(span)
    error_kind = span.get("errorKind") or ""
    service = str(span.get("service", ""))
    return SpanBar(
        service=service,
        name=span["name"],
        tone=service if service in _SERVICES else "other",
        left=f"{(start - first) / whole * 100:.2f}%",
        width=f"{(end - start) / whole * 100:.2f}%",
        took=_ms((end - start) / _NANOS_PER_MS),
        failed=bool(error_kind) or span.get("status", {}).get("code") == "ERROR",
        error_kind=error_kind,
    )


def _message(message: Mapping[str, Any], first: int) -> MessageRow:
    outcome = message["outcome"]
    mark, text = _OUTCOMES.get(outcome, ("", outcome))
    return MessageRow(
        at=_ms((int(message["sentUnixNano"]) - first) / _NANOS_PER_MS),
        sender=message["from"],
        receiver=message["to"],
        label=message["label"],
        outcome=outcome,
        mark=mark,
        text=str(text),
        error_kind=(message.get("errorKind") or "") if outcome != "delivered" else "",
    )


def _start(span: Mapping[str, Any]) -> int:
    return int(span["startTimeUnixNano"])


def _end(span: Mapping[str, Any]) -> int:
    return int(span.get("endTimeUnixNano") or span["startTimeUnixNano"])


def _ms(value: float) -> str:
    if abs(value) >= 1_000:
        return f"{value / 1_000:.2f} s"
    return f"{value:.1f} ms" if abs(value) < 10 else f"{value:.0f} ms"
